"""The app with both servers away: it starts, lives, says what is missing, and refuses what cannot be meant."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.search.api.app import create_app
from services.search.settings import SearchSettings

NOWHERE = "127.0.0.1:1"
"""Nothing listens on port 1 of loopback."""


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    nowhere = SearchSettings(kafka=NOWHERE, elasticsearch=f"http://{NOWHERE}")
    app, here = create_app(nowhere), ("127.0.0.1", 1)
    with TestClient(app, f"http://{NOWHERE}", raise_server_exceptions=False, client=here) as client:
        yield client


def test_it_lives_without_its_servers(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}


def test_it_is_not_ready_and_says_why(client: TestClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert len(answer.json()["errors"]) == 2
    assert "elasticsearch cannot be reached" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/articles"),
        ("GET", f"/articles/{'0' * 32}"),
        ("GET", "/stories"),
        ("GET", "/stories/s"),
        ("GET", "/developments"),
        ("GET", "/developments.atom"),
        ("GET", "/developments/stream"),
        ("GET", "/searches"),
        ("POST", "/searches"),
        ("GET", "/alerts"),
        ("GET", "/alerts/stream"),
    ],
)
def test_what_needs_a_server_that_is_away_is_to_be_asked_again(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path, json={"name": "n", "criteria": {"q": "x"}} if method == "POST" else None)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("path", "parameter", "suggestion"),
    [
        ("/articles?entities=Q7747", "entities", "entity"),
        ("/articles?Country=KP", "Country", "country"),
        ("/articles?zzz=1", "zzz", None),
        ("/articles?size=1&size=2", "size", None),
        ("/healthz?verbose=1", "verbose", None),
        ("/searches?size=1", "size", None),
        ("/?q=pact", "q", None),
        ("/articles?size=0", "size", None),
        ("/articles?size=101", "size", None),
        ("/articles?facets=author", "facets", None),
        ("/articles?facets=outlet,author", "facets", None),
        ("/articles?cursor=made-up", "cursor", None),
        ("/articles?group_by=outlet", "group_by", None),
        ("/articles?group_by=story&fold_duplicates=true", "fold_duplicates", None),
        ("/stories?sort=date", "sort", None),
        ("/stories?min_article=2", "min_article", "min_articles"),
        ("/stories?min_outlets=0", "min_outlets", None),
        ("/stories?active_from=soon", "active_from", None),
        ("/stories?active_from=2026-03-03&active_to=2026-03-01", "active_from", None),
        ("/stories?cursor=made-up", "cursor", None),
        ("/stories?facets=outlet", "facets", None),
        ("/developments?kind=news", "kind", None),
        ("/developments?min_score=2", "min_score", None),
        ("/developments?min_support=0", "min_support", None),
        ("/developments?sort=date", "sort", "story"),
        ("/developments.atom?cursor=x", "cursor", None),
        ("/developments/stream?after=x", "after", None),
        ("/developments/stream?kind=news", "kind", None),
        ("/alerts/stream?after=-2", "after", None),
        ("/articles/not-an-id", "article", None),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_named(
    client: TestClient, path: str, parameter: str, suggestion: str | None
) -> None:
    answer = client.get(path)
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    assert fault["parameter"] == parameter
    assert fault.get("suggestion") == suggestion


@pytest.mark.parametrize("query", ["facets=country,outlet", "facets=country&facets=outlet", "country=KP,RU"])
def test_several_values_are_taken_to_the_index_in_either_form(client: TestClient, query: str) -> None:
    assert client.get(f"/articles?{query}").status_code == 503


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "n"}, "#/criteria"),
        ({"name": "", "criteria": {}}, "#/name"),
        ({"name": "n", "criteria": {}, "id": "mine"}, "#/id"),
        ({"name": "n", "criteria": {"queery": "x"}}, "#/criteria/queery"),
        ({"name": "n", "criteria": {"near": {"lat": 100, "lon": 0, "km": 1}}}, "#/criteria/near/lat"),
        ({"name": "n", "criteria": {"country": ["KP", "Korea"]}}, "#/criteria/country/1"),
        ({"name": "n", "criteria": {}}, "#/criteria"),
        ({"name": "n", "criteria": {}, "on": "any"}, "#/criteria"),
        ({"name": "n", "criteria": {"q": "x"}, "on": "all"}, "#/on"),
        ({"name": "n", "criteria": {"q": "x"}, "on": "any", "kinds": ["surge"]}, "#"),
        ({"name": "n", "criteria": {"q": "x"}, "cooldown": -1}, "#/cooldown"),
        ({"name": "n", "criteria": {"q": "x"}, "deliver": [{}]}, "#/deliver/0"),
        (
            {"name": "n", "criteria": {"q": "x"}, "deliver": [{"webhook": {"url": "x", "secret": "s"}}]},
            "#/deliver/0/webhook/url",
        ),
    ],
)
def test_a_body_that_cannot_be_meant_is_pointed_into(client: TestClient, body: object, pointer: str) -> None:
    answer = client.post("/searches", json=body)
    assert answer.status_code == 422, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_what_is_no_json_is_said_to_be_none(client: TestClient) -> None:
    answer = client.post("/searches", content=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert "not JSON" in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"\xff\xfe{}", b'{"name": "\xe9"}', b"[" * 200_000])
def test_a_body_that_is_no_text_or_has_no_end_is_pointed_at(client: TestClient, body: bytes) -> None:
    answer = client.post("/searches", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["#"]


@pytest.mark.parametrize("path", ["/alerts/stream", "/developments/stream"])
def test_a_last_event_id_that_is_none_is_refused(client: TestClient, path: str) -> None:
    assert client.get(path, headers={"Last-Event-ID": "abc"}).status_code == 422


def test_what_is_not_there_is_a_problem_too(client: TestClient) -> None:
    for answer, status in ((client.get("/nowhere"), 404), (client.put("/articles"), 405)):
        assert answer.status_code == status
        assert answer.json()["status"] == status
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_request_s_id_comes_back_and_one_that_cannot_be_one_is_replaced(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "mine-1"}).headers["X-Request-ID"] == "mine-1"
    made = client.get("/healthz", headers={"X-Request-ID": "not one\x7f"}).headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", made)
    failed = client.get("/nowhere", headers={"X-Request-ID": "mine-2"})
    assert failed.json()["request_id"] == failed.headers["X-Request-ID"] == "mine-2"


def test_the_start_page_runs_no_script(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text


def test_the_page_of_all_paths_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert not re.findall(r"(?:https?:)?//[a-z]", page.text), page.text
    loaded = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    assert len(loaded) == 2
    for part in loaded:
        answer = client.get(part)
        assert answer.status_code == 200, part
        assert len(answer.content) > 100_000
    assert "connect-src 'self'" in page.headers["Content-Security-Policy"]


def test_the_description_that_the_page_shows_is_where_it_looks_for_it(client: TestClient) -> None:
    assert "url: '/openapi.json'" in client.get("/docs").text
    # Swagger UI 4 cannot read OpenAPI 3.1; 5 can.
    assert client.get("/openapi.json").json()["openapi"].startswith("3.1")
    assert re.search(rb'PACKAGE_VERSION:"[5-9]', client.get("/docs/parts/swagger-ui-bundle.js").content)


PARAMETERS = ["q", "entity", "country", "near", "km", "box", "stance_holder", "polarity_min", "outlet", "language"]
PARAMETERS += ["stance_target", "stance_quoted", "outlet_country"]
STANCES = ["holder", "target", "interval", "from", "to", "outlet", "outlet_country", "quoted", "time_zone", "by", "x"]
PARAMETERS += ["from", "to", "novelty_min", "development", "story", "sort", "size", "cursor", "facets", "unknown"]
LISTS = ["q", "story", "from", "min_articles", "min_outlets", "active_from", "active_to", "sort", "size", "cursor"]
LISTS += ["kind", "min_score", "min_support", "after"]
PIECES = [
    '"',
    "“",
    "*",
    "NOT",
    "-x",
    ":",
    ",",
    "\0",
    "1",
    "-0",
    "90.5",
    "1e309",
    "NaN",
    "KP",
    "country:",
    "date",
    "9999-12-31",
    "İ",
    "\ufffd",
]
values = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=4).map("".join)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.tuples(st.sampled_from(PARAMETERS), values), min_size=1, max_size=3))
def test_whatever_is_asked_is_refused_with_reasons_or_taken_to_the_index(
    client: TestClient, asked: list[tuple[str, str]]
) -> None:
    answer = client.get("/articles", params=urlencode(asked))
    assert answer.status_code in (422, 503), answer.text
    if answer.status_code == 422:
        assert all(fault["parameter"] and fault["detail"] for fault in answer.json()["errors"])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.tuples(st.sampled_from(STANCES), values), min_size=1, max_size=3))
def test_whatever_is_asked_of_stances_is_refused_with_reasons_or_taken_to_the_index(
    client: TestClient, asked: list[tuple[str, str]]
) -> None:
    answer = client.get("/stances", params=urlencode(asked))
    assert answer.status_code in (422, 503), answer.text
    if answer.status_code == 422:
        assert all(fault["parameter"] and fault["detail"] for fault in answer.json()["errors"])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(("/stories", "/developments", "/developments.atom", "/developments/stream")),
    asked=st.lists(st.tuples(st.sampled_from(LISTS), values), min_size=1, max_size=3),
)
def test_whatever_is_asked_of_stories_and_developments_is_refused_with_reasons_or_taken_to_the_index(
    client: TestClient, path: str, asked: list[tuple[str, str]]
) -> None:
    answer = client.get(path, params=urlencode(asked))
    assert answer.status_code in (422, 503), answer.text
    if answer.status_code == 422:
        assert all(fault["parameter"] and fault["detail"] for fault in answer.json()["errors"])


def test_metrics_are_served(client: TestClient) -> None:
    assert "dateline_step_seconds" in client.get("/metrics").text
