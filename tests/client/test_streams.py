import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from dateline_client import AlertEvent, AsyncDateline, Gap, Problem, Unreachable, Unreadable
from tests.client.server import Answer, Server, first, problem, told

Read = Callable[[Server, int, str | int | None], list[Any]]


def read_plainly(server: Server, number: int, last_event_id: str | int | None = None) -> list[Any]:
    with server.plain() as dateline:
        return first(dateline.alert_stream(last_event_id, search="pacts"), number)


def read_awaiting(server: Server, number: int, last_event_id: str | int | None = None) -> list[Any]:
    async def read(dateline: AsyncDateline) -> list[Any]:
        found: list[Any] = []
        async for event in dateline.alert_stream(last_event_id, search="pacts"):
            found.append(event)
            if len(found) == number:
                break
        return found

    answer: list[Any] = server.run(read)
    return answer


either = pytest.mark.parametrize("read", [read_plainly, read_awaiting])


def alert(number: int) -> str:
    moment = "2026-11-22T12:00:00Z"
    return json.dumps(
        {
            "id": f"alert-{number}",
            "search": "pacts",
            "search_name": "Pacts",
            "search_version": 1,
            "article": "a",
            "url": "https://paper.example/a",
            "title": "One line\u2028and another",
            "outlet": "paper.example",
            "published": moment,
            "story": "s",
            "reason": "new",
            "raised": moment,
        },
        ensure_ascii=False,
    )


def event(number: int) -> tuple[str, ...]:
    return (f"id: {number}", "event: alert", f"data: {alert(number)}", "")


def places(server: Server) -> list[str | None]:
    return [request.headers.get("last-event-id") for request in server.asked]


@either
def test_alerts_come_with_the_id_of_their_event(read: Read) -> None:
    server = Server([told("id: 6", "retry: 2000", "", ": nothing new", "", *event(7), *event(8))])
    events = read(server, 2, None)
    assert [(one.id, one.alert.id) for one in events] == [("7", "alert-7"), ("8", "alert-8")]
    assert events[0].alert.title == "One line\u2028and another"
    assert server.paths == ["GET /alerts/stream?search=pacts"]
    assert server.asked[0].headers["accept"] == "text/event-stream"


@either
def test_a_stream_that_breaks_off_is_taken_up_behind_what_was_told(read: Read) -> None:
    half = ("id: 9", "event: alert", f"data: {alert(9)}")
    answers: list[Answer] = [
        told("id: 6", "retry: 500", ""),  # before its first alert
        httpx.ConnectError("refused"),  # it restarts
        problem(503, retry_after="5"),
        told(*event(7), "id: 8", "", *half),  # in the middle of one
        httpx.ReadTimeout("silence"),
        told(*event(9)),
    ]
    server = Server(answers)
    assert [one.id for one in read(server, 2, None)] == ["7", "9"]
    assert places(server) == [None, "6", "6", "6", "8", "8"]
    # Twice as long after each failure, as long as the server asks, and anew after each event.
    assert server.pauses == [0.5, 1, 5, 0.5, 1]


@either
def test_it_begins_where_it_is_told_and_says_what_is_missing(read: Read) -> None:
    gap = ("id: 14", "event: gap", 'data: {"missed_from":4,"kept_from":15}', "")
    server = Server([told(*gap, *event(15))])
    missing, found = read(server, 2, 3)
    assert missing == Gap(id="14", missed_from=4, kept_from=15)
    assert isinstance(found, AlertEvent)
    assert places(server) == ["3"]


@either
def test_a_server_that_stays_away_is_told_in_the_end(read: Read) -> None:
    server = Server([httpx.ConnectError("refused")] * 100)
    with pytest.raises(Unreachable, match="refused"):
        read(server, 1, None)
    assert server.pauses[:6] == [2, 4, 8, 16, 30, 30]
    assert 570 < sum(server.pauses) <= 600


@either
@pytest.mark.parametrize("status", [401, 403, 422, 500])
def test_a_refusal_is_told_at_once(read: Read, status: int) -> None:
    server = Server([problem(status, "no")])
    with pytest.raises(Problem, match="no"):
        read(server, 1, None)
    assert server.pauses == []


@either
@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        told("id: 1", "event: alert", "data: {}", ""),
        told("id: 1", "event: alert", "data: {", ""),
        told("id: 1", "event: gap", "data: []", ""),
    ],
)
def test_what_is_no_stream_of_alerts_is_told_at_once(read: Read, answer: httpx.Response) -> None:
    server = Server([answer])
    with pytest.raises(Unreadable):
        read(server, 1, None)
    assert server.pauses == []


def test_events_of_another_kind_are_for_others_and_move_the_place() -> None:
    server = Server([told("id: 1", "event: rumour", "data: {}", ""), told(*event(2))])
    assert [one.id for one in read_plainly(server, 1)] == ["2"]
    assert places(server) == [None, "1"]


def test_a_stream_says_where_it_is() -> None:
    server = Server([told(*event(7), "id: 9", "", *event(10))])
    with server.plain() as dateline:
        stream = dateline.alert_stream()
        assert stream.last_event_id is None
        events = iter(stream)
        next(events)
        assert stream.last_event_id == "7"
        next(events)
        assert stream.last_event_id == "10"
