"""A question that cannot be meant is a problem that says where in it; no server is needed for that."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from services.search.api.app import create_app
from services.search.settings import SearchSettings

NOWHERE = "127.0.0.1:1"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    nowhere = SearchSettings(kafka=NOWHERE, elasticsearch=f"http://{NOWHERE}")
    app, here = create_app(nowhere), ("127.0.0.1", 1)
    with TestClient(app, f"http://{NOWHERE}", raise_server_exceptions=False, client=here) as client:
        yield client


def fault(answer: Any) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    (only,) = answer.json()["errors"]
    told: dict[str, Any] = only
    return told


@pytest.mark.parametrize("path", ["/articles", "/stories", "/developments", "/developments.atom"])
def test_every_list_says_where_in_q_it_goes_wrong_and_what_to_write(client: TestClient, path: str) -> None:
    told = fault(client.get(path, params={"q": "pact contry:KP"}))
    assert told == {
        "parameter": "q",
        "detail": "q: there is no field contry (character 6); write country:KP",
        "position": 6,
        "suggestion": "country:KP",
    }


@pytest.mark.parametrize(("path", "beside"), [("/articles", {}), ("/searches", {"name": "n"})])
def test_a_body_is_told_the_same_with_a_pointer(client: TestClient, path: str, beside: dict[str, Any]) -> None:
    told = fault(client.post(path, json={**beside, "criteria": {"q": "pact *x"}}))
    assert (told["pointer"], told["position"], told["suggestion"]) == ("#/criteria/q", 6, "x")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        (
            {"ask": "any", "of": [{"ask": "word", "text": "a"}, {"ask": "word", "text": "b c"}]},
            "#/criteria/query/of/1/text",
        ),
        ({"ask": "not", "of": {"ask": "near", "lat": 91, "lon": 0, "km": 1}}, "#/criteria/query/of/lat"),
        ({"ask": "one_of", "field": "country", "values": ["Kenya"]}, "#/criteria/query/values/0"),
        ({"ask": "everything"}, "#/criteria/query"),
    ],
)
def test_a_tree_is_told_the_way_to_what_is_wrong(client: TestClient, query: dict[str, Any], pointer: str) -> None:
    assert fault(client.post("/articles", json={"criteria": {"query": query}}))["pointer"] == pointer


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"criteria": {}, "sizes": 3}, "#/sizes"),
        ({"size": 101}, "#/size"),
        ({"group_by": "story", "fold_duplicates": True}, "#/fold_duplicates"),
        ({"sort": "novelty"}, "#/sort"),
    ],
)
def test_a_body_takes_what_the_parameters_take_and_nothing_else(
    client: TestClient, body: dict[str, Any], pointer: str
) -> None:
    assert fault(client.post("/articles", json=body))["pointer"] == pointer


def test_a_tree_of_any_depth_is_answered(client: TestClient) -> None:
    for depth in (19, 21, 300, 20_000):
        query = '{"ask":"not","of":' * depth + '{"ask":"word","text":"pact"}' + "}" * depth
        answer = client.post(
            "/articles", content=f'{{"criteria":{{"query":{query}}}}}', headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in ((503,) if depth < 20 else (400, 422)), (depth, answer.text[:200])


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=40))
def test_no_question_is_an_error_of_ours(client: TestClient, q: str) -> None:
    assert client.get("/articles", params={"q": q}).status_code in (422, 503)
