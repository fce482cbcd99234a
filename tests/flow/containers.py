"""Kafka and Elasticsearch as containers of the official images, held like the local ones.

Not run where no Docker engine answers: there the requests to an engine are tested against a fake one.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import docker  # type: ignore[import-untyped]
from docker.errors import DockerException  # type: ignore[import-untyped]
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient

from deploy.local import elasticsearch, kafka
from deploy.local.process import NotReady, free_port

KAFKA_IMAGE = "apache/kafka:4.1.0"
ELASTICSEARCH_IMAGE = "docker.elastic.co/elasticsearch/elasticsearch:9.2.2"
READY_WITHIN = 180  # seconds, an image's pull not included

# Where the image has its own folders and ports, or means what only a local process needs.
_LOCAL_ONLY_KAFKA = frozenset({"log.dirs", "listeners", "advertised.listeners", "controller.quorum.voters"})
_LOCAL_ONLY_ELASTICSEARCH = frozenset(
    {"http.port", "transport.port", "network.host", "path.data", "path.logs", "path.repo"}
)


@dataclass(frozen=True)
class Recipe:
    """What to ask an engine for: an image, its environment, and which of its ports is which of ours."""

    image: str
    inside: int
    outside: int
    environment: Mapping[str, str] = field(default_factory=dict)


def docker_answers() -> bool:
    """Say whether a Docker engine is there."""
    try:
        client = docker.from_env(timeout=3)
        try:
            return bool(client.ping())
        finally:
            client.close()
    except (DockerException, OSError):
        return False


def kafka_recipe(host: str, port: int) -> Recipe:
    """Ask for a broker with the local one's settings; it must be told the address that its clients will use."""
    settings = dict(line.split("=", 1) for line in kafka.properties(Path(), port, 9093).splitlines())
    settings = {name: value for name, value in settings.items() if name not in _LOCAL_ONLY_KAFKA}
    settings |= {
        "listeners": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "advertised.listeners": f"PLAINTEXT://{host}:{port}",
        "controller.quorum.voters": "1@localhost:9093",
    }
    # The image reads server.properties from variables: KAFKA_LOG_DIRS is log.dirs.
    environment = {f"KAFKA_{name.replace('.', '_').upper()}": value for name, value in settings.items()}
    return Recipe(KAFKA_IMAGE, 9092, port, environment)


def elasticsearch_recipe(port: int) -> Recipe:
    """Ask for a node with the local one's settings, without the passwords that a network would need."""
    settings = elasticsearch.settings(Path(), port, port)
    environment = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in settings.items()
        if name not in _LOCAL_ONLY_ELASTICSEARCH
    }
    environment |= {"xpack.security.enabled": "false", "ES_JAVA_OPTS": "-Xms512m -Xmx512m"}
    return Recipe(ELASTICSEARCH_IMAGE, 9200, port, environment)


@dataclass
class ContainerServer:
    """A container with the hands of deploy.local.server.Server; its port outlasts a stop, and so does its data."""

    name: str
    address: str
    container: DockerContainer
    ready: Callable[[], bool]

    @property
    def running(self) -> bool:
        """Say whether the container runs and is not frozen."""
        return self.status() == "running"

    def status(self) -> str:
        """Give the engine's own word for it."""
        wrapped = self.container.get_wrapped_container()
        wrapped.reload()
        return str(wrapped.status)

    def stop(self) -> None:
        """End it in order."""
        self.container.get_wrapped_container().stop(timeout=15)

    def kill(self) -> None:
        """Crash it: kill -9."""
        self.container.get_wrapped_container().kill()

    def pause(self) -> None:
        """Freeze it."""
        self.container.get_wrapped_container().pause()

    def resume(self) -> None:
        """Let it go on."""
        self.container.get_wrapped_container().unpause()

    def start(self) -> None:
        """Start it again after `stop` or `kill`, and wait until it is ready."""
        self.container.get_wrapped_container().start()
        self.wait()

    def mend(self) -> None:
        """Have it run and answer again, whatever a test did to it."""
        status = self.status()
        if status == "paused":
            self.resume()
        elif status != "running":
            self.start()

    def wait(self) -> None:
        """Wait until it is ready; raises NotReady with its last words."""
        deadline = time.monotonic() + READY_WITHIN
        while not self.ready():
            if time.monotonic() > deadline:
                said = self.container.get_wrapped_container().logs(tail=15).decode(errors="replace")
                raise NotReady(f"{self.name} was not ready in its container after {READY_WITHIN} s:\n{said}")
            time.sleep(0.2)

    def remove(self) -> None:
        """Remove the container with its data."""
        self.container.stop()


def start_kafka_container() -> ContainerServer:
    """Start a broker in a container and wait until it answers."""
    host, port = DockerClient().host(), free_port()
    address = f"{host}:{port}"
    return start_container("kafka", address, kafka_recipe(host, port), lambda: kafka.serves(address))


def start_elasticsearch_container() -> ContainerServer:
    """Start a node in a container and wait until it can be searched."""
    port = free_port()
    address = f"http://{DockerClient().host()}:{port}"
    recipe = elasticsearch_recipe(port)
    return start_container("elasticsearch", address, recipe, lambda: elasticsearch.is_searchable(address))


def start_container(name: str, address: str, recipe: Recipe, ready: Callable[[], bool]) -> ContainerServer:
    """Ask an engine for what the recipe says, and wait."""
    container = DockerContainer(recipe.image, env=dict(recipe.environment)).with_bind_ports(
        recipe.inside, recipe.outside
    )
    server = ContainerServer(name, address, container, ready)
    try:
        container.start()
        server.wait()
    except BaseException:
        server.remove()
        raise
    return server
