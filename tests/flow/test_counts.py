"""Articles counted on the real index: every count adds up, over time, over the map, and by what articles have."""

import math
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from elasticsearch import Elasticsearch
from kafka.errors import KafkaError

from deploy.topics import create_topics
from schemas.annotations import Entity, Place, Stance
from schemas.message import Span
from schemas.story import EnrichedArticle
from services.search.fates import Done
from services.search.index import Index, connect
from services.search.mapping import SHELVES
from services.search.settings import SearchSettings
from tests.flow.conftest import remove_topics
from tests.flow.eventually import eventually
from tests.flow.servers import Servers
from tests.flow.serving import serving
from tests.search.reports import report

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

SPAN = (Span(start=0, end=5),)
# Nights in Europe/Berlin when the clock is put forward and back, and days on both sides of midnight there.
MOMENTS = [
    datetime(2026, 3, 28, 22, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 28, 23, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 22, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 2, 30, tzinfo=UTC),
]


def many(number: int) -> EnrichedArticle:
    """An article of one of thirty outlets and stories, with some of forty entities, places and pairs, or none."""
    named = [(number * step) % 40 for step in range(1, number % 5)]
    entities = tuple(
        Entity(id=f"Q{1000 + one}", name=f"Actor {one}", kind="person", spans=SPAN, wikidata=f"Q{1000 + one}")
        for one in dict.fromkeys(named)
    )
    places = tuple(
        Place(
            name=f"Town {one}",
            spans=SPAN,
            lat=one * 4 - 80,
            lon=one * 9 - 180,
            geonames=5000 + one,
            country="KE",
            feature="city",
            confidence=0.9,
            reason="invented",
        )
        for one in dict.fromkeys(named)
    )
    pairs = [("outlet", "outlet", entities[0])] if entities else []
    pairs += [(holder.id, holder.name, target) for holder in entities for target in entities if holder.id < target.id]
    return report(
        number,
        outlet={"domain": f"paper-{number * number % 30}.example"},
        published=MOMENTS[number % len(MOMENTS)],
        entities=entities,
        places=places,
        focus=None,
        stances=tuple(
            Stance(
                holder=holder,
                holder_name=name,
                target=target.id,
                target_name=target.name,
                polarity=0.5,
                confidence=0.9,
                evidence=SPAN,
            )
            for holder, name, target in pairs
        ),
        story=f"story-{number % 30}",
    )


ARTICLES = [many(number) for number in range(200)]


@pytest.fixture(scope="module")
def api(servers: Servers) -> Iterator[httpx.Client]:
    """The API over an index of these articles, which no test changes."""
    namespace = f"t{secrets.token_hex(4)}."
    settings = SearchSettings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, namespace=namespace, shards=3)
    create_topics(servers.kafka, namespace)
    with connect(settings) as client:
        index = Index(client, settings)
        index.ensure()
        eventually(lambda: all(isinstance(fate, Done) for fate in index.add(ARTICLES)), within=90)
        client.indices.refresh(index=f"{namespace}articles")
    with serving(settings) as api:
        yield api
    with Elasticsearch(servers.elasticsearch) as client:
        for shelf in SHELVES:
            client.indices.delete(index=shelf.index(namespace))
    with suppress(KafkaError):
        remove_topics(servers.kafka, namespace)


def answer(api: httpx.Client, path: str, **asked: Any) -> dict[str, Any]:
    found = api.get(path, params=asked)
    assert found.status_code == 200, found.text
    body: dict[str, Any] = found.json()
    return body


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kolkata", "+05:30"])
@pytest.mark.parametrize("interval", ["minute", "hour", "day", "week", "month"])
def test_what_is_counted_over_time_adds_up_to_what_is_found(api: httpx.Client, interval: str, zone: str) -> None:
    found = answer(api, "/articles/histogram", interval=interval, zone=zone)
    assert sum(bucket["articles"] for bucket in found["buckets"]) == found["total"] == len(ARTICLES)
    begins = [datetime.fromisoformat(bucket["begins"]) for bucket in found["buckets"]]
    assert begins == sorted(set(begins))
    some = answer(api, "/articles/histogram", interval=interval, zone=zone, q="pact", outlet="paper-4.example")
    listed = answer(api, "/articles", q="pact", outlet="paper-4.example")
    assert sum(bucket["articles"] for bucket in some["buckets"]) == some["total"] == listed["total"] > 0


def test_a_day_of_a_zone_is_as_long_as_it_is_there(api: httpx.Client) -> None:
    expected: dict[str, int] = {}
    for article in ARTICLES:
        moment = article.article.published
        summer = datetime(2026, 3, 29, 1, tzinfo=UTC) <= moment < datetime(2026, 10, 25, 1, tzinfo=UTC)
        day = (moment + timedelta(hours=2 if summer else 1)).date().isoformat()
        expected[day] = expected.get(day, 0) + 1
    found = answer(api, "/articles/histogram", zone="Europe/Berlin")
    assert {bucket["begins"][:10]: bucket["articles"] for bucket in found["buckets"]} == expected
    asked = {"zone": "Europe/Berlin", "from": "2026-03-29", "to": "2026-03-29"}
    assert answer(api, "/articles/histogram", **asked)["total"] == expected["2026-03-29"]


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"interval": "fortnight"}, "interval"),
        ({"intervall": "day"}, "intervall"),
        ({"near": "1,1"}, "km"),
        ({"q": "text:("}, "q"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_words(api: httpx.Client, asked: dict[str, str], parameter: str) -> None:
    refused = api.get("/articles/histogram", params=asked)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["errors"][0]["parameter"] == parameter


def test_what_articles_have_adds_up_with_what_is_not_shown(api: httpx.Client) -> None:
    facets = ["outlet", "language", "story", "entity", "place", "stance_pair", "country", "development"]
    found = answer(api, "/articles", facets=",".join(facets))
    annotated = [article.annotated for article in ARTICLES]
    sided = [[stance for stance in one.stances if stance.holder != "outlet"] for one in annotated]
    several = {
        "entity": [len(one.entities) for one in annotated],
        "place": [len(one.places) for one in annotated],
        "stance_pair": [len(one) for one in sided],
        "country": [1 if one.places else 0 for one in annotated],
        "development": [1 for _ in annotated],
    }
    for name in facets:
        facet = found["facets"][name]
        shown = sum(value["count"] for value in facet["values"])
        each = several.get(name, [1 for _ in annotated])
        assert shown + facet["other"] == sum(each), name
        assert facet["missing"] == each.count(0), name
    assert found["facets"]["entity"]["other"] > 0
    pair = found["facets"]["stance_pair"]["values"][0]
    holder, target = pair["value"].split(" → ")
    assert pair["name"] == f"Actor {int(holder[1:]) - 1000} → Actor {int(target[1:]) - 1000}"
    town = found["facets"]["place"]["values"][0]
    assert town["name"] == f"Town {int(town['value']) - 5000}, KE"
    asked = answer(api, "/articles", stance_holder=holder, stance_target=target)
    assert asked["total"] == pair["count"]


def tile_of(lat: float, lon: float, zoom: int) -> tuple[int, int]:
    """By the projection's own formula, unlike the corners, which take its inverse."""
    across = 2**zoom
    down = (1 - math.asinh(math.tan(math.radians(max(-85.05, min(85.05, lat))))) / math.pi) / 2
    return min(int((lon + 180) / 360 * across), across - 1), int(down * across)


@pytest.mark.parametrize("zoom", [0, 1, 4, 8, 12])
def test_each_tile_counts_the_articles_with_a_place_inside(api: httpx.Client, zoom: int) -> None:
    found = answer(api, "/articles/tiles", zoom=zoom)
    expected: dict[tuple[int, int], set[str]] = {}
    for article in ARTICLES:
        for place in article.annotated.places:
            expected.setdefault(tile_of(place.lat, place.lon, zoom), set()).add(article.article.id)
    assert {(tile["x"], tile["y"]): tile["articles"] for tile in found["tiles"]} == {
        tile: len(articles) for tile, articles in expected.items()
    }
    assert found["total"] == len(ARTICLES)
    assert found["located"] == sum(1 for article in ARTICLES if article.annotated.places)
    for tile in found["tiles"]:
        assert tile["south"] - 1e-5 <= tile["lat"] <= tile["north"] + 1e-5 or abs(tile["lat"]) > 85
        assert tile["west"] - 1e-5 <= tile["lon"] <= tile["east"] + 1e-5


def test_a_box_shows_only_the_places_inside_it(api: httpx.Client) -> None:
    found = answer(api, "/articles/tiles", zoom=5, box="30,-60,-30,60")
    assert found["total"] == found["located"] > 0
    assert all(-30 <= tile["lat"] <= 30 and -60 <= tile["lon"] <= 60 for tile in found["tiles"])


@pytest.mark.parametrize("asked", [{"zoom": "13"}, {"zoom": "-1"}, {"zoom": "near"}, {"zooom": "1"}])
def test_a_zoom_that_there_is_not_is_refused(api: httpx.Client, asked: dict[str, str]) -> None:
    refused = api.get("/articles/tiles", params=asked)
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, next(iter(asked)))
