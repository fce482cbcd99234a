"""What is published to a real broker that does not have its topic."""

from itertools import count
from pathlib import Path

import pytest
from kafka import KafkaProducer

from schemas import wire
from schemas.topics import ARTICLES
from services.publish import NeverTaken, Publisher
from services.settings import Settings
from tests.flow.servers import Servers

EXAMPLE = next((Path(wire.__file__).parent / "examples" / ARTICLES.name).glob("*.json"))

pytestmark = pytest.mark.flow


def impatient(settings: Settings) -> KafkaProducer:
    return KafkaProducer(bootstrap_servers=settings.kafka, max_block_ms=500)


def test_a_topic_that_kafka_does_not_have_is_named_and_one_that_it_has_is_published_to(
    servers: Servers, namespace: str
) -> None:
    article = wire.decode(ARTICLES, EXAMPLE.read_bytes())
    here = Settings(kafka=servers.kafka, namespace=namespace)
    elsewhere = Settings(kafka=servers.kafka, namespace=f"{namespace}never-made.")
    # Half a minute passes between any two looks at the clock.
    hasty = count(0, 30)
    publisher = Publisher(elsewhere, connect=impatient, clock=lambda: float(next(hasty)))
    with pytest.raises(NeverTaken, match=r"has no topic .*never-made\.articles\.v1"):
        publisher.publish(ARTICLES, article)
    publisher = Publisher(here, connect=impatient)
    publisher.publish(ARTICLES, article)
    publisher.close()
