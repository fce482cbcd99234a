"""Which servers the flow tests use: those we are given, a Docker engine's, or our own from jars."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum


class HalfGiven(ValueError):
    """One server's address is given and the other's is not."""


class Way(Enum):
    """The three ways to have servers."""

    GIVEN = "given by DATELINE_KAFKA and DATELINE_ELASTICSEARCH"
    CONTAINERS = "in containers, since a Docker engine answers"
    LOCAL = "on this machine from jars, since no Docker engine answers"


@dataclass(frozen=True)
class Choice:
    """The way chosen, and the addresses if they are given."""

    way: Way
    kafka: str = ""
    elasticsearch: str = ""

    def __str__(self) -> str:
        """Say it in the test run's heading."""
        given = f": {self.kafka}, {self.elasticsearch}" if self.way is Way.GIVEN else ""
        return f"Kafka and Elasticsearch are {self.way.value}{given}"


def choose(environ: Mapping[str, str], docker_answers: Callable[[], bool]) -> Choice:
    """Take given servers before containers before local ones; an engine is only asked when none are given.

    Raises HalfGiven.
    """
    kafka, elasticsearch = environ.get("DATELINE_KAFKA", ""), environ.get("DATELINE_ELASTICSEARCH", "")
    if bool(kafka) != bool(elasticsearch):
        raise HalfGiven("give both DATELINE_KAFKA and DATELINE_ELASTICSEARCH, or neither")
    if kafka:
        return Choice(Way.GIVEN, kafka, elasticsearch)
    return Choice(Way.CONTAINERS if docker_answers() else Way.LOCAL)
