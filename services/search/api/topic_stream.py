"""Stream a topic's items to one reader (server-sent events): from now on, or from where the last stream broke off."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from itertools import pairwise
from typing import Annotated, Any

from fastapi import Query
from sse_starlette import EventSourceResponse, ServerSentEvent

from services.search.api.problems import Fault, invalid
from services.search.api.topic_log import Position, T, TopicLog

RECONNECT = 2_000
"""Milliseconds after which a client that was cut off should come back."""

BEHIND = 5.0
"""Seconds to wait for an item that the client already has from another process, before it counts as a gap."""

LOOK_AGAIN = 60.0
"""Seconds after which a silent stream looks again, whatever it was told."""

After = Annotated[
    str | None, Query(max_length=4_000, description="Start after this event's id; `Last-Event-ID` goes before it.")
]


def answer(events: AsyncIterator[ServerSentEvent], heartbeat: float) -> EventSourceResponse:
    """The response that sends these events, and comments in silence."""
    return EventSourceResponse(
        events,
        ping=heartbeat,
        ping_message_factory=lambda: ServerSentEvent(comment="nothing new"),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def stream(
    log: TopicLog[T],
    after: Position | None,
    event: str,
    is_wanted: Callable[[T], bool],
    shown: Callable[[T], str],
) -> AsyncIterator[ServerSentEvent]:
    """The events for one reader, until the log stops. Of items with one offset only the last has an id: whoever is cut
    off between them is told the others again, and misses none.
    """
    if after is None:
        # An id without data is no event, but is remembered: cut off before its first item, a client still resumes.
        after = log.position
        yield ServerSentEvent(id=_written(after), retry=RECONNECT)
    else:
        after = log.fitted(after)
        await _catch_up(log, after)
    while not log.stopped:
        news = log.news
        gaps, heard, last = log.after(after)
        told = list(log.fitted(after))
        for gap in gaps:
            told[gap.partition] = gap.kept_from - 1
            missed = {name: value for name, value in asdict(gap).items() if name != "partition" or len(told) > 1}
            yield ServerSentEvent(event="gap", id=_written(told), data=json.dumps(missed, separators=(",", ":")))
        wanted = [one for one in heard if is_wanted(one.item)]
        for one, following in pairwise([*wanted, None]):
            assert one is not None
            whole = following is None or (following.partition, following.offset) != (one.partition, one.offset)
            told[one.partition] = one.offset if whole else told[one.partition]
            yield ServerSentEvent(event=event, id=_written(told) if whole else None, data=shown(one.item))
        if tuple(told) != last:
            yield ServerSentEvent(id=_written(last))
        after = last
        await _wait(news, LOOK_AGAIN)


def place(written: str | None, parameter: str) -> Position | None:
    """The position that an event's id is. Raises a problem where it is none."""
    if written is None:
        return None
    offsets = tuple(int(offset) for offset in written.split(".")) if _is_place(written) else ()
    if not offsets or min(offsets) < -1:
        raise invalid(Fault(parameter=parameter, detail=f"{parameter}: the id of an event of this stream is expected"))
    return offsets


def _is_place(written: str) -> bool:
    parts = written.split(".")
    return len(written) <= 4_000 and all(part.removeprefix("-").isdecimal() and len(part) <= 18 for part in parts)


def _written(position: Any) -> str:
    return ".".join(map(str, position))


async def _catch_up(log: TopicLog[T], after: Position) -> None:
    """Wait for what the client already has, unless Kafka itself has nothing there: then it is of another topic."""
    if not log.is_ahead(after):
        return
    deadline = asyncio.get_running_loop().time() + BEHIND
    asked = log.ask_end()
    while log.is_ahead(after) and not log.stopped and not log.ends_by(after, asked):
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            return
        await _wait(log.news, min(left, 0.5))


async def _wait(news: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(news.wait(), seconds)
    except TimeoutError:
        return
