"""Elasticsearch as one local process, put together from its published jars, on loopback, its data in a folder.

The distribution's own launcher and analysis module are not published: java/Launch.java and java/Analyzers.java
stand in for them.
"""

import http.client
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.jars import fetch_jars
from deploy.local.java import JAVA, class_path, compiled, log4j
from deploy.local.process import Child, NotReady, free_port, require_free
from deploy.local.server import Server

VERSION = "9.2.2"
SOURCES = Path(__file__).with_name("java")
READY_WITHIN = 180  # seconds; 10 s on two busy cores, but a set-up machine may be far busier
# C1 alone: 5.7 s of CPU until it is ready instead of 10.1, and 30 MB less, for a node that searches little.
JVM = (
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "--enable-native-access=ALL-UNNAMED",
    "-Djava.awt.headless=true",
    "-Dlog4j2.disable.jmx=true",
)
LOG4J = log4j(
    # The native libraries are not published either: Lucene's own code does their work, and says so at length.
    native=("org.elasticsearch.nativeaccess", "off"),
    node=("org.elasticsearch.node", "info"),
)


def start_elasticsearch(
    data: Path,
    port: int,
    cache: Path,
    transport_port: int | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Server:
    """Start a node on its data, new or found again, and wait until it can be searched.

    Raises PortTaken, NotReady, JarUnavailable, JarChanged or NotCompiled.
    """
    jars = fetch_jars("elasticsearch", cache, say)
    module = [jar for jar in jars if jar.name.startswith(("transport-netty4-", "netty-"))]
    core = [jar for jar in jars if jar not in module]
    launcher = compiled(SOURCES / "Launch.java", core, cache)
    analyzers = compiled(SOURCES / "Analyzers.java", core, cache)
    home = data / "elasticsearch"

    def launch() -> Child:
        transport = transport_port or free_port()
        require_free(port, "DATELINE_ELASTICSEARCH_PORT")
        require_free(transport, "DATELINE_ELASTICSEARCH_TRANSPORT_PORT")
        lay_out(home, settings(home, port, transport), module, analyzers)
        return start_node(data / "logs" / "elasticsearch.log", home, port, [launcher, *core])

    return Server("elasticsearch", f"http://127.0.0.1:{port}", launch(), launch)


def start_node(log: Path, home: Path, port: int, jars: list[Path]) -> Child:
    """Run a node from its home until its shards can be searched."""
    child = Child("elasticsearch", [JAVA, *JVM, "-cp", class_path(jars), "Launch", home], log, folder=home)
    try:
        child.wait_until(lambda: is_searchable(f"http://127.0.0.1:{port}"), READY_WITHIN)
    except NotReady:
        child.kill()
        raise
    return child


def lay_out(home: Path, chosen: dict[str, object], module: Iterable[Path], analyzers: Path) -> None:
    """Make the folders that a node expects, anew at each start; only its data is left as it is."""
    for name in ("config", "modules", "plugins"):
        shutil.rmtree(home / name, ignore_errors=True)
    for name in ("config", "data", "logs", "snapshots"):
        (home / name).mkdir(parents=True, exist_ok=True)
    # JSON is YAML, and json.dumps quotes whatever a path may hold.
    (home / "config" / "elasticsearch.yml").write_text(json.dumps(chosen))
    (home / "config" / "log4j2.properties").write_text(LOG4J)
    bundle(
        home / "modules" / "transport-netty4",
        "org.elasticsearch.transport.netty4.Netty4Plugin",
        "HTTP transport",
        module,
    )
    bundle(home / "plugins" / "dateline-analyzers", "Analyzers", "language analyzers", [analyzers])


def bundle(folder: Path, class_name: str, description: str, jars: Iterable[Path]) -> None:
    """Put a plugin's jars beside the descriptor that names its class."""
    folder.mkdir(parents=True)
    for jar in jars:
        shutil.copyfile(jar, folder / jar.name)
    descriptor = {
        "name": folder.name,
        "description": description,
        "version": VERSION,
        "elasticsearch.version": VERSION,
        "java.version": "21",
        "classname": class_name,
        "has.native.controller": "false",
    }
    (folder / "plugin-descriptor.properties").write_text(
        "".join(f"{key}={value}\n" for key, value in descriptor.items())
    )


def settings(home: Path, port: int, transport_port: int) -> dict[str, object]:
    """Give the node's settings: alone, loopback only, no index that the code did not declare."""
    return {
        "cluster.name": "dateline",
        "node.name": "local",
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": transport_port,
        "path.data": str(home / "data"),
        "path.logs": str(home / "logs"),
        "path.repo": [str(home / "snapshots")],
        "action.auto_create_index": False,
        # Shares of a disk say little about a small index on a large, nearly full one: 5 % of 2 TB is 100 GB.
        "cluster.routing.allocation.disk.watermark.low": "1gb",
        "cluster.routing.allocation.disk.watermark.high": "700mb",
        "cluster.routing.allocation.disk.watermark.flood_stage": "400mb",
    }


def is_searchable(url: str) -> bool:
    """Say whether a node answers at this address and every index has its shards up again."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    try:
        connection.request("GET", "/_cluster/health?wait_for_status=yellow&timeout=2s")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
