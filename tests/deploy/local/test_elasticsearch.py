import json
from pathlib import Path

from deploy.local.elasticsearch import lay_out, settings


def test_the_node_listens_on_loopback_only() -> None:
    assert settings(Path("home"), 19200, 19300)["network.host"] == "127.0.0.1"


def test_a_home_is_laid_out_anew_and_its_data_left_alone(tmp_path: Path) -> None:
    jar = tmp_path / "transport-netty4-9.2.2.jar"
    jar.write_bytes(b"jar")
    home = tmp_path / "home of a person"
    for _ in range(2):
        lay_out(home, settings(home, 19200, 19300), [jar], jar)
        (home / "data" / "node.lock").touch()
    assert (home / "data" / "node.lock").exists()
    assert json.loads((home / "config" / "elasticsearch.yml").read_text())["path.data"] == str(home / "data")
    assert (home / "modules" / "transport-netty4" / jar.name).read_bytes() == b"jar"
    descriptor = (home / "plugins" / "dateline-analyzers" / "plugin-descriptor.properties").read_text()
    assert "classname=Analyzers\n" in descriptor
