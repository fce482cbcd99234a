"""Exports of an index, at ever more articles: articles a second and the API's memory, beside paging the bare index."""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import psutil
from elasticsearch import Elasticsearch

from bench.articles import articles
from deploy.local.elasticsearch import start_elasticsearch
from deploy.local.process import Child, free_port
from deploy.local.settings import LocalSettings
from schemas.annotations import AnnotatedArticle, Entity, Place
from schemas.article import Article
from schemas.message import Span
from schemas.story import EnrichedArticle, StoryMoment
from services.search.fates import Done
from services.search.index import Index
from services.search.mapping import ARTICLES
from services.search.settings import SearchSettings

SPAN = (Span(start=0, end=1),)
NAMED, PLACES = 12, 3
BATCH = 500
STEPS = (4, 1)
"""A part of the articles, and then all: memory that grows with the answer would show."""


class NotTaken(RuntimeError):
    """The index refused an article of ours."""


def measure(source: Path | None, count: int) -> Iterator[dict[str, object]]:
    """Thousands of articles are needed for figures that hold."""
    read = list(articles(source, max(count, 2_000)))
    with tempfile.TemporaryDirectory() as folder, _api(Path(folder)) as (settings, api, process):
        client = Elasticsearch(settings.elasticsearch)
        index = Index(client, settings)
        index.ensure()
        alias = ARTICLES.alias(settings.namespace)
        put = 0
        for step in STEPS:
            _put(index, read[put : len(read) // step], put)
            put = len(read) // step
            client.indices.refresh(index=alias)
            for form in ("jsonl", "csv", "geojson"):
                resting = process.memory_info().rss
                size, seconds, peak = _exported(api, form, process)
                bare = _bare(client, alias)
                yield {
                    "what": "articles exported",
                    "format": form,
                    "articles": put,
                    "mib": round(size / 2**20, 1),
                    "per_second": round(put / seconds, 1),
                    "resting_mib": round(resting / 2**20, 1),
                    "peak_mib": round(peak / 2**20, 1),
                    "baseline": {"what": "page through the bare index, whole", "per_second": round(put / bare, 1)},
                    "ratio": round(bare / seconds, 3),
                }
        client.close()


@contextmanager
def _api(folder: Path) -> Iterator[tuple[SearchSettings, httpx.Client, psutil.Process]]:
    """The API as a process of its own over an index of its own; it needs no Kafka to read."""
    node = start_elasticsearch(folder, free_port(), LocalSettings().cache_folder)
    port = free_port()
    told = {"DATELINE_ELASTICSEARCH": node.address, "DATELINE_KAFKA": "127.0.0.1:1", "DATELINE_API_PORT": str(port)}
    command = [sys.executable, "-m", "services.search", "api"]
    child = Child("api", command, folder / "api.log", {**os.environ, **told, "DATELINE_METRICS_PORT": "0"}, Path.cwd())
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            child.wait_until(lambda: _answers(client), within=120)
            yield SearchSettings(elasticsearch=node.address), client, psutil.Process(child.pid)
    finally:
        child.kill()
        node.stop()


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").is_success
    except httpx.TransportError:
        return False


def _put(index: Index, read: list[Article], first: int) -> None:
    for at in range(0, len(read), BATCH):
        batch = [_enriched(article, first + at + number) for number, article in enumerate(read[at : at + BATCH])]
        if not all(isinstance(fate, Done) for fate in index.add(batch)):
            raise NotTaken(f"of {len(batch)} articles some were refused")


def _enriched(article: Article, number: int) -> EnrichedArticle:
    article = article.model_copy(update={"published": article.published + timedelta(seconds=number)})
    entities = tuple(
        Entity(id=f"p{(number + step) % 5_000}", name=f"Person {number + step}", kind="person", spans=SPAN)
        for step in range(NAMED)
    )
    places = tuple(
        Place(
            name="Somewhere",
            spans=SPAN,
            lat=number % 120 - 60,
            lon=(number + step * 40) % 360 - 180,
            country="KE",
            feature="city",
            confidence=0.9,
            reason="invented",
        )
        for step in range(PLACES)
    )
    annotated = AnnotatedArticle(article=article, entities=entities, places=places)
    return EnrichedArticle(
        annotated=annotated, moment=StoryMoment(story=f"s-{number % 500}", position=1, novelty=0.5, developments=())
    )


def _exported(api: httpx.Client, form: str, process: psutil.Process) -> tuple[int, float, int]:
    """Bytes, seconds, and the most memory that the API had meanwhile."""
    done, peak = threading.Event(), [process.memory_info().rss]

    def watch() -> None:
        while not done.wait(0.02):
            peak[0] = max(peak[0], process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    began, size = time.perf_counter(), 0
    try:
        with api.stream("GET", "/articles/export", params={"format": form}) as answer:
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                size += len(piece)
        return size, time.perf_counter() - began, peak[0]
    finally:
        done.set()
        watcher.join()


def _bare(client: Elasticsearch, alias: str) -> float:
    """Seconds to read every document in the same order, a thousand at once."""
    began = time.perf_counter()
    point = client.open_point_in_time(index=alias, keep_alive="1m")["id"]
    after: dict[str, object] = {}
    while True:
        found = client.search(
            pit={"id": point, "keep_alive": "1m"},
            size=1_000,
            sort=[{"published": "desc"}, {"id": "asc"}],
            track_total_hits=False,
            **after,  # type: ignore[arg-type]
        )
        if not (hits := found["hits"]["hits"]):
            break
        after = {"search_after": hits[-1]["sort"]}
    client.close_point_in_time(id=found["pit_id"])
    return time.perf_counter() - began
