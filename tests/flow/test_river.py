"""G1 to G5 over the whole river: kill -9 any one service in the middle of 500 articles, and none is lost or doubled."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, TopicPartition

from deploy.local.process import Child
from schemas.topics import ARTICLES, DEAD_LETTERS, ENRICHED, Topic
from services.ingest.identity import article_id
from tests.flow.conftest import RunService
from tests.flow.eventually import eventually
from tests.flow.servers import Servers

ARTICLES_PUBLISHED = 500
SERVICES = {
    "enrich": ("services.enrich",),
    "index": ("services.search", "index"),
    "alert": ("services.search", "alert"),
}

pytestmark = [pytest.mark.flow, pytest.mark.timeout(600)]


def news(path: Path) -> set[str]:
    """500 short reports in a file; the ids that they must have."""
    chance = random.Random(4)
    towns = ["Nairobi", "Kampala", "Lima", "La Paz", "Hanoi", "Oslo", "Accra", "Quito", "Suva", "Riga"]
    ids = set()
    with path.open("w", encoding="utf-8") as lines:
        for number in range(ARTICLES_PUBLISHED):
            town, other = chance.sample(towns, 2)
            url = f"https://sample-{number % 7}.example/report-{number}"
            text = (
                f"{town.upper()} — The mayor of {town} praised {other} on Tuesday for report number {number}, "
                f"and signed an accord on {chance.choice(['water', 'rail', 'grain', 'power'])} with it.\n\n"
                f"The opposition in {town} condemned the accord as item {chance.randrange(10_000)} of a long list. "
                f"“We were not asked,” a spokesman said, and announced a vote for the month that follows."
            )
            lines.write(json.dumps({"url": url, "title": f"{town} and {other} agree on {number}", "text": text}) + "\n")
            ids.add(article_id(url))
    return ids


def in_index(servers: Servers, namespace: str) -> set[str]:
    with Elasticsearch(servers.elasticsearch) as client:
        client.indices.refresh(index=f"{namespace}articles")
        hits = client.search(index=f"{namespace}articles", size=10_000, source=False)["hits"]["hits"]
    return {hit["_id"] for hit in hits}


def on_topic(servers: Servers, namespace: str, topic: Topic) -> list[bytes]:
    """Every value on a topic, repeats included."""
    consumer = KafkaConsumer(bootstrap_servers=servers.kafka, enable_auto_commit=False)
    try:
        name = topic.named(namespace)
        partitions = [TopicPartition(name, number) for number in consumer.partitions_for_topic(name) or ()]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        values: list[bytes] = []
        while any(consumer.position(partition) < ends[partition] for partition in partitions):
            for records in consumer.poll(timeout_ms=300).values():
                values += [record.value for record in records]
        return values
    finally:
        consumer.close()


@pytest.mark.parametrize("victim", ["ingest", "enrich", "index", "alert"])
def test_a_service_killed_in_the_middle_loses_and_doubles_nothing(
    victim: str, servers: Servers, namespace: str, run_service: RunService, tmp_path: Path
) -> None:
    file = tmp_path / "news.jsonl"
    expected = news(file)
    running: dict[str, Child] = {name: run_service(*command) for name, command in SERVICES.items()}
    ingest = run_service("deploy.cli", "ingest", str(file), "--json")

    progress = random.Random(f"{victim}-1").randrange(100, 300)
    print(f"killing {victim} once {progress} articles have come to it")  # noqa: T201 - the seed's draw, for whoever must repeat it
    watched = ARTICLES if victim in ("ingest", "enrich") else ENRICHED
    eventually(lambda: len(on_topic(servers, namespace, watched)) >= progress, within=240, every=0.05)
    if victim == "ingest":
        ingest.kill()
        ingest = run_service("deploy.cli", "ingest", str(file), "--json")
    else:
        running[victim].kill()
        running[victim] = run_service(*SERVICES[victim])

    assert ingest.wait(within=120) == 0, ingest.last_words()
    eventually(lambda: in_index(servers, namespace) >= expected, within=300, every=1.0)
    assert in_index(servers, namespace) == expected
    assert on_topic(servers, namespace, DEAD_LETTERS) == []
    assert all(child.running for child in running.values())
    told = Counter(told_of(value) for value in on_topic(servers, namespace, ENRICHED))
    articles = Counter(article for article, _ in told)
    assert set(articles) == expected
    assert set(articles.values()) == {1}, "an article that was told twice was told differently"


def told_of(value: bytes) -> tuple[str, str]:
    """An article, and everything that was said of it."""
    message = json.loads(value)
    return message["annotated"]["article"]["id"], json.dumps(message, sort_keys=True)
