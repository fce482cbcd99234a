"""The whole river: articles a second from the first topic to the index, and how soon each is found and alerted.

The baseline is the same broker and index with nothing between them: the same articles produced, consumed and bulk
indexed as they are. Half load is half the throughput that was just measured.
"""

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
from kafka import KafkaConsumer
from rich.console import Console

from bench.articles import articles
from bench.counters import step_milliseconds
from deploy.local.plan import Plan
from deploy.local.process import free_port
from deploy.local.settings import LocalSettings
from deploy.local.up import House
from schemas import wire
from schemas.alert import Alert
from schemas.article import Article
from schemas.topics import ALERTS, ARTICLES
from services.ingest.settings import IngestSettings
from services.publish import Publisher
from services.search.settings import SearchSettings
from services.settings import Settings

PATIENCE = 300, 2  # seconds in all, and more for each article, after which a river is taken to stand still
HALF_LOAD_SECONDS = 60


class NotIndexed(RuntimeError):
    """Elasticsearch refused some of the baseline's documents."""


def measure(source: Path | None, count: int) -> Iterator[dict[str, object]]:
    """Full speed first, then half load; CPU and memory of each process beside it."""
    with river() as (plan, house), _publisher(plan) as publisher:
        read = [*articles(source, count + 1000)]
        baseline = _bare(plan, publisher, read[:count])
        before = cpu_seconds(house)
        seconds = _until_searchable(plan, publisher, read[:count])
        after = cpu_seconds(house)
        rate = count / seconds
        yield {
            "what": "articles a second, first topic to searchable",
            "articles": count,
            "per_second": round(rate, 1),
            "baseline": {"what": "produce, consume and bulk index alone", "per_second": round(count / baseline, 1)},
            "ratio": round(baseline / seconds, 4),
            "cpu_ms_article": {name: round(1000 * (after[name] - before[name]) / count, 1) for name in after},
            "step_ms_article": step_milliseconds(plan, count),
            "resident_mib": house.resident_mib(),
        }
        yield from _half_load(plan, publisher, read[count:], rate / 2)


@contextmanager
def river() -> Iterator[tuple[Plan, House]]:
    """A river of its own, on free ports, in a folder that goes when it is over."""
    with tempfile.TemporaryDirectory() as folder:
        local = LocalSettings(
            data=Path(folder),
            kafka_port=free_port(),
            kafka_controller_port=free_port(),
            elasticsearch_port=free_port(),
            elasticsearch_transport_port=free_port(),
        )
        search = SearchSettings(api_port=free_port())
        plan = Plan(local=local, ingest=IngestSettings(push_port=free_port()), search=search, samples=False)
        os.environ["DATELINE_API_PORT"] = str(search.api_port)
        os.environ["DATELINE_PUSH_PORT"] = str(plan.ingest.push_port)
        with House(plan, Console(stderr=True), threading.Event()) as house:
            house.start()
            yield plan, house


@contextmanager
def _publisher(plan: Plan) -> Iterator[Publisher]:
    publisher = Publisher(Settings(kafka=f"127.0.0.1:{plan.local.kafka_port}"))
    try:
        yield publisher
    finally:
        publisher.close()


def _index(plan: Plan) -> str:
    return f"http://127.0.0.1:{plan.local.elasticsearch_port}"


def cpu_seconds(house: House) -> dict[str, float]:
    """CPU time that each process has used so far."""
    used = {}
    for name, pid in house.pids().items():
        times = psutil.Process(pid).cpu_times()
        used[name] = times.user + times.system
    return used


def _until_searchable(plan: Plan, publisher: Publisher, read: list[Article]) -> float:
    began = time.monotonic()
    patience = PATIENCE[0] + PATIENCE[1] * len(read)
    publisher.publish_all(ARTICLES, read)
    while _count(plan, "articles") < len(read):
        if time.monotonic() - began > patience:
            raise TimeoutError(f"{_count(plan, 'articles')} of {len(read)} articles searchable after {patience} s")
        time.sleep(0.2)
    return time.monotonic() - began


def _count(plan: Plan, index: str) -> int:
    return int(httpx.get(f"{_index(plan)}/{index}/_count", timeout=30).json()["count"])


def _bare(plan: Plan, publisher: Publisher, read: list[Article]) -> float:
    """The same articles over a topic of the same shape into an index without mapping of ours."""
    from deploy.topics import create_topics

    kafka = f"127.0.0.1:{plan.local.kafka_port}"
    create_topics(kafka, "bare.", (ARTICLES,))
    bare = Publisher(Settings(kafka=kafka, namespace="bare."))
    consumer = KafkaConsumer(ARTICLES.named("bare."), bootstrap_servers=kafka, auto_offset_reset="earliest")
    indexed = 0
    with httpx.Client(timeout=60) as client:
        client.put(f"{_index(plan)}/bare").raise_for_status()
        began = time.monotonic()
        bare.publish_all(ARTICLES, read)
        while indexed < len(read):
            records = [record for batch in consumer.poll(500).values() for record in batch]
            lines = b"".join(b'{"index":{}}\n' + record.value + b"\n" for record in records)
            if records:
                require_indexed(
                    client.post(
                        f"{_index(plan)}/bare/_bulk", content=lines, headers={"content-type": "application/x-ndjson"}
                    )
                )
                indexed += len(records)
        client.post(f"{_index(plan)}/bare/_refresh")
    seconds = time.monotonic() - began
    bare.close()
    consumer.close()
    return seconds


def require_indexed(answer: httpx.Response) -> None:
    """Raise `NotIndexed` unless every document was taken: a baseline that indexes less is no baseline."""
    told = answer.raise_for_status().json()
    if told["errors"]:
        refused = [item["index"]["error"] for item in told["items"] if "error" in item["index"]]
        raise NotIndexed(f"{len(refused)} of {len(told['items'])} documents refused, the first for {refused[0]}")


def _half_load(plan: Plan, publisher: Publisher, read: list[Article], rate: float) -> Iterator[dict[str, object]]:
    """Publish evenly at this rate; see when each is found by search, and when its alert came."""
    httpx.post(
        f"{plan.api_url}/searches", json={"name": "all of it", "criteria": {"language": ["en"]}}, timeout=10
    ).raise_for_status()
    read = read[: max(20, int(rate * HALF_LOAD_SECONDS))]
    published: dict[str, float] = {}
    found: dict[str, float] = {}
    alerted: dict[str, float] = {}
    over = threading.Event()
    watchers = [
        threading.Thread(target=_watch_search, args=(plan, published, found, over)),
        threading.Thread(target=_watch_alerts, args=(plan, alerted, over)),
    ]
    for watcher in watchers:
        watcher.start()
    time.sleep(3)  # the saved search takes effect
    began = time.monotonic()
    for number, article in enumerate(read):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        publisher.publish(ARTICLES, article)
        published[article.id] = time.monotonic()
    deadline = time.monotonic() + 60
    while len(found) < len(published) and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(2)
    over.set()
    for watcher in watchers:
        watcher.join()
    for what, came in (("publish to searchable", found), ("publish to alert", alerted)):
        delays = sorted(came[id_] - published[id_] for id_ in came if id_ in published)
        yield {
            "what": f"{what}, seconds at half load",
            "per_second": round(rate, 1),
            "articles": len(published),
            "came": len(delays),
            "median": round(statistics.median(delays), 3) if delays else None,
            "p99": round(delays[int(0.99 * (len(delays) - 1))], 3) if delays else None,
            "baseline": {"what": "the index's refresh interval, below which nothing is found", "seconds": 1.0},
            "ratio": round(statistics.median(delays), 3) if delays else None,
        }


def _watch_search(plan: Plan, published: dict[str, float], found: dict[str, float], over: threading.Event) -> None:
    with httpx.Client(timeout=30) as client:
        while not over.is_set():
            waiting = [id_ for id_ in list(published) if id_ not in found][:500]
            if waiting:
                body = {"query": {"ids": {"values": waiting}}, "_source": False, "size": len(waiting)}
                hits = client.post(f"{_index(plan)}/articles/_search", json=body).json()["hits"]["hits"]
                now = time.monotonic()
                found.update({hit["_id"]: now for hit in hits})
            time.sleep(0.05)


def _watch_alerts(plan: Plan, alerted: dict[str, float], over: threading.Event) -> None:
    consumer = KafkaConsumer(
        ALERTS.named(), bootstrap_servers=f"127.0.0.1:{plan.local.kafka_port}", auto_offset_reset="latest"
    )
    while not over.is_set():
        for records in consumer.poll(200).values():
            for record in records:
                alert = wire.decode(ALERTS, record.value, record.headers)
                assert isinstance(alert, Alert)
                alerted.setdefault(alert.article, time.monotonic())
    consumer.close()
