import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local import jars
from deploy.local.jars import LOCK, TRIES, Jar, JarChanged, JarUnavailable, fetch_jars, locked

WHOLE = b"the bytes that were locked"
SHA256 = hashlib.sha256(WHOLE).hexdigest()
JAR = Jar("org.example.news", "wire", "1.2", SHA256)


class Registry:
    """A registry that answers each request with the next of its answers; an error is raised."""

    def __init__(self, *answers: bytes | Exception) -> None:
        self.answers = list(answers)
        self.asked = 0

    def artifact_of(self, jar: Jar, staging: Path) -> "Registry":
        self.coming = staging / jar.name
        return self

    def resolve(self) -> Path:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        if isinstance(answer, Exception):
            raise answer
        self.coming.write_bytes(answer)
        return self.coming


Serve = Callable[..., Registry]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Serve:
    lock = tmp_path / "jars.lock"
    lock.write_text(f"# comment\nserver org.example.news:wire:1.2 {SHA256}\n")
    monkeypatch.setattr(jars, "LOCK", lock)
    monkeypatch.setattr("deploy.local.jars.time.sleep", lambda seconds: None)

    def serve(*answers: bytes | Exception) -> Registry:
        registry = Registry(*answers)
        monkeypatch.setattr(jars, "artifact_of", registry.artifact_of)
        return registry

    return serve


def test_a_jar_is_fetched_once(serve: Serve, tmp_path: Path) -> None:
    registry = serve(WHOLE)
    for _ in range(2):
        (path,) = fetch_jars("server", tmp_path / "cache")
    assert path.read_bytes() == WHOLE
    assert registry.asked == 1


def test_a_jar_that_was_cut_off_in_the_cache_is_fetched_again(serve: Serve, tmp_path: Path) -> None:
    registry = serve(WHOLE)
    (path,) = fetch_jars("server", tmp_path / "cache")
    path.write_bytes(WHOLE[:7])
    fetch_jars("server", tmp_path / "cache")
    assert path.read_bytes() == WHOLE
    assert registry.asked == 2


def test_a_download_that_breaks_off_is_tried_again(serve: Serve, tmp_path: Path) -> None:
    serve(ConnectionError("reset"), WHOLE[:9], WHOLE)
    (path,) = fetch_jars("server", tmp_path / "cache")
    assert path.read_bytes() == WHOLE


def test_a_registry_that_does_not_answer_is_told_with_what_to_do(serve: Serve, tmp_path: Path) -> None:
    registry = serve(ConnectionError("refused"))
    with pytest.raises(JarUnavailable, match=r"wire-1\.2\.jar could not be fetched .* run the same command again"):
        fetch_jars("server", tmp_path / "cache")
    assert registry.asked == TRIES


def test_a_jar_with_other_bytes_is_never_put_in_place(serve: Serve, tmp_path: Path) -> None:
    serve(b"something else")
    with pytest.raises(JarChanged, match=r"another SHA-256 than deploy/local/jars\.lock"):
        fetch_jars("server", tmp_path / "cache")
    assert list((tmp_path / "cache").rglob("*.jar")) == []


def test_what_a_killed_download_left_behind_is_cleared(serve: Serve, tmp_path: Path) -> None:
    serve(WHOLE)
    left = tmp_path / "cache" / "jars" / ".coming-left"
    left.mkdir(parents=True)
    fetch_jars("server", tmp_path / "cache")
    assert not left.exists()


def test_how_far_it_is_is_said(serve: Serve, tmp_path: Path) -> None:
    serve(WHOLE)
    said: list[str] = []
    fetch_jars("server", tmp_path / "cache", said.append)
    assert said == ["server: 1 of 1 jars fetched, 0 s"]


def test_the_committed_list_has_each_servers_own_parts_at_one_version() -> None:
    listed = locked(LOCK.read_text())
    assert set(listed) == {"kafka", "elasticsearch", "ecj"}
    assert {jar.version for jar in listed["kafka"] if jar.group == "org.apache.kafka"} == {"4.1.0"}
    assert {jar.version for jar in listed["elasticsearch"] if jar.group.startswith("org.elasticsearch")} == {"9.2.2"}
    assert all(len(jar.sha256) == 64 for some in listed.values() for jar in some)
