import pickle

import httpx
import pytest

from dateline_client import Problem, Unreachable, Unreadable
from dateline_client.problem import problem_of
from tests.client.server import Server, problem, said

FAULT = {"detail": "q: there is no field contry", "parameter": "q", "position": 6, "suggestion": "country:KP"}


def test_a_problem_carries_all_that_the_api_said() -> None:
    server = Server([problem(422, "q: no", request_id="r-1", errors=[FAULT])])
    with server.plain() as dateline, pytest.raises(Problem, match="422: q: no") as raised:
        dateline.article("a")
    told = raised.value
    assert (told.status, told.detail, told.request_id, told.retry_after) == (422, "q: no", "r-1", None)
    assert (told.errors[0].position, told.errors[0].suggestion) == (6, "country:KP")


def test_a_problem_travels_between_processes() -> None:
    told = pickle.loads(pickle.dumps(problem_of(problem(429, "later", retry_after="3", errors=[FAULT]))))
    assert (str(told), told.errors[0].position, told.retry_after) == ("429: later", 6, 3)


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (httpx.Response(502, text="<h1>Bad gateway</h1>"), "<h1>Bad gateway</h1>"),
        (httpx.Response(504), "Gateway Timeout"),
        (httpx.Response(307, headers={"location": "https://elsewhere.example"}), "Temporary Redirect"),
        (httpx.Response(500, text="{", headers={"content-type": "application/problem+json"}), "{"),
    ],
)
def test_a_server_on_the_way_may_say_it_in_its_own_words(answer: httpx.Response, detail: str) -> None:
    server = Server([answer])
    with server.plain() as dateline, pytest.raises(Problem) as raised:
        dateline.article("a")
    assert (raised.value.status, raised.value.detail) == (answer.status_code, detail)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT", "date": "Sun, 22 Nov 2026 12:00:00 GMT"}, 30.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:00 GMT", "date": "Sun, 22 Nov 2026 12:00:30 GMT"}, 0.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_either_form(headers: dict[str, str], seconds: float | None) -> None:
    assert problem_of(httpx.Response(503, headers=headers)).retry_after == seconds


def test_nobody_there_and_an_answer_of_something_else_have_their_words() -> None:
    garbled = httpx.DecodingError("incorrect header check")
    server = Server([httpx.ConnectError("refused"), garbled, httpx.Response(200, text="<html>"), said({"id": "a"})])
    with server.plain() as dateline:
        with pytest.raises(Unreachable, match="ConnectError: refused"):
            dateline.article("a")
        with pytest.raises(Unreachable, match="DecodingError"):
            dateline.article("a")
        for _ in range(2):
            with pytest.raises(Unreadable, match="/articles/a"):
                dateline.article("a")


def test_a_key_is_shown_and_never_follows_a_redirect() -> None:
    server = Server([httpx.Response(301, headers={"location": "https://elsewhere.example"})])
    with server.plain("dl_secret") as dateline, pytest.raises(Problem):
        dateline.alerts()
    assert [request.url.host for request in server.asked] == ["dateline.example"]
    assert server.asked[0].headers["authorization"] == "Bearer dl_secret"
