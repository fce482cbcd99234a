"""Be told of alerts: the latest as a list or a feed, and each as it is raised as a stream (server-sent events)."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import Field
from sse_starlette import EventSourceResponse

from schemas.alert import Alert
from services.search.api.parts import Parts, PartsOf
from services.search.api.problems import NOT_FOUND, away
from services.search.api.searches import SearchId, found
from services.search.api.topic_stream import answer, stream
from services.search.atom import MEDIA_TYPE, alerts_to_atom
from services.search.results import Shown

router = APIRouter(tags=["alerts"])

IN_A_FEED = 100

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


@router.get("/alerts", summary="List the latest alerts")
async def list_alerts(
    parts: PartsOf, search: OfSearch = None, size: Annotated[int, Query(ge=1, le=1000)] = 50
) -> AlertsShown:
    """The latest alerts that are kept, newest first."""
    _require_caught_up(parts)
    (kept,) = parts.alerts.kept
    last = kept.next - 1
    found = kept.latest(size, lambda alert: search in (None, alert.search))
    return AlertsShown(alerts=tuple(AlertShown(offset=one.offset, alert=one.item) for one in found), last=last)


@router.get(
    "/alerts/stream",
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
    events = stream(
        parts.alerts,
        None if start is None else (start,),
        "alert",
        lambda alert: search in (None, alert.search),
        lambda alert: alert.model_dump_json(),
    )
    return answer(events, parts.settings.heartbeat)


@router.get(
    "/searches/{search}/alerts.atom",
    summary="Follow a saved search in a feed reader",
    response_class=Response,
    responses={**NOT_FOUND, HTTPStatus.OK.value: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def feed_of_alerts(search: SearchId, parts: PartsOf, request: Request) -> Response:
    """The latest alerts of one saved search in Atom (RFC 4287), for feed readers."""
    read = found(search, parts)
    _require_caught_up(parts)
    (kept,) = parts.alerts.kept
    alerts = [one.item for one in kept.latest(IN_A_FEED, lambda alert: alert.search == search)]
    return Response(alerts_to_atom(alerts, read.name, str(request.url), datetime.now(UTC)), media_type=MEDIA_TYPE)


def _require_caught_up(parts: Parts) -> None:
    if not parts.alerts.caught_up:
        raise away("the alerts' topic")
