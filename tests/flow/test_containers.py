"""What an engine is asked for, told by a fake one: no Docker engine is needed here."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from testcontainers.core.config import testcontainers_config

from tests.flow.containers import (
    ContainerServer,
    docker_answers,
    elasticsearch_recipe,
    kafka_recipe,
    start_container,
)

ID = "a" * 64


@dataclass
class Engine:
    """A Docker engine that does as it is told, in its own books only."""

    asked: list[str] = field(default_factory=list)
    created: dict[str, Any] = field(default_factory=dict)
    status: str = "created"

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Answer one request as an engine does, and note it."""
        path = path.split("?")[0]
        if path.startswith("/v1."):
            path = "/" + path.split("/", 2)[2]
        self.asked.append(f"{method} {path}")
        if path == "/_ping":
            return 200, "OK"
        if path == "/version":
            return 200, {"ApiVersion": "1.44", "Version": "26.0", "Os": "linux", "Arch": "amd64"}
        if path.startswith("/images/"):
            return 200, {"Id": f"sha256:{ID}", "RepoTags": []}
        if path == "/containers/create":
            self.created = body
            return 201, {"Id": ID, "Warnings": []}
        if path == f"/containers/{ID}/json":
            return 200, {"Id": ID, "State": {"Status": self.status}, "Config": {}, "Name": "/x", "NetworkSettings": {}}
        verb = path.rpartition("/")[2]
        becomes = {"start": "running", "kill": "exited", "stop": "exited", "pause": "paused", "unpause": "running"}
        if method == "POST" and verb in becomes:
            self.status = becomes[verb]
            return 204, None
        if method == "DELETE":
            self.status = "removed"
            return 204, None
        return 404, {"message": f"no such thing: {path}"}


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    engine = Engine()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, said = engine.answer(self.command, self.path, body)
            payload = b"" if said is None else said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(payload)

        do_GET = do_POST = do_DELETE = do_HEAD = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{server.server_port}")
    for name in ("DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"):
        monkeypatch.delenv(name, raising=False)
    # The reaper is a container too, and the fake has no place for a second one.
    monkeypatch.setattr(testcontainers_config, "ryuk_disabled", True)
    yield engine
    server.shutdown()
    server.server_close()


def test_an_engine_that_answers_is_seen(engine: Engine) -> None:
    assert docker_answers()


def test_no_engine_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
    assert not docker_answers()


def test_the_engine_is_asked_for_the_exact_image_with_its_port_bound(engine: Engine) -> None:
    recipe = elasticsearch_recipe(21200)
    server = start_container("elasticsearch", "http://127.0.0.1:21200", recipe, lambda: True)
    assert engine.created["Image"] == "docker.elastic.co/elasticsearch/elasticsearch:9.2.2"
    assert engine.created["HostConfig"]["PortBindings"] == {"9200/tcp": [{"HostIp": "", "HostPort": "21200"}]}
    assert "xpack.security.enabled=false" in engine.created["Env"]
    assert "action.auto_create_index=false" in engine.created["Env"]
    server.remove()
    assert engine.status == "removed"


def test_a_container_is_crashed_frozen_and_started_again_in_place(engine: Engine) -> None:
    server = start_container("kafka", "127.0.0.1:21092", kafka_recipe("127.0.0.1", 21092), lambda: True)
    acts = [
        (ContainerServer.kill, "exited"),
        (ContainerServer.start, "running"),
        (ContainerServer.pause, "paused"),
        (ContainerServer.resume, "running"),
        (ContainerServer.stop, "exited"),
        (ContainerServer.mend, "running"),
        (ContainerServer.pause, "paused"),
        (ContainerServer.mend, "running"),
    ]
    for act, becomes in acts:
        act(server)
        assert engine.status == becomes
        assert server.running is (becomes == "running")
    assert engine.asked.count("POST /containers/create") == 1


def test_a_container_that_does_not_come_up_is_removed(engine: Engine) -> None:
    def broken() -> bool:
        raise OSError("cannot be asked")

    with pytest.raises(OSError, match="cannot be asked"):
        start_container("kafka", "127.0.0.1:21092", kafka_recipe("127.0.0.1", 21092), broken)
    assert engine.status == "removed"


def test_the_broker_is_told_the_address_that_its_clients_use() -> None:
    recipe = kafka_recipe("engine.example", 21092)
    assert recipe.image == "apache/kafka:4.1.0"
    assert recipe.environment["KAFKA_ADVERTISED_LISTENERS"] == "PLAINTEXT://engine.example:21092"
    assert recipe.environment["KAFKA_LISTENERS"] == "PLAINTEXT://:9092,CONTROLLER://:9093"
    assert recipe.environment["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert "KAFKA_LOG_DIRS" not in recipe.environment
