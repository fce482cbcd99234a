"""The API on real servers: what is asked is found, pages hold while articles come, streams resume, outages are said."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from elasticsearch import Elasticsearch
from pydantic import SecretStr

from deploy.local.process import Child, free_port
from schemas.alert import Alert, alert_id
from schemas.annotations import Entity, Place, Stance
from schemas.message import Span
from schemas.story import Development, EnrichedArticle
from schemas.topics import ALERTS
from services.publish import Publisher
from services.search.api.cursor import Signer
from services.search.fates import Done
from services.search.index import Index
from services.search.settings import SearchSettings
from tests.flow.conftest import RunService
from tests.flow.eventually import eventually
from tests.flow.listener import Listener
from tests.flow.servers import Servers
from tests.flow.serving import serving
from tests.search.reports import NOON, report

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

KEY = "a key for these tests alone"
WITHIN = 30.0
"""Seconds for what takes milliseconds on a machine that has nothing else to do."""
SPAN = (Span(start=0, end=5),)

Serve = Callable[..., tuple[Child, httpx.Client]]
Put = Callable[[list[EnrichedArticle]], None]


@pytest.fixture
def settings(servers: Servers, namespace: str) -> SearchSettings:
    return SearchSettings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, namespace=namespace)


@pytest.fixture
def serve(run_service: RunService) -> Iterator[Serve]:
    """Start the API as its own process and wait until it is ready."""
    clients = []

    def start(**env: str) -> tuple[Child, httpx.Client]:
        port = free_port()
        told = {"DATELINE_API_PORT": str(port), "DATELINE_CURSOR_KEY": KEY, "DATELINE_HEARTBEAT": "0.3"}
        child = run_service("services.search", "api", env={**told, **env})
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
        clients.append(client)
        eventually(lambda: client.get("/readyz").status_code == 200, within=60)
        return child, client

    yield start
    for client in clients:
        client.close()


@pytest.fixture
def api(settings: SearchSettings) -> Iterator[httpx.Client]:
    """The API in a thread of this process, which starts sooner; for whatever does not end or restart it."""
    told = settings.model_copy(update={"cursor_key": SecretStr(KEY), "heartbeat": 0.3})
    with serving(told) as client:
        yield client


@pytest.fixture
def put(settings: SearchSettings) -> Iterator[Put]:
    """Put articles in the index so that the next search finds them."""
    with Elasticsearch(settings.elasticsearch) as client:
        index = Index(client, settings)

        def put(articles: list[EnrichedArticle]) -> None:
            # A repeat is harmless, and a busy machine may need one.
            eventually(lambda: all(isinstance(fate, Done) for fate in index.add(articles)), within=90)
            client.indices.refresh(index=f"{settings.namespace}articles")

        yield put


def korea(**changes: Any) -> EnrichedArticle:
    """A report unlike the plain one in everything that can be asked."""
    return report(
        2,
        **{
            "url": "https://paper.example/summit",
            "outlet": {"domain": "paper.example", "name": "Paper", "country": "JP"},
            "title": "Leaders' talks in Pyongyang",
            "text": "Kim condemned the nation's rivals. A defence pact was not signed.",
            "published": NOON + timedelta(days=2),
            "entities": (
                Entity(id="Q56226", name="Kim Jong-un", kind="person", spans=SPAN, wikidata="Q56226", salience=0.9),
                Entity(id="Q884", name="South Korea", kind="location", spans=SPAN, wikidata="Q884"),
            ),
            "places": (
                Place(
                    name="Pyongyang",
                    spans=SPAN,
                    lat=39.03,
                    lon=125.75,
                    country="KP",
                    feature="city",
                    confidence=0.99,
                    reason="the capital",
                ),
            ),
            "stances": (
                Stance(
                    holder="Q56226",
                    holder_name="Kim Jong-un",
                    target="Q884",
                    target_name="South Korea",
                    polarity=-0.8,
                    confidence=0.9,
                    evidence=SPAN,
                ),
            ),
            "story": "talks",
            "novelty": 0.4,
            "developments": (Development(kind="stance_shift", reason="Kim turns against it.", score=0.7),),
            **changes,
        },
    )


PLAIN, KOREA = "plain", "korea"
QUESTIONS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {PLAIN, KOREA}),
    ({"q": "pact"}, {PLAIN, KOREA}),
    ({"q": "talking leader"}, {KOREA}),
    ({"q": "pact talk"}, {KOREA}),
    ({"q": '"defence pacts"'}, {KOREA}),
    ({"q": '"pact defence"'}, set()),
    ({"q": "the"}, {PLAIN, KOREA}),
    ({"q": '"<script>"'}, set()),
    ({"entity": "Q56226"}, {KOREA}),
    ({"entity": "kim jong un"}, {KOREA}),
    ({"entity": ["Kim Jong-un", "Q114"]}, set()),
    ({"country": "kp"}, {KOREA}),
    ({"country": ["KP", "KE"]}, {PLAIN, KOREA}),
    ({"near": "39,125.7", "km": 20}, {KOREA}),
    ({"near": "39,125.7", "km": 2}, set()),
    ({"box": "40,120,35,130"}, {KOREA}),
    ({"box": "40,130,-40,120"}, {PLAIN}),
    ({"stance_holder": "Kim Jong-un"}, {KOREA}),
    ({"stance_holder": "Q56226", "stance_target": "Q115"}, set()),
    ({"polarity_max": -0.5}, {KOREA}),
    ({"polarity_min": 0.8}, {PLAIN}),
    ({"outlet": "Paper.example"}, {KOREA}),
    ({"language": "fr"}, set()),
    ({"from": "2026-03-04"}, {KOREA}),
    ({"to": "2026-03-04"}, {PLAIN}),
    ({"from": "2026-03-03", "to": "2026-03-05"}, {PLAIN, KOREA}),
    ({"novelty_min": 0.4}, {PLAIN, KOREA}),
    ({"novelty_min": 0.41}, {PLAIN}),
    ({"development": "stance_shift"}, {KOREA}),
    ({"story": "talks"}, {KOREA}),
]


def test_each_question_finds_what_answers_it_and_nothing_else(api: httpx.Client, put: Put) -> None:
    articles = {PLAIN: report(1), KOREA: korea()}
    put(list(articles.values()))
    names = {article.article.id: name for name, article in articles.items()}
    for asked, expected in QUESTIONS:
        answer = api.get("/articles", params=asked)
        assert answer.status_code == 200, (asked, answer.text)
        assert {names[article["id"]] for article in answer.json()["articles"]} == expected, asked
        assert answer.json()["total"] == len(expected)


def test_an_answer_marks_what_matched_and_counts_by_facet(api: httpx.Client, put: Put) -> None:
    put([report(1), korea(), report(3, text="A pact of <b>bold</b> words.", title="<script>alert(1)</script> pact")])
    asked = {"q": "pacts", "facets": ["outlet", "country", "language", "entity", "story", "development"]}
    page = api.get("/articles", params=asked).json()
    assert page["total"] == 3
    for article in page["articles"]:
        text = article["excerpts"][0]
        assert {text["text"][mark["start"] : mark["end"]] for mark in text["marks"]} == {"pact"}
    counts = {
        facet: {value["value"]: value["count"] for value in found["values"]} for facet, found in page["facets"].items()
    }
    assert counts == {
        "outlet": {"savannah-post.example": 2, "paper.example": 1},
        "country": {"KE": 2, "KP": 1},
        "language": {"en": 3},
        "entity": {"Q114": 2, "Q115": 2, "Q56226": 1, "Q884": 1},
        "story": {"pact": 2, "talks": 1},
        "development": {"new_story": 2, "stance_shift": 1},
    }
    named = {value["value"]: value["name"] for value in page["facets"]["entity"]["values"]}
    assert named["Q56226"] == "Kim Jong-un"


def test_an_article_is_read_whole_and_a_story_in_order(api: httpx.Client, put: Put) -> None:
    first, second = report(1, position=1), report(2, position=2, outlet={"domain": "other.example"})
    put([second, first])
    whole = api.get(f"/articles/{first.article.id}").json()
    assert whole["text"] == first.article.text
    assert whole["places"][0]["reason"] == "the only Nairobi of its size"
    assert whole["stances"][0]["evidence"] == [{"start": 0, "end": 1}]
    story = api.get("/stories/pact").json()
    assert [article["id"] for article in story["articles"]] == [first.article.id, second.article.id]
    assert [development["article"] for development in story["developments"]] == [first.article.id, second.article.id]
    assert {outlet["domain"] for outlet in story["outlets"]} == {"savannah-post.example", "other.example"}
    assert story["first_published"] < story["last_published"]
    assert api.get("/stories/none").status_code == 404
    assert api.get(f"/articles/{'0' * 32}").status_code == 404


@contextmanager
def writing(put: Put, known: list[EnrichedArticle]) -> Iterator[list[int]]:
    """Put in new articles and new revisions of known ones for as long as the block lasts; yields a count of rounds."""
    done, rounds = threading.Event(), [0]

    def write() -> None:
        while not done.is_set():
            rounds[0] += 1
            fresh = [report(100_000 + rounds[0] * 20 + number) for number in range(20)]
            revised = [
                report(
                    number,
                    revision=1 + rounds[0],
                    title="A pact, a pact, a pact",
                    published=NOON + timedelta(days=rounds[0]),
                )
                for number in range(rounds[0] % 7, len(known), 7)
            ]
            put(fresh + revised)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield rounds
    finally:
        done.set()
        writer.join()


@pytest.mark.parametrize("sort", ["date", "relevance"])
def test_pages_neither_skip_nor_double_while_articles_are_written(api: httpx.Client, put: Put, sort: str) -> None:
    # Many share a date and a score, so that only the tie-breaker tells them apart.
    known = [report(number, published=NOON + timedelta(minutes=number // 50)) for number in range(400)]
    put(known)
    with writing(put, known) as rounds:
        eventually(lambda: rounds[0] > 1, within=WITHIN)
        began = rounds[0]
        page = api.get("/articles", params={"q": "pact", "sort": sort, "size": 23}).json()
        seen = [article["id"] for article in page["articles"]]
        total = page["total"]
        while page["next"]:
            page = api.get("/articles", params={"cursor": page["next"]}).json()
            seen += [article["id"] for article in page["articles"]]
            assert page["total"] == total
        eventually(lambda: rounds[0] > began + 1, within=WITHIN)
    assert len(seen) == len(set(seen)) == total
    assert {article.article.id for article in known} <= set(seen)


def test_a_cursor_belongs_to_its_question_and_expires_with_its_point(
    api: httpx.Client, put: Put, servers: Servers, namespace: str
) -> None:
    put([report(number) for number in range(5)])
    page = api.get("/articles", params={"q": "pact", "size": 2}).json()
    assert api.get("/articles", params={"q": "pact", "cursor": page["next"]}).json()["articles"]
    assert api.get("/articles", params={"q": "talks", "cursor": page["next"]}).status_code == 422
    assert api.get("/articles", params={"sort": "date", "cursor": page["next"]}).status_code == 422
    again = [api.get("/articles", params={"cursor": page["next"]}).json()["articles"] for _ in range(2)]
    assert again[0] == again[1]
    with Elasticsearch(servers.elasticsearch) as client:
        client.close_point_in_time(id=Signer(KEY.encode(), namespace).read(page["next"]).point)
    expired = api.get("/articles", params={"cursor": page["next"]})
    assert expired.status_code == 410
    assert "ask again" in expired.json()["detail"]


def test_a_saved_search_is_kept_and_can_be_taken_back(serve: Serve) -> None:
    _, api = serve()
    saved = api.post("/searches", json={"name": "Pacts", "criteria": {"q": "pact", "country": ["kp"]}})
    assert saved.status_code == 201
    found = api.get(saved.headers["Location"])
    assert found.json() == saved.json()
    assert found.json()["criteria"]["country"] == ["KP"]
    _, other = serve()
    eventually(lambda: other.get("/searches").json() == {"searches": [saved.json()]}, within=WITHIN)
    assert api.delete(saved.headers["Location"]).status_code == 204
    assert api.get(saved.headers["Location"]).status_code == 404
    assert api.delete(saved.headers["Location"]).status_code == 404
    eventually(lambda: other.get("/searches").json() == {"searches": []}, within=WITHIN)


def alert(number: int, search: str = "pacts") -> Alert:
    moment = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return Alert(
        id=alert_id(search, 1, "s", str(number)),
        search=search,
        search_name=search.title(),
        search_version=1,
        article=f"{number:032x}",
        url=f"https://paper.example/{number}",
        title=f"Report {number}\nof “pacts”",
        outlet="paper.example",
        published=moment,
        story="s",
        reason=str(number),
        raised=moment,
    )


def test_a_stream_that_was_cut_off_misses_nothing(serve: Serve, settings: SearchSettings) -> None:
    """Cut off before its first alert, between alerts, and by a restart of the API; repeats come once."""
    process, api = serve()
    publisher = Publisher(settings)
    with Listener(str(api.base_url)) as listener:
        eventually(lambda: listener.last_id is not None, within=WITHIN)
    publisher.publish_all(ALERTS, [alert(1), alert(2), alert(1)])
    with Listener(str(api.base_url), last_id=listener.last_id) as listener:
        eventually(lambda: listener.alerts() == [alert(1).id, alert(2).id], within=WITHIN)
        publisher.publish_all(ALERTS, [alert(3), alert(2), alert(4)])
        eventually(lambda: listener.alerts() == [alert(n).id for n in (1, 2, 3, 4)], within=WITHIN)
        assert listener.events[0].data["title"] == alert(1).title
        process.stop()
        eventually(lambda: listener.ended, within=WITHIN)
    assert process.exit_code == 0
    publisher.publish_all(ALERTS, [alert(5), alert(6)])
    _, api = serve()
    with Listener(str(api.base_url), last_id=listener.last_id) as listener:
        eventually(lambda: listener.alerts() == [alert(5).id, alert(6).id], within=WITHIN)
        assert {event.kind for event in listener.events} == {"alert"}
    eventually(lambda: api.get("/alerts").json()["alerts"][0]["alert"]["id"] == alert(6).id, within=WITHIN)
    publisher.close()


def test_a_stream_of_one_search_resumes_past_the_alerts_of_others(serve: Serve, settings: SearchSettings) -> None:
    """Its own last alert may be long gone: what it has been told of since is no gap."""
    _, api = serve(DATELINE_KEPT_ALERTS="25")
    publisher = Publisher(settings)
    with Listener(str(api.base_url), search="talks") as listener:
        publisher.publish_all(ALERTS, [alert(1, "talks"), *(alert(number) for number in range(20))])
        eventually(lambda: listener.last_id == "20", within=WITHIN)
        publisher.publish_all(ALERTS, [alert(number) for number in range(20, 40)])
        eventually(lambda: listener.last_id == "40", within=WITHIN)
        assert listener.alerts() == [alert(1, "talks").id]
    publisher.publish_all(ALERTS, [alert(2, "talks")])
    with Listener(str(api.base_url), search="talks", last_id=listener.last_id) as listener:
        eventually(lambda: listener.alerts() == [alert(2, "talks").id], within=WITHIN)
        assert [event.kind for event in listener.events] == ["alert"]
    publisher.close()


def test_a_reader_who_was_away_too_long_is_told_of_the_gap(serve: Serve, settings: SearchSettings) -> None:
    _, api = serve(DATELINE_KEPT_ALERTS="5")
    publisher = Publisher(settings)
    publisher.publish_all(ALERTS, [alert(number) for number in range(20)])
    eventually(lambda: api.get("/alerts").json()["last"] == 19, within=WITHIN)
    with Listener(str(api.base_url), last_id="3") as listener:
        eventually(lambda: len(listener.alerts()) == 5, within=WITHIN)
        assert listener.events[0].kind == "gap"
        assert listener.events[0].data == {"missed_from": 4, "kept_from": 15}
    publisher.close()


def test_an_outage_of_elasticsearch_is_said_and_passes(api: httpx.Client, put: Put, servers: Servers) -> None:
    if servers.elasticsearch_control is None:
        pytest.skip("this Elasticsearch is not ours to stop")
    put([report(1)])
    servers.elasticsearch_control.pause()
    try:
        for path in ("/articles", "/readyz"):
            answer = api.get(path)
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) > 0
        assert api.get("/healthz").status_code == 200
    finally:
        servers.elasticsearch_control.resume()
    eventually(lambda: api.get("/articles").json()["total"] == 1, within=WITHIN)


def test_an_outage_of_kafka_is_said_and_passes(api: httpx.Client, servers: Servers, settings: SearchSettings) -> None:
    if servers.kafka_control is None:
        pytest.skip("this Kafka is not ours to stop")
    with Listener(str(api.base_url)) as listener:
        servers.kafka_control.kill()
        try:
            eventually(lambda: api.get("/readyz").status_code == 503, within=90)
            assert api.post("/searches", json={"name": "n", "criteria": {"q": "pact"}}).status_code == 503
            assert api.get("/articles").status_code == 200
        finally:
            servers.kafka_control.start()
        eventually(lambda: api.get("/readyz").status_code == 200, within=90)
        publisher = Publisher(settings)
        publisher.publish(ALERTS, alert(1))
        eventually(lambda: listener.alerts() == [alert(1).id], within=WITHIN)
        publisher.close()
    again = {"name": "n", "criteria": {"q": "pact"}}
    eventually(lambda: api.post("/searches", json=again).status_code == 201, within=WITHIN)


def test_a_body_asks_what_the_parameters_ask(put: Put, api: httpx.Client) -> None:
    put([report(number) for number in range(1, 8)])
    put([korea()])
    question = "(pact OR talks) NOT person:nobody country:(KE OR KP) published:[now-9999d TO now]"
    tree = {
        "ask": "all",
        "of": [
            {"ask": "any", "of": [{"ask": "word", "text": "pact"}, {"ask": "word", "text": "talks"}]},
            {"ask": "one_of", "field": "country", "values": ["KE", "KP"]},
        ],
    }
    asked: dict[str, Any] = {"size": 3, "sort": "date", "facets": ["country"]}
    by_address = api.get("/articles", params={"q": question, **asked}).json()
    by_words = api.post("/articles", json={"criteria": {"q": question}, **asked}).json()
    by_tree = api.post("/articles", json={"criteria": {"query": tree}, **asked}).json()
    assert by_address["total"] == 8
    for page in (by_words, by_tree):
        assert {**page, "next": None, "articles": None} == {**by_address, "next": None, "articles": None}
        assert [one["id"] for one in page["articles"]] == [one["id"] for one in by_address["articles"]]
    next_by_body = api.post("/articles", json={"cursor": by_words["next"]}).json()
    next_by_address = api.get("/articles", params={"cursor": by_address["next"]}).json()
    assert [one["id"] for one in next_by_body["articles"]] == [one["id"] for one in next_by_address["articles"]]


def test_words_anywhere_in_a_question_give_the_order_and_the_marks(put: Put, api: httpx.Client) -> None:
    put([report(1), korea()])
    page = api.get("/articles", params={"q": "(title:talk* OR condemned) -treaty"}).json()
    (article,) = page["articles"]
    marked = [one["text"][at["start"] : at["end"]] for one in article["excerpts"] for at in one["marks"]]
    assert set(marked) == {"talks", "condemned"}
