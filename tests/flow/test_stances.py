"""Stances on the real index: a curve with its sentences, a graph of a period, and a country for all who act for it."""

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
from schemas.annotations import Entity, Stance
from schemas.message import Span
from schemas.story import EnrichedArticle
from services.search.fates import Done
from services.search.index import Index, connect
from services.search.mapping import SHELVES
from services.search.settings import SearchSettings
from services.search.zones import zone_names
from tests.flow.conftest import remove_topics
from tests.flow.eventually import eventually
from tests.flow.servers import Servers
from tests.flow.serving import serving
from tests.search.reports import report

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

FIRST = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday
WHO = {
    "Kenya": ("Q114", "location", "KE"),
    "Ethiopia": ("Q115", "location", "ET"),
    "Amina Odera": ("local:amina-odera", "person", "KE"),
    "Dawit Bekele": ("local:dawit-bekele", "person", "ET"),
    "River League": ("local:river-league", "organization", None),
}
PRAISED, BLAMED = "{} praised {} on the dam.", "{} blamed {} for the dam."

# Day, outlet's country, holder, target, polarity, quoted; one article each.
TOLD: list[tuple[int, str | None, str, str, float, bool]] = [
    (0, "KE", "Kenya", "Ethiopia", 0.5, False),
    (0, "KE", "Amina Odera", "Ethiopia", 0.9, True),
    (0, "ET", "Kenya", "Dawit Bekele", 0.4, False),
    (1, "ET", "Kenya", "Ethiopia", -0.5, False),
    (1, None, "Amina Odera", "Dawit Bekele", -0.9, True),
    (8, "KE", "Kenya", "Ethiopia", -0.7, True),
    (8, "KE", "Ethiopia", "Kenya", -0.6, False),
    (9, "KE", "Kenya", "Ethiopia", -0.8, False),
    (9, "ET", "River League", "Kenya", 0.3, False),
    (9, "ET", "River League", "Ethiopia", 0.3, False),
    (40, "KE", "Kenya", "Ethiopia", -0.9, False),
]


def entity(name: str) -> Entity:
    entity_id, kind, country = WHO[name]
    return Entity.model_validate(
        {"id": entity_id, "name": name, "kind": kind, "country": country, "spans": [Span(start=0, end=1)]}
    )


def told(
    number: int, day: int, country: str | None, holder: str, target: str, polarity: float, quoted: bool
) -> EnrichedArticle:
    lede = "The dam is nearly full."
    said = (PRAISED if polarity > 0 else BLAMED).format(holder, target)
    at = lede + " " + said
    return report(
        number,
        text=f"{at} Nothing else happened.",
        published=FIRST + timedelta(days=day),
        outlet={"domain": f"{country or 'nowhere'}.example".lower(), "country": country},
        entities=(entity(holder), entity(target)),
        stances=(
            Stance(
                holder=WHO[holder][0],
                holder_name=holder,
                target=WHO[target][0],
                target_name=target,
                polarity=polarity,
                confidence=0.9,
                evidence=(Span(start=at.index(said), end=len(at)),),
                quoted=quoted,
            ),
            # The outlet's own tone, which is nobody's curve but its own.
            Stance(
                holder="outlet",
                holder_name="outlet",
                target=WHO[target][0],
                target_name=target,
                polarity=0.1,
                confidence=0.6,
                evidence=(Span(start=0, end=len(lede)),),
            ),
        ),
    )


ARTICLES = [told(number, *row) for number, row in enumerate(TOLD)]
# What was told on the first day last is a copy of what was told before.
ARTICLES[2] = ARTICLES[2].model_copy(
    update={"moment": ARTICLES[2].moment.model_copy(update={"duplicate_of": ARTICLES[1].article.id})}
)


@pytest.fixture(scope="module")
def settings(servers: Servers) -> Iterator[SearchSettings]:
    """A namespace for all of these tests, which only read: its index holds the articles."""
    name = f"t{secrets.token_hex(4)}."
    create_topics(servers.kafka, name)
    settings = SearchSettings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, namespace=name)
    with connect(settings) as client:
        index = Index(client, settings)
        eventually(lambda: all(isinstance(fate, Done) for fate in index.add(ARTICLES)), within=90)
        client.indices.refresh(index=f"{name}articles")
        yield settings
        for shelf in SHELVES:
            client.indices.delete(index=shelf.index(name))
    with suppress(KafkaError):
        remove_topics(servers.kafka, name)


@pytest.fixture(scope="module")
def api(settings: SearchSettings) -> Iterator[httpx.Client]:
    """The API in a thread of this process."""
    with serving(settings) as client:
        yield client


def series(api: httpx.Client, **asked: Any) -> dict[str, Any]:
    answer = api.get("/stances", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert sum(bucket["count"] for bucket in found["buckets"]) == found["whole"]["count"]
    return found


def curve(found: dict[str, Any]) -> list[tuple[str, int, float]]:
    return [(bucket["begins"][:10], bucket["count"], bucket["polarity"]) for bucket in found["buckets"]]


def test_a_curve_has_a_mean_a_band_and_the_sentences_for_each_day(api: httpx.Client) -> None:
    found = series(api, holder="country:KE", target="country:ET")
    assert curve(found) == [
        ("2026-03-02", 3, 0.6),
        ("2026-03-03", 2, -0.7),
        ("2026-03-10", 1, -0.7),
        ("2026-03-11", 1, -0.8),
        ("2026-04-11", 1, -0.9),
    ]
    first, second, third, *_ = found["buckets"]
    assert first["low"] < 0.6 < first["high"]
    assert (second["low"], second["high"]) == (-1.0, 1.0)  # two say little of their mean
    assert (third["low"], third["high"]) == (None, None)
    assert first["quoted"] == pytest.approx(1 / 3, abs=1e-6)
    assert [sentence["polarity"] for sentence in first["strongest"]] == [0.9, 0.5, 0.4]
    shown = first["strongest"][0]
    assert shown["text"] == "Amina Odera praised Ethiopia on the dam."
    (source,) = (article.article for article in ARTICLES if article.article.id == shown["article"])
    assert source.text[shown["span"]["start"] : shown["span"]["end"]] == shown["text"]
    assert (shown["url"], shown["title"], shown["outlet"]) == (source.url, source.title, "ke.example")
    assert found["whole"]["articles"] == 8


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"holder": "Q114", "target": "Q115"}, 5),
        ({"holder": "kenya", "target": "ETHIOPIA"}, 5),
        ({"holder": "KE", "target": "ET"}, 8),
        ({"holder": "country:ke"}, 8),
        ({"target": "country:KE"}, 2 + 2),  # with the outlets' tone
        ({"holder": "outlet", "target": "Q114"}, 2),
        ({"holder": "KE", "quoted": True}, 3),
        ({"holder": "KE", "quoted": False}, 5),
        ({"holder": "KE", "duplicates": False}, 7),
        ({"holder": "KE", "outlet": "et.example"}, 2),
        ({"holder": "KE", "outlet_country": "et"}, 2),
        ({"holder": "KE", "from": "2026-03-03", "to": "2026-03-10"}, 3),
        ({"holder": "country:RU"}, 0),
        ({"holder": "nobody", "by": "outlet_country"}, 0),
    ],
)
def test_each_question_is_answered_by_the_stances_that_meet_it(
    asked: dict[str, Any], count: int, api: httpx.Client
) -> None:
    found = series(api, **asked)
    assert found["whole"]["count"] == count
    assert (found["buckets"] == []) == (count == 0)


def test_buckets_are_hours_weeks_and_months_in_the_readers_time_zone(api: httpx.Client) -> None:
    asked = {"holder": "KE", "target": "ET"}
    weeks = series(api, **asked, interval="week")
    assert [(begins, count) for begins, count, _ in curve(weeks)] == [
        ("2026-03-02", 5),
        ("2026-03-09", 2),
        ("2026-04-06", 1),
    ]
    assert [count for _, count, _ in curve(series(api, **asked, interval="month"))] == [7, 1]
    hours = series(api, **asked, interval="hour", time_zone="+05:45")
    assert hours["buckets"][0]["begins"] == "2026-03-02T15:00:00+05:45"
    there = series(api, **asked, time_zone="Pacific/Auckland", **{"from": "2026-03-02", "to": "2026-03-02"})
    assert [bucket["begins"] for bucket in there["buckets"]] == ["2026-03-02T00:00:00+13:00"]
    assert series(api, **asked, time_zone="-10:00", to="2026-03-01")["buckets"][0]["count"] == 3


def test_a_curve_is_told_apart_by_the_outlets_countries(api: httpx.Client) -> None:
    found = series(api, holder="KE", target="ET", by="outlet_country")
    assert {one["country"]: one["count"] for one in found["by_outlet_country"]} == {"KE": 5, "ET": 2, None: 1}
    for bucket in found["buckets"]:
        assert sum(one["count"] for one in bucket["by_outlet_country"]) == bucket["count"]
    assert series(api, holder="KE")["by_outlet_country"] is None


def test_the_strongest_pairs_of_a_period_make_a_graph(api: httpx.Client) -> None:
    whole = api.get("/stances/network").json()
    assert whole["stances"] == len(TOLD)
    assert sum(edge["count"] for edge in whole["edges"]) == len(TOLD)
    assert (whole["pairs"], whole["more"]) == (7, False)
    strongest = whole["edges"][0]
    assert (strongest["holder"], strongest["target"], strongest["count"]) == ("Q114", "Q115", 5)
    assert strongest["polarity"] == pytest.approx((0.5 - 0.5 - 0.7 - 0.8 - 0.9) / 5, abs=1e-6)
    assert strongest["quoted"] == 0.2
    assert strongest["low"] <= strongest["polarity"] <= strongest["high"]
    nodes = {node["id"]: (node["name"], node["kind"], node["country"]) for node in whole["nodes"]}
    assert nodes == {entity_id: (name, kind, country) for name, (entity_id, kind, country) in WHO.items()}
    assert [edge["strength"] for edge in whole["edges"]] == sorted(
        (edge["strength"] for edge in whole["edges"]), reverse=True
    )


def test_a_graph_says_what_it_leaves_out(api: httpx.Client) -> None:
    cut = api.get("/stances/network", params={"size": 2}).json()
    assert (len(cut["edges"]), cut["more"], cut["pairs"], cut["stances"]) == (2, True, 7, len(TOLD))
    assert len(api.get("/stances/network", params={"min_count": 2}).json()["edges"]) == 1
    assert api.get("/stances/network", params={"duplicates": False}).json()["stances"] == len(TOLD) - 1
    of_ethiopia = api.get("/stances/network", params={"country": "ET"}).json()
    assert of_ethiopia["stances"] == len(TOLD) - 1
    week = api.get("/stances/network", params={"from": "2026-03-09", "to": "2026-03-16", "country": "ET,RU"}).json()
    assert {(edge["holder"], edge["target"]) for edge in week["edges"]} == {
        ("Q114", "Q115"),
        ("Q115", "Q114"),
        ("local:river-league", "Q115"),
    }
    none = api.get("/stances/network", params={"country": "RU"})
    assert none.status_code == 200
    assert none.json() == {"nodes": [], "edges": [], "more": False, "stances": 0, "pairs": 0}


def test_articles_are_found_by_a_country_as_holder_and_by_one_and_the_same_stance(api: httpx.Client) -> None:
    def total(**asked: Any) -> int:
        answer = api.get("/articles", params=asked)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["total"])

    assert total(stance_holder="country:KE", stance_target="ET") == 8
    assert total(stance_holder="country:KE", stance_target="country:ET", polarity_min=0.3) == 3
    assert total(stance_holder="country:KE", polarity_min=0.05, polarity_max=0.2) == 0  # that is the outlet's tone
    assert total(stance_holder="KE", stance_quoted=True, outlet_country="KE") == 2


def test_every_zone_that_is_taken_is_known_to_the_index(settings: SearchSettings) -> None:
    def by_day(zone: str) -> dict[str, Any]:
        return {"date_histogram": {"field": "published", "calendar_interval": "day", "time_zone": zone}}

    with Elasticsearch(settings.elasticsearch) as client:
        zones = {zone: by_day(zone) for zone in (*zone_names(), "+14:00", "-18:00")}
        client.search(index=f"{settings.namespace}articles", size=0, aggs=zones)


def test_a_series_of_too_many_buckets_is_refused(api: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.search.stance_series.MOST_BUCKETS", 3)
    refused = api.get("/stances", params={"holder": "KE", "interval": "day"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["parameter"] == "interval"
    assert series(api, holder="KE", interval="month")["buckets"]
