"""Kafka and Elasticsearch for the flow tests, in one of three ways, with hands for the faults where we own them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from deploy.local.elasticsearch import start_elasticsearch
from deploy.local.kafka import start_kafka
from deploy.local.process import free_port
from tests.flow.choice import Choice, Way
from tests.flow.containers import start_elasticsearch_container, start_kafka_container


class Control(Protocol):
    """Hands on one server, wherever it runs."""

    name: str
    address: str

    @property
    def running(self) -> bool:
        """Say whether it has not ended."""
        ...

    def stop(self) -> None:
        """End it in order."""

    def kill(self) -> None:
        """Crash it: kill -9."""

    def pause(self) -> None:
        """Freeze it."""

    def resume(self) -> None:
        """Let it go on."""

    def start(self) -> None:
        """Start it again on the same address and data, and wait until it is ready."""

    def mend(self) -> None:
        """Have it run and answer again, whatever a test did to it."""


@dataclass(frozen=True)
class Servers:
    """Where both servers are; the controls are None for servers that are not ours to crash."""

    kafka: str
    elasticsearch: str
    kafka_control: Control | None = None
    elasticsearch_control: Control | None = None

    def mend(self) -> None:
        """Give the next test whole servers."""
        for control in (self.kafka_control, self.elasticsearch_control):
            if control is not None:
                control.mend()


@contextmanager
def servers_for(choice: Choice, data: Path, cache: Path, say: Callable[[str], None]) -> Iterator[Servers]:
    """Have both servers for the length of a test run, and leave nothing running."""
    if choice.way is Way.GIVEN:
        yield Servers(choice.kafka, choice.elasticsearch)
    elif choice.way is Way.CONTAINERS:
        with in_containers() as servers:
            yield servers
    else:
        with from_jars(data, cache, say) as servers:
            yield servers


@contextmanager
def in_containers() -> Iterator[Servers]:
    """Start both in containers, and remove them afterwards."""
    kafka = start_kafka_container()
    try:
        elasticsearch = start_elasticsearch_container()
        try:
            yield Servers(kafka.address, elasticsearch.address, kafka, elasticsearch)
        finally:
            elasticsearch.remove()
    finally:
        kafka.remove()


@contextmanager
def from_jars(data: Path, cache: Path, say: Callable[[str], None]) -> Iterator[Servers]:
    """Start both as child processes on ports that are free, and stop them afterwards."""
    kafka = start_kafka(data, free_port(), cache, say=say)
    try:
        elasticsearch = start_elasticsearch(data, free_port(), cache, say=say)
        try:
            yield Servers(kafka.address, elasticsearch.address, kafka, elasticsearch)
        finally:
            elasticsearch.stop()
    finally:
        kafka.stop()
