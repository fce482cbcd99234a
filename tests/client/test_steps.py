from collections.abc import Callable
from typing import Any

import httpx
import pytest

from dateline_client import Criteria, Problem, Retries, SearchAsked
from tests.client.server import Server, problem, said

NONE_YET = {"alerts": [], "last": -1}
ASKED = SearchAsked(name="Pacts", criteria=Criteria(q="pact"))


def asked_plainly(server: Server) -> Any:
    with server.plain() as dateline:
        return dateline.alerts()


def asked_awaiting(server: Server) -> Any:
    return server.run(lambda dateline: dateline.alerts())


either = pytest.mark.parametrize("ask", [asked_plainly, asked_awaiting])


@either
def test_what_was_put_off_is_asked_again_when_it_may_be(ask: Callable[[Server], Any]) -> None:
    server = Server([problem(429, retry_after="2"), problem(503, retry_after="5"), said(NONE_YET)])
    assert ask(server).last == -1
    assert server.pauses == [2, 5]
    assert len(server.asked) == 3


@either
def test_it_is_asked_again_so_often_and_no_more(ask: Callable[[Server], Any]) -> None:
    server = Server([problem(503, retry_after="1")] * 9)
    with pytest.raises(Problem):
        ask(server)
    assert server.pauses == [1, 1, 1]


@either
def test_nobody_waits_longer_than_was_agreed(ask: Callable[[Server], Any]) -> None:
    server = Server([problem(429, retry_after="50"), problem(429, retry_after="11"), said(NONE_YET)])
    with pytest.raises(Problem) as raised:
        ask(server)
    assert raised.value.retry_after == 11
    assert server.pauses == [50]


@pytest.mark.parametrize("answer", [problem(503), problem(500, retry_after="1"), problem(422, retry_after="1")])
def test_what_does_not_say_when_or_does_not_pass_is_told_at_once(answer: httpx.Response) -> None:
    server = Server([answer])
    with pytest.raises(Problem):
        asked_plainly(server)
    assert server.pauses == []


def test_what_may_have_been_done_is_asked_again_only_if_it_was_not_begun() -> None:
    server = Server([problem(429, retry_after="1"), problem(503, retry_after="1")])
    with server.plain() as dateline, pytest.raises(Problem) as raised:
        dateline.searches.create(ASKED)
    assert raised.value.status == 503
    assert server.pauses == [1]


def test_without_retries_every_problem_is_told() -> None:
    server = Server([problem(429, retry_after="0")])
    with server.plain(retries=Retries(times=0)) as dateline, pytest.raises(Problem):
        dateline.alerts()


def run(state: str, done: float) -> dict[str, Any]:
    moment = "2026-11-22T12:00:00Z"
    return {
        "id": "r1",
        "state": state,
        "done": done,
        "began": moment,
        "ended": moment,
        "read": 1,
        "answering": 1,
        "alerts": 0,
        "alerts_by_day": {},
        "latest": [],
    }


def test_a_backtest_is_looked_at_until_it_is_over() -> None:
    answers: list[Any] = [said(run("running", 0.1), 202), problem(429, retry_after="3"), said(run("running", 0.6))]
    server = Server([*answers, said(run("done", 1.0))])
    with server.plain() as dateline:
        assert dateline.backtest(ASKED).state == "done"
    assert server.paths == ["POST /searches/backtest", *["GET /searches/backtests/r1"] * 3]
    assert server.pauses == [1, 3, 1]


def test_a_backtest_that_takes_too_long_is_told_as_far_as_it_is() -> None:
    server = Server([said(run("running", number / 10), 202) for number in range(9)])
    told = server.run(lambda dateline: dateline.backtest(ASKED, within=3))
    assert (told.state, told.done) == ("running", 0.3)


def test_deleting_answers_nothing() -> None:
    server = Server([httpx.Response(204)])
    with server.plain() as dateline:
        dateline.searches.delete("p")
    assert server.paths == ["DELETE /searches/p"]
