"""What is asked beside the question, on the real index: fields, age, hindsight, likeness, names that belong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from elasticsearch import Elasticsearch

from schemas.annotations import Entity
from schemas.message import Span
from schemas.story import EnrichedArticle
from services.search.fates import Done
from services.search.index import Index
from services.search.settings import SearchSettings
from tests.flow.eventually import eventually
from tests.flow.servers import Servers
from tests.flow.serving import serving
from tests.search.reports import NOON, report

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

DAM = "Engineers said the turbine hall of the Merowe dam was flooded after the spillway gates jammed overnight."
FISH = "The fishing fleet landed record catches of tilapia while traders at the harbour haggled over crates."
SPAN = (Span(start=0, end=5),)


@pytest.fixture
def settings(servers: Servers, namespace: str) -> SearchSettings:
    return SearchSettings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, namespace=namespace)


@pytest.fixture
def api(settings: SearchSettings) -> Iterator[httpx.Client]:
    with serving(settings) as client:
        yield client


@pytest.fixture
def put(settings: SearchSettings) -> Iterator[Any]:
    """Put articles in the index so that the next search finds them."""
    with Elasticsearch(settings.elasticsearch) as client:
        index = Index(client, settings)

        def put(*articles: EnrichedArticle) -> None:
            eventually(lambda: all(isinstance(fate, Done) for fate in index.add(articles)), within=90)
            client.indices.refresh(index=f"{settings.namespace}articles")

        yield put


def answer(api: httpx.Client, path: str, **asked: Any) -> dict[str, Any]:
    found = api.get(path, params=asked)
    assert found.status_code == 200, found.text
    body: dict[str, Any] = found.json()
    return body


def ids(page: dict[str, Any]) -> list[str]:
    return [article["id"] for article in page["articles"]]


def test_only_the_fields_asked_for_are_there_on_every_page(api: httpx.Client, put: Any) -> None:
    put(*(report(number) for number in range(1, 6)))
    whole = answer(api, "/articles", q="pact", size=2, facets="outlet")
    page = answer(api, "/articles", q="pact", size=2, facets="outlet", fields="title,places")
    assert ids(page) == ids(whole)
    assert {**page, "articles": None, "next": None} == {**whole, "articles": None, "next": None}
    for some, every in zip(page["articles"], whole["articles"], strict=True):
        assert some == {name: every[name] for name in ("id", "title", "places")}
    following = answer(api, "/articles", cursor=page["next"], fields="stances")
    assert all(set(article) == {"id", "stances"} and article["stances"] for article in following["articles"])
    by_body = api.post("/articles", json={"criteria": {"q": "pact"}, "size": 2, "fields": ["title", "places"]}).json()
    assert by_body["articles"] == page["articles"]
    grouped = answer(api, "/articles", group_by="story", fields="stands_for")
    assert [set(article) for article in grouped["articles"]] == [{"id", "stands_for"}]


def test_a_field_that_there_is_not_is_refused_with_a_suggestion(api: httpx.Client) -> None:
    refused = api.get("/articles", params={"fields": "title,entites"})
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["parameter"], error["suggestion"]) == ("fields", "entities")
    (error,) = api.post("/articles", json={"fields": ["text"]}).json()["errors"]
    assert error["pointer"] == "#/fields"


def test_age_weighs_against_relevance(api: httpx.Client, put: Any) -> None:
    now = datetime.now(UTC)
    old = report(1, title="Pact, pact, pact", published=now - timedelta(days=60))
    fresh = report(2, title="Elsewhere a pact is signed", published=now - timedelta(days=1))
    off = report(3, title="Rain", text="It rained.", published=now)
    put(old, fresh, off, *(report(number, published=now - timedelta(days=number)) for number in range(10, 40)))
    assert ids(answer(api, "/articles", q="title:pact", sort="relevance"))[0] == old.article.id
    both = answer(api, "/articles", q="title:pact", sort="both", size=5)
    assert ids(both)[0] == fresh.article.id
    seen = ids(both)
    while both["next"]:
        both = answer(api, "/articles", cursor=both["next"])
        seen += ids(both)
    assert len(seen) == len(set(seen)) == both["total"] == 32
    assert old.article.id in seen[-3:]
    assert off.article.id not in seen


def test_what_was_known_then_is_what_had_been_seen(api: httpx.Client, put: Any) -> None:
    late = report(2, published=NOON - timedelta(days=9), seen=NOON + timedelta(days=2))
    put(report(1, seen=NOON), late, report(3, seen=NOON + timedelta(days=1)))
    known = {
        (NOON - timedelta(milliseconds=1)).isoformat(): [],
        NOON.isoformat(): [1],
        "2026-03-04": [1, 3],
        "2026-03-05T12:00:00Z": [1, 2, 3],
        "now": [1, 2, 3],
    }
    for moment, expected in known.items():
        wanted = {report(number).article.id for number in expected}
        assert set(ids(answer(api, "/articles", as_of=moment))) == wanted, moment
        assert set(ids(api.post("/articles", json={"as_of": moment}).json())) == wanted
        assert answer(api, "/articles/histogram", as_of=moment)["total"] == len(wanted)
        assert answer(api, "/articles/tiles", as_of=moment)["total"] == len(wanted)
        lines = api.get("/articles/export", params={"format": "jsonl", "as_of": moment}).text.splitlines()
        assert len(lines) == len(wanted)
    page = answer(api, "/articles", as_of="2026-03-04", q="pact", size=1)
    assert len(ids(answer(api, "/articles", cursor=page["next"]))) == 1
    assert api.get("/articles", params={"cursor": page["next"], "q": "pact", "as_of": "2026-03-05"}).status_code == 422
    refused = api.get("/articles", params={"as_of": "yesterday"})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, "as_of")
    assert api.post("/articles", json={"as_of": "yesterday"}).json()["errors"][0]["pointer"] == "#/as_of"


def test_articles_like_one_are_of_its_matter_and_no_copies(api: httpx.Client, put: Any) -> None:
    one = report(1, title="Turbine hall of Merowe dam flooded", text=DAM, story="dam")
    copy = report(2, title="Turbine hall flooded", text=DAM, story="dam", duplicate_of=one.article.id)
    told = report(3, title="Spillway gates jammed at Merowe", text=f"Officials confirmed. {DAM[:60]}", story="dam")
    before = report(4, title="Merowe turbine order", text=f"Last year: {DAM[20:90]}", story="order")
    again = report(5, title="Order", text=f"Last year: {DAM[20:90]}", story="order", duplicate_of=before.article.id)
    put(one, copy, told, before, again, *(report(number, title="Catch", text=FISH) for number in range(10, 15)))
    like = ids(answer(api, f"/articles/{one.article.id}/similar"))
    assert told.article.id in like
    assert len({before.article.id, again.article.id} & set(like)) == 1
    assert not {one.article.id, copy.article.id} & set(like)
    assert not {report(number).article.id for number in range(10, 15)} & set(like)
    elsewhere = ids(answer(api, f"/articles/{one.article.id}/similar", other_stories=True))
    assert told.article.id not in elsewhere
    assert set(elsewhere) < set(like)
    assert api.get(f"/articles/{'0' * 32}/similar").status_code == 404
    assert api.get("/articles/nothing/similar").status_code == 422
    assert api.get(f"/articles/{one.article.id}/similar", params={"size": 51}).status_code == 422


def actor(name: str) -> Entity:
    return Entity(id=f"local:{name.lower()}", name=name, kind="person", spans=SPAN)


def test_names_that_belong_to_a_question_are_named_there_more_than_elsewhere(api: httpx.Client, put: Any) -> None:
    everywhere, engineer, minister = actor("Everywhere"), actor("Engineer"), actor("Minister")
    at_the_dam = [
        report(number, title="Merowe dam", text=DAM, entities=(everywhere, engineer, minister), stances=())
        for number in range(1, 9)
    ]
    elsewhere = [
        report(number, title="Catch", text=FISH, entities=(everywhere, actor(f"Trader{number % 4}")), stances=())
        for number in range(10, 60)
    ]
    put(*at_the_dam, *elsewhere)
    found = answer(api, "/articles/related", q="merowe dam")
    assert found["sampled"] == 8
    assert {name["name"] for name in found["names"]} == {"Engineer", "Minister"}
    assert {(name["articles"], name["articles_in_all"], name["kind"]) for name in found["names"]} == {(8, 8, "person")}
    asked = answer(api, "/articles/related", q="merowe entity:engineer")
    assert [name["name"] for name in asked["names"]] == ["Minister"]
    assert answer(api, "/articles/related", q="zebra") == {"sampled": 0, "names": []}
    assert "Everywhere" not in {name["name"] for name in answer(api, "/articles/related")["names"]}
    assert len(answer(api, "/articles/related", q="merowe", size=1)["names"]) == 1
