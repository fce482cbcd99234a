"""Two annotating workers on two partitions; the baseline is one worker, on the same broker with the same articles.

The rate is that of the middle of the run, by the messages' timestamps: at its beginning workers still warm up, and at
its end one of them may have run out of articles, since keys never fall on two partitions quite evenly.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import psutil
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from bench.articles import articles, beginning_with
from deploy.local.kafka import start_kafka
from deploy.local.process import Child, free_port
from deploy.local.settings import LocalSettings
from deploy.topics import create_topics
from schemas.article import Article
from schemas.topics import ANNOTATED, ARTICLES, DEAD_LETTERS, ENRICHED
from services.publish import Publisher
from services.settings import Settings, read_settings

WORKERS = (1, 2)
MIDDLE = 0.2, 0.7
READY_WITHIN = 90  # seconds
PATIENCE = 120, 2  # seconds in all, and more for each article, after which a worker is taken to stand still
WARM = 8  # articles that each run begins with, so that models are loaded before anything counts


def measure(source: Path | None, count: int) -> Iterator[dict[str, object]]:
    """Articles a second with one worker and with two, and what each holds in memory."""
    warm, read = beginning_with([*articles(source, count + WARM)], WARM)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder)
        cache = read_settings(LocalSettings).cache_folder
        kafka = start_kafka(data, free_port(), cache)
        stack.callback(kafka.stop)
        ran = {number: _run(number, kafka.address, data, warm, read) for number in WORKERS}
    rates = {number: rate for number, (rate, _) in ran.items()}
    yield {
        "what": "articles annotated a second by two workers on two partitions",
        "articles": len(read),
        "cores": len(os.sched_getaffinity(0)),
        "per_second": round(rates[2], 2),
        "baseline": {"what": "one worker on the same two partitions", "per_second": round(rates[1], 2)},
        "ratio": round(rates[2] / rates[1], 3),
        "resident_mib": ran[2][1],
    }


def _run(number: int, kafka: str, data: Path, warm: Sequence[Article], read: Sequence[Article]) -> tuple[float, int]:
    """The rate of so many workers in a namespace of their own, and the most memory that one of them holds."""
    namespace = f"workers{number}."
    create_topics(kafka, namespace, (replace(ARTICLES, partitions=2), ANNOTATED, ENRICHED, DEAD_LETTERS))
    publisher = Publisher(Settings(kafka=kafka, namespace=namespace))
    workers = [_worker(place, kafka, namespace, data) for place in range(number)]
    try:
        workers[0].wait_until(lambda: _members(kafka, f"{namespace}annotate") == number, READY_WITHIN)
        publisher.publish_all(ARTICLES, warm)
        _wait(kafka, namespace, len(warm), workers)
        publisher.publish_all(ARTICLES, read)
        _wait(kafka, namespace, len(warm) + len(read), workers)
        resident = max(psutil.Process(worker.pid).memory_info().rss for worker in workers) // 1024**2
    finally:
        publisher.close()
        for worker in workers:
            worker.stop()
    return rate(_timestamps(kafka, namespace)[len(warm) :]), resident


def _worker(place: int, kafka: str, namespace: str, data: Path) -> Child:
    told = {
        "DATELINE_KAFKA": kafka,
        "DATELINE_NAMESPACE": namespace,
        "DATELINE_DATA": str(data / f"{namespace}{place}"),
        "DATELINE_METRICS_PORT": "0",
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "-m", "services.enrich", "annotate"]
    return Child(f"worker {place}", command, data / "logs" / f"{namespace}{place}.log", {**os.environ, **told})


def rate(moments: Sequence[float]) -> float:
    """Messages a second in the middle of these moments, which are in order."""
    first, last = (moments[int(share * (len(moments) - 1))] for share in MIDDLE)
    between = int(MIDDLE[1] * (len(moments) - 1)) - int(MIDDLE[0] * (len(moments) - 1))
    return between / (last - first)


def _wait(kafka: str, namespace: str, articles: int, workers: Sequence[Child]) -> None:
    until = time.monotonic() + PATIENCE[0] + PATIENCE[1] * articles
    consumer = KafkaConsumer(bootstrap_servers=kafka)
    partition = TopicPartition(ANNOTATED.named(namespace), 0)
    try:
        while consumer.end_offsets([partition])[partition] < articles:
            for worker in workers:
                if not worker.running:
                    raise RuntimeError(f"{worker.name} ended with {worker.exit_code}.\n{worker.last_words()}")
            if time.monotonic() > until:
                raise TimeoutError(f"not all of {articles} articles were annotated after {PATIENCE[0]} s and more")
            time.sleep(0.5)
    finally:
        consumer.close()


def _members(kafka: str, group: str) -> int:
    """How many workers have partitions of the group; none while it is only being formed."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        described = admin.describe_groups([group])[group]
    except KafkaError:
        return 0
    finally:
        admin.close()
    return len(described["members"]) if described["group_state"] == "Stable" else 0


def _timestamps(kafka: str, namespace: str) -> list[float]:
    """When each annotated article came, in seconds, in their order."""
    consumer = KafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    partition = TopicPartition(ANNOTATED.named(namespace), 0)
    try:
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        end, found = consumer.end_offsets([partition])[partition], list[float]()
        while consumer.position(partition) < end:
            found += [record.timestamp / 1000 for records in consumer.poll(300).values() for record in records]
        return sorted(found)
    finally:
        consumer.close()
