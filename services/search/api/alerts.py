"""Be told of alerts: the latest as a list, and each as it is raised as a stream (server-sent events)."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Query
from pydantic import Field
from sse_starlette import EventSourceResponse, ServerSentEvent

from schemas.alert import Alert
from services.search.api.alert_log import AlertLog
from services.search.api.parts import Parts, PartsOf
from services.search.api.problems import away
from services.search.results import Shown

router = APIRouter(prefix="/alerts", tags=["alerts"])

RECONNECT = 2_000
"""Milliseconds after which a client that was cut off should come back."""

BEHIND = 5.0
"""Seconds to wait for an alert that the client already has from another process, before it counts as a gap."""

LOOK_AGAIN = 60.0
"""Seconds after which a silent stream looks again, whatever it was told."""

OfSearch = Annotated[
    str | None, Query(alias="search", pattern="^[0-9a-z-]{1,64}$", description="Only this saved search's alerts.")
]


class AlertShown(Shown):
    """An alert and its place in the stream."""

    offset: int = Field(description="what `Last-Event-ID` resumes after")
    alert: Alert


class AlertsShown(Shown):
    alerts: tuple[AlertShown, ...] = Field(description="newest first")
    last: int = Field(description="offset of the last alert of all; a stream from here on misses nothing; -1: none yet")


@router.get("", summary="List the latest alerts")
async def list_alerts(
    parts: PartsOf, search: OfSearch = None, size: Annotated[int, Query(ge=1, le=1000)] = 50
) -> AlertsShown:
    """The latest alerts that are kept, newest first."""
    _require_caught_up(parts)
    last = parts.alerts.kept.next - 1
    found = parts.alerts.kept.latest(size, search)
    return AlertsShown(alerts=tuple(AlertShown(offset=one.offset, alert=one.alert) for one in found), last=last)


@router.get(
    "/stream",
    summary="Follow the alerts",
    response_class=EventSourceResponse,
    responses={
        HTTPStatus.OK: {
            "description": "Events `alert` (data: the alert; id: its offset) and `gap` (alerts that are no longer kept)"
            " and, in silence, comments.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def follow_alerts(
    parts: PartsOf,
    search: OfSearch = None,
    after: Annotated[
        int | None, Query(ge=-1, description="Start after this offset; `Last-Event-ID` goes before it.")
    ] = None,
    last_event_id: Annotated[
        int | None, Header(ge=-1, description="Resume after the event with this id; browsers send it by themselves.")
    ] = None,
) -> EventSourceResponse:
    """Each alert as it is raised. Reconnecting with `Last-Event-ID` misses nothing: what came meanwhile comes first,
    or an event `gap` says that some of it is no longer kept. Without one, the stream begins now.
    """
    _require_caught_up(parts)
    start = last_event_id if last_event_id is not None else after
    return EventSourceResponse(
        stream(parts.alerts, start, search),
        ping=parts.settings.heartbeat,
        ping_message_factory=lambda: ServerSentEvent(comment="nothing new"),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def stream(log: AlertLog, after: int | None, search: str | None) -> AsyncIterator[ServerSentEvent]:
    """The events for one reader, until the log stops."""
    if after is None:
        # An id without data is no event, but is remembered: cut off before its first alert, a client still resumes.
        after = log.kept.next - 1
        yield ServerSentEvent(id=str(after), retry=RECONNECT)
    elif after >= log.kept.next:
        await _catch_up(log, after)
    while not log.stopped:
        news = log.news
        gap, heard, last = log.kept.after(after)
        told = after
        if gap:
            told = gap.kept_from - 1
            data = f'{{"missed_from":{gap.missed_from},"kept_from":{gap.kept_from}}}'
            yield ServerSentEvent(event="gap", id=str(told), data=data)
        for one in heard:
            if search in (None, one.alert.search):
                told = one.offset
                yield ServerSentEvent(event="alert", id=str(told), data=one.alert.model_dump_json())
        if told < last:
            yield ServerSentEvent(id=str(last))
        after = last
        await _wait(news, LOOK_AGAIN)


async def _catch_up(log: AlertLog, after: int) -> None:
    """Wait for what the client already has, unless Kafka itself has nothing there: then it is of another topic."""
    deadline = asyncio.get_running_loop().time() + BEHIND
    asked = log.ask_end()
    while after >= log.kept.next and not log.stopped and not log.ends_by(after, asked):
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            return
        await _wait(log.news, min(left, 0.5))


async def _wait(news: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(news.wait(), seconds)
    except TimeoutError:
        return


def _require_caught_up(parts: Parts) -> None:
    if not parts.alerts.caught_up:
        raise away("the alerts' topic")
