"""What every flow test stands on: real servers, a namespace of its own, and real service processes."""

import os
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Protocol

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.local.process import Child, free_port
from deploy.local.settings import LocalSettings
from deploy.topics import create_topics
from services.search.index import Index, connect
from services.search.settings import SearchSettings
from tests.flow.choice import choose
from tests.flow.containers import docker_answers
from tests.flow.servers import Servers, servers_for

ROOT = Path(__file__).parents[2]
LONGEST = 900  # seconds for one flow test that does not say itself


class RunService(Protocol):
    """Start a service as a process: `run_service("services.search", "index", env={…})`."""

    def __call__(self, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> Child: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count a flow test's own time only: the first one's fixtures may fetch jars or images over a slow line."""
    for item in items:
        if item.get_closest_marker("flow"):
            own = item.get_closest_marker("timeout")
            item.add_marker(pytest.mark.timeout(own.args[0] if own else LONGEST, func_only=True))


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Both servers, for the whole run; a test that stops one starts it again."""
    say = teller(request.config)
    choice = choose(os.environ, docker_answers)
    say(str(choice))
    with servers_for(choice, tmp_path_factory.mktemp("servers"), LocalSettings().cache_folder, say) as servers:
        yield servers


def teller(config: pytest.Config) -> Callable[[str], None]:
    """Give a way to say a line while it happens, past pytest's capturing."""
    capture = config.pluginmanager.getplugin("capturemanager")

    def say(line: str) -> None:
        with capture.global_and_fixture_disabled() if capture else nullcontext():
            config.get_terminal_writer().line(f"  {line}")

    return say


@pytest.fixture
def namespace(servers: Servers) -> Iterator[str]:
    """A namespace of the test's own, with topics and index made; all that is in it is removed afterwards."""
    name = f"t{secrets.token_hex(4)}."
    create_topics(servers.kafka, name)
    settings = SearchSettings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, namespace=name)
    with connect(settings) as client:
        Index(client, settings).ensure()
    yield name
    servers.mend()
    # What cannot be removed stays; another namespace is not troubled by it.
    with suppress(KafkaError):
        remove_topics(servers.kafka, name)
    with Elasticsearch(servers.elasticsearch) as client:
        for index in client.indices.get(index=f"{name}*", ignore_unavailable=True):
            client.indices.delete(index=index)


def remove_topics(kafka: str, namespace: str) -> None:
    """Delete every topic of a namespace, those that enrich made for itself included."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        theirs = [topic for topic in admin.list_topics() if topic.startswith(namespace)]
        if theirs:
            admin.delete_topics(theirs)
    finally:
        admin.close()


@pytest.fixture
def run_service(servers: Servers, namespace: str, tmp_path: Path) -> Iterator[RunService]:
    """Start services in the test's namespace; those still running at its end are killed.

    Each is a `Child`: `stop()`, `kill()` (kill -9), `pause()`, `resume()`, `running`, `exit_code`, `output()`, `log`.
    Their data is in the test's folder, shared by all of one kind, so that a service started again finds its own.
    """
    started: list[Child] = []

    def run(module: str, *arguments: str, env: Mapping[str, str] | None = None) -> Child:
        name = "-".join([module.removeprefix("services."), *arguments[:1]])
        child = Child(
            name,
            [sys.executable, "-m", module, *arguments],
            tmp_path / "logs" / f"{name}-{len(started)}.log",
            {**os.environ, **environment_for(servers, namespace, tmp_path), **(env or {})},
            ROOT,
        )
        started.append(child)
        return child

    yield run
    for child in started:
        child.kill()


def environment_for(servers: Servers, namespace: str, folder: Path) -> dict[str, str]:
    """Tell a service where its servers and its data are, and keep it off every port that it need not have."""
    return {
        "DATELINE_KAFKA": servers.kafka,
        "DATELINE_ELASTICSEARCH": servers.elasticsearch,
        "DATELINE_NAMESPACE": namespace,
        "DATELINE_DATA": str(folder / "data"),
        "DATELINE_ENRICH_WEB_PORT": "0",
        "DATELINE_METRICS_PORT": "0",
        "DATELINE_PUSH_PORT": "0",
        "DATELINE_API_PORT": str(free_port()),
        "OMP_NUM_THREADS": "1",
        "PYTHONUNBUFFERED": "1",
    }
