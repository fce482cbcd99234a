"""Stories on real servers: kept as their latest article says, found by every id they went by, listed and paged."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import pytest
from elasticsearch import Elasticsearch

from schemas.annotations import Entity
from schemas.message import Span
from schemas.story import EnrichedArticle, StoryOutlet
from schemas.topics import ENRICHED
from services.publish import Publisher
from services.search.fates import Done
from services.search.index import Index
from services.search.mapping import SHELVES, STORIES
from services.search.settings import SearchSettings
from tests.flow.conftest import RunService
from tests.flow.eventually import eventually
from tests.flow.kept import dead_letters, documents, is_drained
from tests.flow.servers import Servers
from tests.flow.serving import serving
from tests.search.reports import NOON, report, so_far

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]


@pytest.fixture
def settings(servers: Servers, namespace: str) -> SearchSettings:
    return SearchSettings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, namespace=namespace, heartbeat=0.3)


@pytest.fixture
def publisher(settings: SearchSettings) -> Iterator[Publisher]:
    publisher = Publisher(settings)
    yield publisher
    publisher.close()


@pytest.fixture
def api(settings: SearchSettings) -> Iterator[httpx.Client]:
    with serving(settings) as client:
        yield client


@pytest.fixture
def put(settings: SearchSettings) -> Iterator[Any]:
    """Put articles and their stories in the indices so that the next search finds them."""
    with Elasticsearch(settings.elasticsearch) as client:
        index = Index(client, settings)

        def put(*articles: EnrichedArticle) -> None:
            eventually(lambda: all(isinstance(fate, Done) for fate in index.add(articles)), within=90)
            for shelf in SHELVES:
                client.indices.refresh(index=shelf.alias(settings.namespace))

        yield put


def told(number: int, story: str = "pact", *, version: int | None = None, **changes: Any) -> EnrichedArticle:
    """An article of a story, which it says to stand so; by default the story's first `number` articles have come."""
    version = version or number
    telling = so_far(version, **changes.pop("telling", {}))
    return report(number, **{"story": story, "position": version, "so_far": telling, **changes})


def stories(servers: Servers, namespace: str) -> dict[str, Any]:
    return documents(servers, namespace, STORIES)


def listed(api: httpx.Client, **asked: Any) -> list[str]:
    answer = api.get("/stories", params=asked)
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["total"] == len(page["stories"])
    return [story["id"] for story in page["stories"]]


def test_the_same_stories_twice_and_in_any_order_are_the_same_documents(
    servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    articles = [
        told(number, f"story-{number % 7}", telling={"merged": (f"old-{number % 7}",)}) for number in range(1, 60)
    ]
    run_service("services.search", "index", env={"DATELINE_SEARCH_BATCH": "20"})
    publisher.publish_all(ENRICHED, articles)
    drained = partial(is_drained, servers, namespace, ENRICHED, "index")
    eventually(drained, within=60)
    before = json.dumps([documents(servers, namespace), stories(servers, namespace)])
    kept = stories(servers, namespace)
    assert {story: version for story, (version, _) in kept.items() if story.startswith("story")} == {
        f"story-{number % 7}": number for number in range(53, 60)
    }
    assert kept["old-4"][1] == {"id": "old-4", "merged_into": "story-4"}
    publisher.publish_all(ENRICHED, reversed(articles))
    eventually(drained, within=60)
    assert json.dumps([documents(servers, namespace), stories(servers, namespace)]) == before
    assert dead_letters(servers, namespace) == []


def test_an_older_article_of_a_story_never_takes_it_back(
    servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    run_service("services.search", "index")
    publisher.publish(ENRICHED, told(5))
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "index"), within=60)
    publisher.publish_all(ENRICHED, [told(3), report(9)])
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "index"), within=60)
    ((version, source),) = stories(servers, namespace).values()
    assert (version, source["articles"]) == (5, 5)
    assert len(documents(servers, namespace)) == 3


def test_a_story_of_its_own_that_comes_late_does_not_undo_its_end(put: Any, servers: Servers, namespace: str) -> None:
    flood = told(4, "flood")
    put(told(9, "pact", telling={"merged": ("flood",)}))
    put(flood)
    assert stories(servers, namespace)["flood"] == (9, {"id": "flood", "merged_into": "pact"})


def test_no_article_of_a_merged_story_is_lost_from_search_by_story(put: Any, api: httpx.Client) -> None:
    put(told(1, "flood"), told(2, "flood"), told(3, "pact"), report(90, story="fire"))
    put(told(4, "pact", version=7, telling={"merged": ("flood",)}))
    everything = {told(number).article.id for number in (1, 2, 3, 4)}
    for asked in ("pact", "flood"):
        page = api.get("/articles", params={"story": asked}).json()
        assert {article["id"] for article in page["articles"]} == everything, asked
        story = api.get(f"/stories/{asked}").json()
        assert [article["id"] for article in story["articles"]] == [told(number).article.id for number in (1, 2, 3, 4)]
        assert (story["id"], story["asked"], story["total"], story["merged"]) == ("pact", asked, 4, ["flood"])
        by_q = api.get("/articles", params={"q": f"story:{asked}"}).json()
        assert {article["id"] for article in by_q["articles"]} == everything, asked
    assert api.get("/articles", params={"story": "fire,flood"}).json()["total"] == 5
    assert api.get("/articles", params={"q": "NOT story:flood"}).json()["total"] == 1
    assert listed(api) == ["pact"]
    assert listed(api, story="flood") == ["pact"]
    assert listed(api, story="flood", to=told(2).article.published.isoformat()) == ["pact"]


def test_a_story_is_read_with_all_that_is_known_of_it(put: Any, api: httpx.Client) -> None:
    put(told(1), told(2))
    story = api.get("/stories/pact").json()
    assert (story["title"], story["total"], story["growth"], story["duplicates"]) == ("A water pact", 2, 2, 0)
    assert story["outlets"] == [{"domain": "savannah-post.example", "country": "KE", "articles": 2}]
    assert (story["actors"][0]["name"], story["places"][0]["geonames"]) == ("Kenya", 184745)
    assert [hour["articles"] for hour in story["hours"]] == [1, 1]
    (development,) = story["developments"]
    assert (development["id"], development["support"], development["article"]) == ("d-1", 1, told(1).article.id)
    assert api.get("/stories/none").status_code == 404


NAMED = (Entity(id="Q56226", name="Kim Jong-un", kind="person", spans=(Span(start=0, end=1),), wikidata="Q56226"),)
OUTLETS = tuple(StoryOutlet(domain=f"{letter}.example", articles=1) for letter in "abc")
SHELF = [
    told(1, "small", telling={"last_published": NOON + timedelta(days=3)}, entities=NAMED, stances=()),
    told(30, "large", telling={"outlets": OUTLETS}),
    told(8, "fast", telling={"last_published": NOON + timedelta(days=1), "articles": 8}, title="A quake"),
]
LISTS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["small", "large", "fast"]),
    ({"sort": "recency"}, ["small", "large", "fast"]),
    ({"sort": "size"}, ["large", "fast", "small"]),
    ({"sort": "growth"}, ["large", "fast", "small"]),
    ({"min_articles": 8}, ["large", "fast"]),
    ({"min_outlets": 2}, ["large"]),
    ({"active_from": "2026-03-05"}, ["small"]),
    ({"active_to": "2026-03-03"}, ["small", "large", "fast"]),
    ({"active_to": "2026-03-02"}, []),
    ({"q": "quake"}, ["fast"]),
    ({"entity": "Kim Jong Un"}, ["small"]),
    ({"entity": "Q114", "min_articles": 10}, ["large"]),
    ({"outlet": "a.example"}, []),  # asked of articles
    ({"story": ["small", "fast"]}, ["small", "fast"]),
    ({"development": "new_story", "from": "2026-03-03T12:08:00Z", "sort": "size"}, ["large", "fast"]),
]


def test_stories_are_listed_in_each_order_and_by_each_filter(put: Any, api: httpx.Client) -> None:
    put(*SHELF, report(99, story="untold"))
    for asked, expected in LISTS:
        assert listed(api, **asked) == expected, asked


@pytest.mark.parametrize("asked", [{"sort": "size"}, {"q": "pact", "sort": "recency"}])
def test_pages_of_stories_neither_skip_nor_double_while_they_grow(
    put: Any, api: httpx.Client, asked: dict[str, Any]
) -> None:
    names = [f"story-{number}" for number in range(150)]
    put(*(told(number, name, version=1 + number % 5) for number, name in enumerate(names)))
    done = threading.Event()

    def write() -> None:
        version = 10
        while not done.is_set():
            version += 1
            put(*(told(number, name, version=version + number % 3) for number, name in enumerate(names[::3])))
            put(told(version, f"late-{version}"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        page = api.get("/stories", params={**asked, "size": 17}).json()
        total, seen = page["total"], [story["id"] for story in page["stories"]]
        while page["next"]:
            page = api.get("/stories", params={"cursor": page["next"]}).json()
            assert page["total"] == total
            seen += [story["id"] for story in page["stories"]]
    finally:
        done.set()
        writer.join()
    assert len(seen) == len(set(seen)) == total
    assert set(names) <= set(seen)


def test_a_cursor_of_one_list_is_none_of_another(put: Any, api: httpx.Client) -> None:
    put(*(told(number, f"story-{number}", version=number) for number in range(1, 5)))
    cursor = api.get("/stories", params={"size": 1, "min_articles": 2}).json()["next"]
    assert api.get("/articles", params={"cursor": cursor}).status_code == 422
    assert api.get("/stories", params={"cursor": cursor, "min_articles": 3}).status_code == 422
    assert api.get("/stories", params={"cursor": cursor, "sort": "size"}).status_code == 422
    assert api.get("/stories", params={"cursor": cursor, "min_articles": 2, "size": 3}).json()["total"] == 3


def test_near_duplicates_are_folded_and_articles_grouped_by_story(put: Any, api: httpx.Client) -> None:
    def copies(number: int, original: int) -> EnrichedArticle:
        return told(number, "pact", duplicate_of=report(original).article.id, shared=0.9)

    put(told(1, "pact"), copies(2, 1), copies(3, 1), told(4, "pact"), told(5, "quake", title="A quake"))

    def found(**asked: Any) -> list[tuple[str, int]]:
        page = api.get("/articles", params=asked).json()
        shown = [(article["id"], article["stands_for"]) for article in page["articles"]]
        while page["next"]:
            page = api.get("/articles", params={"cursor": page["next"]}).json()
            shown += [(article["id"], article["stands_for"]) for article in page["articles"]]
        return shown

    one = {number: report(number).article.id for number in range(1, 6)}
    for size in (1, 2, 20):
        folded = found(fold_duplicates=True, size=size)
        assert folded == [(one[5], 1), (one[4], 1), (one[3], 3)]
        assert found(group_by="story", size=size) == [(one[5], 1), (one[4], 4)]
    # A copy is there where only it meets the question, and counts what does.
    assert found(fold_duplicates=True, **{"from": "2026-03-03T12:02:00Z", "to": "2026-03-03T12:05:00Z"}) == [
        (one[4], 1),
        (one[3], 2),
    ]
    page = api.get("/articles", params={"fold_duplicates": True, "size": 1}).json()
    assert (page["total"], page["total_is_exact"]) == (5, True)
    assert api.get("/articles", params={"fold_duplicates": True, "group_by": "story"}).status_code == 422
    assert api.get("/articles", params={"cursor": page["next"], "group_by": "story"}).status_code == 422
    (copy,) = [
        article for article in api.get("/articles", params={"size": 4}).json()["articles"] if article["id"] == one[2]
    ]
    assert (copy["duplicate_of"], copy["shared"]) == (one[1], 0.9)
