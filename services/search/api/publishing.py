"""Publish what a reader asks for, one thing at a time, and wait for it no longer than a reader does."""

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus

from services.publish import NeverTaken
from services.search.api.parts import Parts
from services.search.api.problems import Problem, away
from services.telemetry import get_log

log = get_log("api")

PUBLISHED_WITHIN = 10.0
"""Seconds a reader waits for Kafka's acknowledgement at most."""

SEEN_WITHIN = 2.0
"""Seconds until what was published is read back at most; some milliseconds as a rule."""


async def published(parts: Parts, publish: Callable[[], None]) -> None:
    """Publish one thing at a time, and wait for it no longer than a reader does.

    The publisher waits an outage out, without end, in a thread that nothing can stop; so the turn is given back when
    that thread has ended, and not when its reader has left: two at once would share one connection.
    """
    if parts.alerts.why_not_ready():
        raise away("Kafka")
    sending: asyncio.Future[None] | None = None
    try:
        async with asyncio.timeout(PUBLISHED_WITHIN):
            await parts.publishing.acquire()
            sending = asyncio.ensure_future(asyncio.to_thread(publish))
            sending.add_done_callback(lambda ended: _give_back(parts, ended))
            await asyncio.shield(sending)
    except TimeoutError:
        what = "Kafka did not acknowledge in time; this may yet take effect"
        if sending is None:
            what = "Kafka has not acknowledged what was asked before; nothing was changed"
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, what, headers={"Retry-After": "30"}) from None
    except NeverTaken as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error


async def until(seen: Callable[[], bool]) -> None:
    """Wait until a reader who asks at once is answered by what was just published."""
    deadline = time.monotonic() + SEEN_WITHIN
    while not seen() and time.monotonic() < deadline:
        await asyncio.sleep(0.01)


def _give_back(parts: Parts, ended: "asyncio.Future[None]") -> None:
    parts.publishing.release()
    # Its reader may have left; whoever did is not there to hear of it.
    if not ended.cancelled() and (error := ended.exception()):
        log.error("publishing failed", reason=repr(error)[:300])
