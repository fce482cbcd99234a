"""See that Kafka and the topics that enrich reads and writes are there before it starts."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from schemas.topics import ANNOTATED, ARTICLES, DEAD_LETTERS, ENRICHED
from services.enrich.settings import EnrichSettings


class NoRiver(RuntimeError):
    """Kafka or its topics did not appear in time."""


def wait_for_topics(
    settings: EnrichSettings,
    topics_of: Callable[[str], set[str]] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Return once all the topics are there; raises NoRiver, with what is missing, after `enrich_start_seconds`."""
    needed = {topic.named(settings.namespace) for topic in (ARTICLES, ANNOTATED, ENRICHED, DEAD_LETTERS)}
    until = clock() + settings.enrich_start_seconds
    while True:
        try:
            missing = needed - (topics_of or _topics)(settings.kafka)
            reason = f"Kafka at {settings.kafka} has no topic {', '.join(sorted(missing))}; create them first"
        except (KafkaError, OSError) as error:
            missing = needed
            reason = f"no Kafka answers at {settings.kafka} ({type(error).__name__}); start it, or set DATELINE_KAFKA"
        if not missing:
            return
        if clock() >= until:
            raise NoRiver(reason)
        sleep(0.5)


def make_changelog(settings: EnrichSettings, name: str) -> None:
    """Make a table's changelog before Faust does.

    Faust would make it while it starts, not see it in the metadata that it has already read, and refuse to write.
    """
    admin = KafkaAdminClient(bootstrap_servers=settings.kafka.split(","), client_id="dateline-enrich")
    try:
        with suppress(TopicAlreadyExistsError):
            # -1 leaves the number of copies to the broker: one on a laptop, three in a cluster.
            admin.create_topics([NewTopic(name, 1, -1, topic_configs={"cleanup.policy": "compact"})])
        admin.wait_for_topics([name])
    finally:
        admin.close()


def _topics(kafka: str) -> set[str]:
    admin = KafkaAdminClient(bootstrap_servers=kafka.split(","), client_id="dateline-enrich")
    try:
        return set(admin.list_topics())
    finally:
        admin.close()
