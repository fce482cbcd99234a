"""Run ingest: follow the feeds, take pushes, until told to stop: `python -m services.ingest`."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence

from services.ingest.feeds import FeedListUnreadable, FeedSpec, feeds_from, read_feeds
from services.ingest.fetch import Fetcher
from services.ingest.intake import Intake
from services.ingest.push import PushServer, push_app
from services.ingest.seen import MemoryUnusable, Seen
from services.ingest.settings import IngestSettings
from services.ingest.watch import Watch
from services.publish import NeverTaken, Publisher
from services.settings import WrongSetting, read_settings
from services.telemetry import configure_logging, get_log, serve_metrics

log = get_log("ingest")

# Whoever stops us waits ten seconds at most: open pushes have five of them (see PushServer).
_SECONDS_FOR_DELIVERIES = 3.0


class CannotStart(Exception):
    """Something outside is not as ingest needs it."""


def main() -> None:
    """Start, or say in one line why not."""
    try:
        settings = read_settings(IngestSettings)
        feeds = _feeds(settings)
        configure_logging(settings.log_level, as_json=settings.log_json)
        seen = Seen(settings.memory)
        listener = _listener(settings)
        _serve_metrics(settings)
    except (WrongSetting, CannotStart, FeedListUnreadable, MemoryUnusable) as error:
        sys.exit(f"ingest cannot start: {error}")
    publisher = Publisher(settings)
    asyncio.run(_run(settings, feeds, listener, publisher, seen))


async def _run(
    settings: IngestSettings,
    feeds: Sequence[FeedSpec],
    listener: socket.socket | None,
    publisher: Publisher,
    seen: Seen,
) -> None:
    """Run until a signal, and come to rest; what was cut off then is done again at the next start."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    fetcher = Fetcher(settings)
    intake = Intake(publisher, seen)
    server = PushServer(push_app(intake, settings), settings)
    watching = asyncio.create_task(Watch(settings, fetcher, intake, seen).follow(feeds)) if feeds else None
    serving = asyncio.create_task(server.serve([listener])) if listener else None
    stopping = asyncio.create_task(stop.wait())
    log.info("started", feeds=len(feeds), push_port=settings.push_port, memory=str(settings.memory))
    await asyncio.wait(
        [task for task in (stopping, watching, serving) if task is not None], return_when=asyncio.FIRST_COMPLETED
    )
    server.should_exit = True
    if serving is not None:
        await serving
    failure = None
    if watching is not None:
        failure = watching.exception() if watching.done() else None
        watching.cancel()
        await asyncio.wait([watching])
    await fetcher.close()
    # Here and not in a thread: in an outage all threads are waiting, and nothing else is left to run in the loop.
    at_rest = intake.close(_SECONDS_FOR_DELIVERIES)
    if at_rest:
        publisher.close()
        seen.close()
    if failure is not None:
        first = _first(failure)
        log.critical("stopped", reason=str(first), exc_info=None if isinstance(first, NeverTaken) else first)
    log.info("stopped", at_rest=at_rest)
    # Threads cannot be interrupted: one may be reading a page that nobody waits for any more, one may be waiting for
    # a broker that is away. Nothing is remembered before it is acknowledged, so leaving is as safe as any crash.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0 if failure is None else 1)


def _first(failure: BaseException) -> BaseException:
    """What ended the watch: the first of the feeds' failures."""
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return failure


def _feeds(settings: IngestSettings) -> list[FeedSpec]:
    feeds = [*(read_feeds(settings.feeds) if settings.feeds else []), *feeds_from(settings.feed)]
    if not feeds and not settings.push_port:
        raise CannotStart("there is nothing to do: give DATELINE_FEEDS, DATELINE_FEED or DATELINE_PUSH_PORT")
    return feeds


def _listener(settings: IngestSettings) -> socket.socket | None:
    if not settings.push_port:
        return None
    try:
        return socket.create_server((settings.push_host, settings.push_port))
    except OSError as error:
        address = f"{settings.push_host}:{settings.push_port}"
        raise CannotStart(f"{address} (DATELINE_PUSH_HOST, DATELINE_PUSH_PORT): {error.strerror}") from error


def _serve_metrics(settings: IngestSettings) -> None:
    try:
        serve_metrics(settings.metrics_port, settings.metrics_host)
    except OSError as error:
        raise CannotStart(f"port {settings.metrics_port} (DATELINE_METRICS_PORT): {error.strerror}") from error


if __name__ == "__main__":
    main()
