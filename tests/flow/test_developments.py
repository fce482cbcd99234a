"""Developments on real servers: told once, paged while more come, read as a feed, and followed without a miss."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from elasticsearch import Elasticsearch

from schemas.message import Span
from schemas.story import Development, EnrichedArticle, ToldDevelopment
from schemas.topics import ENRICHED
from services.publish import Publisher
from services.search import development_query
from services.search.fates import Done
from services.search.index import Index
from services.search.mapping import SHELVES
from services.search.settings import SearchSettings
from tests.flow.eventually import eventually
from tests.flow.listener import Listener
from tests.flow.servers import Servers
from tests.flow.serving import serving
from tests.search.reports import NOON, report, so_far

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

WITHIN = 30.0


@pytest.fixture
def settings(servers: Servers, namespace: str) -> SearchSettings:
    return SearchSettings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, namespace=namespace, heartbeat=0.3)


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


def brings(number: int, *ids: str, kind: Any = "new_actor", score: float = 0.5, **changes: Any) -> EnrichedArticle:
    """An article that brings these developments, all of a kind and weight; in a story of its own if not told."""
    new = tuple(
        Development(id=one, kind=kind, reason=f"{one} is new.", score=score, subject=one, spans=(Span(start=0, end=5),))
        for one in ids
    )
    return report(number, **{"story": f"story-{number}", "developments": new, **changes})


def told_by(development: str, *outlets: str) -> ToldDevelopment:
    return ToldDevelopment(
        id=development,
        kind="new_actor",
        reason=f"{development} is new.",
        score=0.5,
        article="0" * 32,
        published=NOON,
        outlets=outlets,
    )


def page_of(api: httpx.Client, **asked: Any) -> dict[str, Any]:
    answer = api.get("/developments", params=asked)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def ids(api: httpx.Client, **asked: Any) -> list[str]:
    """All that is found, over as many pages as it takes."""
    page = page_of(api, **asked)
    found = [one["id"] for one in page["developments"]]
    while page["next"]:
        page = page_of(api, cursor=page["next"])
        found += [one["id"] for one in page["developments"]]
    return found


@pytest.mark.parametrize("most_by_id", [development_query.MOST_SUPPORTED, 1])
def test_developments_are_found_by_what_is_asked_of_them_their_articles_and_their_support(
    put: Any, api: httpx.Client, monkeypatch: pytest.MonkeyPatch, most_by_id: int
) -> None:
    monkeypatch.setattr(development_query, "MOST_SUPPORTED", most_by_id)
    known = (told_by("b", "x.example", "y"), told_by("z", "x.example", "y"))
    put(
        brings(1, "a", "b", score=0.9),
        brings(2, "c", kind="correction", outlet={"domain": "paper.example"}, title="A quake"),
        report(3, developments=(), story="story-1", so_far=so_far(3, developments=known)),
        brings(4, "d", story="story-1", score=0.2),
    )
    everything = ["d", "c", "a", "b"]
    for asked, expected in (
        ({}, everything),
        ({"kind": "correction"}, ["c"]),
        ({"kind": "correction,new_actor"}, everything),
        ({"min_score": 0.9}, ["a", "b"]),
        ({"min_support": 2}, ["b"]),
        ({"min_support": 1, "min_score": 0.5}, ["c", "a", "b"]),
        ({"outlet": "paper.example"}, ["c"]),
        ({"q": "quakes"}, ["c"]),
        ({"story": "story-1", "kind": "new_actor"}, ["d", "a", "b"]),
        ({"from": "2026-03-03T12:02:00Z"}, ["d", "c"]),
        ({"q": "nothing"}, []),
    ):
        assert ids(api, **asked) == expected, asked
        assert ids(api, size=1, **asked) == expected, asked
    (told,) = page_of(api, min_support=2)["developments"]
    assert (told["words"], told["outlets"], told["support"]) == (["Kenya"], ["x.example", "y"], 2)
    assert (told["story"], told["story_title"], told["subject"]) == ("story-1", "A water pact", "b")
    assert (told["article"]["id"], told["article"]["outlet"]["country"]) == (report(1).article.id, "KE")


def test_what_a_merged_story_told_is_told_of_the_one_that_it_became_part_of(put: Any, api: httpx.Client) -> None:
    put(brings(1, "a", story="flood"))
    both = {"merged": ("flood",), "developments": (told_by("a", "x.example", "y.example"),)}
    put(brings(2, "b", story="pact", so_far=so_far(9, **both)))
    for story in ("pact", "flood"):
        assert ids(api, story=story) == ["b", "a"]
    (old,) = page_of(api, min_support=2)["developments"]
    assert (old["id"], old["story"], old["support"]) == ("a", "pact", 2)


def test_pages_neither_skip_nor_double_while_developments_come(put: Any, api: httpx.Client) -> None:
    # Some bring several, and many share a date, so that pages end within articles and between equals.
    known = [
        brings(number, *(f"{number}-{one}" for one in range(1 + number % 3)), published=NOON + timedelta(number // 20))
        for number in range(100)
    ]
    put(*known)
    done = threading.Event()

    def write() -> None:
        number = 1_000
        while not done.is_set():
            number += 1
            # New ones, and new revisions of the first ten, which bring something else.
            put(brings(number, f"{number}-0"), brings(number % 10, f"{number}-1", revision=number))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = ids(api, size=7)
    finally:
        done.set()
        writer.join()
    assert len(found) == len(set(found))
    assert {new.id for article in known[10:] for new in article.moment.developments} <= set(found)


def test_a_cursor_goes_on_where_its_page_ended(put: Any, api: httpx.Client) -> None:
    put(brings(1, "a", "b", "c"))
    first = page_of(api, size=2)
    put(brings(2, "later"))
    assert [one["id"] for one in page_of(api, cursor=first["next"])["developments"]] == ["c"]
    assert api.get("/developments", params={"cursor": first["next"], "kind": "surge"}).status_code == 422
    assert api.get("/stories", params={"cursor": first["next"]}).status_code == 422


def test_a_feed_reader_is_told_the_newest(put: Any, api: httpx.Client) -> None:
    put(brings(1, "a", title="<b>Bold</b> & brave"), brings(2, "b"))
    answer = api.get("/developments.atom", params={"kind": "new_actor", "q": "kenya"})
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    atom = "{http://www.w3.org/2005/Atom}"
    links = [link.get("href") for link in feed.iter(f"{atom}link")]
    assert links == [str(answer.url), report(2).article.url, report(1).article.url]
    assert "<b>Bold</b> & brave" in (list(feed.iter(f"{atom}summary"))[1].text or "")
    assert api.get("/developments.atom", params={"cursor": "x"}).status_code == 422


def test_a_stream_that_was_cut_off_misses_no_development(settings: SearchSettings, api: httpx.Client) -> None:
    publisher = Publisher(settings)
    eventually(lambda: api.get("/developments/stream", params={"after": "x"}).status_code == 422, within=WITHIN)
    follow = {"path": "/developments/stream"}
    with Listener(str(api.base_url), **follow) as listener:
        eventually(lambda: listener.last_id is not None, within=WITHIN)
    publisher.publish_all(ENRICHED, [brings(number, f"{number}-0", f"{number}-1") for number in range(20)])
    everything = {f"{number}-{one}" for number in range(20) for one in range(2)}
    with Listener(str(api.base_url), last_id=listener.last_id, **follow) as listener:
        eventually(lambda: set(listener.ids("development")) == everything, within=WITHIN)
        publisher.publish_all(ENRICHED, [brings(5, "5-0", "5-1"), brings(20, "20-0")])
        eventually(lambda: "20-0" in listener.ids("development"), within=WITHIN)
        assert len(listener.ids("development")) == len(everything) + 1
    publisher.publish_all(ENRICHED, [brings(number, f"{number}-0") for number in range(21, 30)])
    with Listener(str(api.base_url), last_id=listener.last_id, **follow) as listener:
        eventually(lambda: len(listener.ids("development")) == 9, within=WITHIN)
        assert {event.kind for event in listener.events} == {"development"}
        assert listener.events[0].data["words"] == ["Kenya"]
    publisher.close()


def test_a_reader_follows_one_story_and_one_kind_through_its_merging(
    settings: SearchSettings, api: httpx.Client
) -> None:
    publisher = Publisher(settings)
    path = "/developments/stream?story=flood&kind=new_actor"
    with Listener(str(api.base_url), path=path) as listener:
        eventually(lambda: listener.last_id is not None, within=WITHIN)
        publisher.publish_all(
            ENRICHED,
            [
                brings(1, "a", story="flood"),
                brings(2, "b", story="flood", kind="surge"),
                brings(3, "c", story="quake"),
                brings(4, "d", story="pact", so_far=so_far(9, merged=("flood",))),
            ],
        )
        eventually(lambda: set(listener.ids("development")) == {"a", "d"}, within=WITHIN)
    publisher.close()


def test_a_place_of_another_topic_is_a_gap(settings: SearchSettings, api: httpx.Client) -> None:
    publisher = Publisher(settings)
    publisher.publish(ENRICHED, brings(1, "a"))
    with Listener(str(api.base_url), path="/developments/stream", last_id="-1.-1.-1.-1.-1.900") as listener:
        eventually(lambda: listener.ids("development") == ["a"], within=WITHIN)
        gap = next(event for event in listener.events if event.kind == "gap")
        assert json.loads(json.dumps(gap.data)) == {"missed_from": 901, "kept_from": 0, "partition": 5}
    publisher.close()
