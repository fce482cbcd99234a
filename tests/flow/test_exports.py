"""Exports of many thousand articles from the real index: whole, in order, and held back by a slow reader."""

import csv
import io
import json
import secrets
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from functools import partial
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from elasticsearch import Elasticsearch
from kafka.errors import KafkaError

from deploy.topics import create_topics
from schemas.annotations import Place
from schemas.message import Span
from schemas.story import EnrichedArticle
from services.search.export.formats import FORMATS
from services.search.fates import Done
from services.search.histogram import MOST_BUCKETS
from services.search.index import Index, connect
from services.search.mapping import ARTICLES, SHELVES
from services.search.settings import SearchSettings
from services.search.tiles import MOST_TILES
from tests.flow.conftest import remove_topics
from tests.flow.eventually import eventually
from tests.flow.servers import Servers
from tests.flow.serving import serving
from tests.search.reports import NOON, report

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

MANY = 5_200
BATCH = 400
LONG = "Kenya praised Ethiopia for the water-sharing pact. " * 40
SPAN = (Span(start=0, end=1),)


def one_of_many(number: int) -> EnrichedArticle:
    """Each in a tile of its own at the largest zoom, and two in each minute."""
    place = Place(
        name="Somewhere",
        spans=SPAN,
        lat=-60 + number % 100,
        lon=-170 + number // 100 * 3,
        geonames=number + 1,
        country="KE",
        feature="city",
        confidence=0.9,
        reason="invented",
    )
    return report(number, published=NOON + timedelta(minutes=number // 2), places=(place,), text=LONG)


def _is_taken(index: Index, batch: list[EnrichedArticle]) -> bool:
    return all(isinstance(fate, Done) for fate in index.add(batch))


@pytest.fixture(scope="module")
def settings(servers: Servers) -> Iterator[SearchSettings]:
    """A namespace for all of these tests, which only read."""
    namespace = f"t{secrets.token_hex(4)}."
    settings = SearchSettings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, namespace=namespace)
    create_topics(servers.kafka, namespace)
    with connect(settings) as client:
        index = Index(client, settings)
        index.ensure()
        for first in range(0, MANY, BATCH):
            batch = [one_of_many(number) for number in range(first, first + BATCH)]
            eventually(partial(_is_taken, index, batch), within=90)
        client.indices.refresh(index=f"{namespace}articles")
    yield settings
    with Elasticsearch(servers.elasticsearch) as client:
        for shelf in SHELVES:
            client.indices.delete(index=shelf.index(namespace))
    with suppress(KafkaError):
        remove_topics(servers.kafka, namespace)


@pytest.fixture(scope="module")
def api(settings: SearchSettings) -> Iterator[httpx.Client]:
    with serving(settings) as client:
        yield client


@pytest.fixture
def searched(settings: SearchSettings) -> Iterator[Any]:
    """What the index says of its searches: how many there were, and how many points in time are open."""
    with Elasticsearch(settings.elasticsearch) as client:

        def searched() -> tuple[int, int]:
            stats = client.indices.stats(index=f"{settings.namespace}articles", metric="search")["_all"]["total"]
            return stats["search"]["query_total"], stats["search"]["open_contexts"]

        yield searched


def exported(api: httpx.Client, form: str, **asked: Any) -> str:
    found = api.get("/articles/export", params={"format": form, **asked})
    assert found.status_code == 200, found.text
    assert found.headers["content-disposition"] == f'attachment; filename="articles.{form}"'
    return found.text


EXPECTED = [one_of_many(number).article.id for number in range(MANY)]


def test_every_format_has_every_article_once_and_the_newest_first(api: httpx.Client, searched: Any) -> None:
    _, before = searched()
    lines = [json.loads(line) for line in exported(api, "jsonl").splitlines()]
    assert sorted(line["id"] for line in lines) == sorted(EXPECTED)
    assert [line["published"] for line in lines] == sorted((line["published"] for line in lines), reverse=True)
    assert lines[0] == api.get(f"/articles/{lines[0]['id']}").json()
    ids = [line["id"] for line in lines]
    rows = list(csv.DictReader(io.StringIO(exported(api, "csv"), newline="")))
    assert [row["id"] for row in rows] == ids
    features = json.loads(exported(api, "geojson"))["features"]
    assert [feature["id"] for feature in features] == ids
    assert all(feature["geometry"]["type"] == "MultiPoint" for feature in features)
    eventually(lambda: searched()[1] == before, within=30)


def test_an_export_is_of_what_was_asked_for(api: httpx.Client) -> None:
    asked = {"q": "pact", "from": "2026-03-04", "to": "2026-03-04"}
    total = api.get("/articles", params=asked).json()["total"]
    assert len(exported(api, "jsonl", **asked).splitlines()) == total > 0
    assert exported(api, "jsonl", q="zebra") == ""
    assert json.loads(exported(api, "geojson", q="zebra"))["features"] == []
    assert len(exported(api, "csv", q="zebra").splitlines()) == 1


def slow_reader(api: httpx.Client) -> socket.socket:
    """A reader of a whole export whose window is small, so that the sockets hold little of its 20 MB."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
    reader.connect((api.base_url.host, api.base_url.port))
    reader.sendall(b"GET /articles/export?format=jsonl HTTP/1.1\r\nHost: localhost\r\n\r\n")
    reader.settimeout(60)
    return reader


def test_a_reader_who_stops_stops_the_reading_and_one_who_leaves_frees_the_index(
    api: httpx.Client, searched: Any
) -> None:
    """What lies between the index and the reader is a page, and what the two sockets hold; all would be 26 pages."""
    before, open_before = searched()
    with closing(slow_reader(api)) as reader:
        assert reader.recv(15).startswith(b"HTTP/1.1 200")
        seen = list[int]()

        def stands_still() -> bool:
            seen.append(searched()[0])
            return len(seen) > 20 and len(set(seen[-20:])) == 1

        eventually(stands_still, within=60)
        pages, points = searched()
        assert pages - before < MANY / FORMATS["jsonl"].page / 3
        assert points == open_before + 1
    eventually(lambda: searched()[1] == open_before, within=30)


def test_an_export_that_cannot_be_finished_is_not_taken_for_the_whole(servers: Servers, namespace: str) -> None:
    """The index goes away under it, point in time and all: no last chunk comes, and the connection ends."""
    settings = SearchSettings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, namespace=namespace)
    with connect(settings) as client:
        index = Index(client, settings)
        for first in range(0, 2_000, BATCH):
            batch = [one_of_many(number) for number in range(first, first + BATCH)]
            eventually(partial(_is_taken, index, batch), within=90)
        client.indices.refresh(index=f"{namespace}articles")
        with serving(settings) as api, closing(slow_reader(api)) as reader:
            got = reader.recv(15)
            client.indices.delete(index=ARTICLES.index(namespace))
            while piece := _received(reader):
                got += piece
    assert got.startswith(b"HTTP/1.1 200")
    assert b"chunked" in got[:1_000].lower()
    assert not got.endswith(b"0\r\n\r\n")


def _received(reader: socket.socket) -> bytes:
    try:
        return reader.recv(65_536)
    except ConnectionResetError:
        return b""


def test_feeds_have_the_hundred_newest(api: httpx.Client) -> None:
    newest = {article["id"] for article in api.get("/articles", params={"size": 100}).json()["articles"]}
    rss = api.get("/articles/export", params={"format": "rss"})
    assert rss.headers["content-type"].startswith("application/rss+xml")
    guids = [item.findtext("guid") or "" for item in ElementTree.fromstring(rss.content).iter("item")]
    assert {guid.rpartition(":")[2] for guid in guids} == newest
    feed = api.get("/articles/export", params={"format": "jsonfeed"})
    assert feed.headers["content-type"] == "application/feed+json"
    assert {item["id"].rpartition(":")[2] for item in feed.json()["items"]} == newest
    atom = api.get("/articles/export", params={"format": "atom", "q": "pact"})
    assert len(list(ElementTree.fromstring(atom.content).iter("{http://www.w3.org/2005/Atom}entry"))) == 100


@pytest.mark.parametrize(
    "asked", [{"format": "parquet"}, {}, {"format": "csv", "size": "3"}, {"format": "csv", "km": "1"}]
)
def test_what_cannot_be_exported_is_refused_before_it_begins(
    api: httpx.Client, asked: dict[str, str], searched: Any
) -> None:
    before = searched()
    refused = api.get("/articles/export", params=asked)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert searched() == before


def test_more_buckets_or_tiles_than_there_may_be_are_refused_with_what_fits(api: httpx.Client) -> None:
    assert MANY // 2 > MOST_BUCKETS
    refused = api.get("/articles/histogram", params={"interval": "minute"}).json()
    assert "longer interval" in refused["detail"]
    assert api.get("/articles/histogram", params={"interval": "hour"}).json()["total"] == MANY
    assert MANY > MOST_TILES
    refused = api.get("/articles/tiles", params={"zoom": 12}).json()
    fitting = refused["errors"][0]["suggestion"]
    shown = api.get("/articles/tiles", params={"zoom": fitting})
    assert shown.status_code == 200
    assert sum(tile["articles"] for tile in shown.json()["tiles"]) == MANY
    one_more = api.get("/articles/tiles", params={"zoom": int(fitting) + 1})
    assert one_more.status_code == 422
