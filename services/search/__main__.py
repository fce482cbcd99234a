"""Run one part of search: `python -m services.search index`, `alert`, `deliver` or `api`."""

import logging
import os
import random
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from schemas.topics import ALERTS, ENRICHED
from services.collector import spare
from services.publish import NeverTaken, Publisher
from services.search import index
from services.search.alert import Alerter, follow_told
from services.search.consume import consume, pause
from services.search.fates import Halt, Unavailable
from services.search.matcher import Matcher
from services.search.saved_searches import SavedSearches
from services.search.settings import SearchSettings
from services.settings import WrongSetting, read_settings
from services.telemetry import configure_logging, get_log, serve_metrics

log = get_log("search")

STOPS_WITHIN = 8.0
"""Seconds from the signal to the end. A call to a server that is away can take longer; it is then cut off, which
loses nothing, since no offset is committed before its effect."""


def run_index(settings: SearchSettings, stop: threading.Event) -> None:
    """Keep Elasticsearch as the enriched topic has it. Raises `Halt`."""
    with index.connect(settings) as client:
        indices = index.Index(client, settings)
        if not _made(indices, settings, stop):
            return
        publisher = Publisher(settings)
        consume(ENRICHED, "index", indices.add, settings, service="index", publisher=publisher, stop=stop)
        publisher.close()


def run_alert(settings: SearchSettings, stop: threading.Event) -> None:
    """Hold every enriched article against every saved search. Raises `Halt`."""
    matcher = Matcher()
    searches = SavedSearches(settings, matcher.put)
    told, telling = follow_told(settings)
    searches.start()
    telling.start()
    try:
        # Judged before the searches are known, an article would be passed over for good.
        while not (searches.wait(0.2) and telling.wait(0.2)):
            if stop.is_set():
                return
        spare()
        log.info("knows the saved searches", service="alert", searches=len(matcher))
        publisher = Publisher(settings)
        alerter = Alerter(matcher, told, publisher, now=lambda: datetime.now(UTC))
        consume(ENRICHED, "alert", alerter.judge, settings, service="alert", publisher=publisher, stop=stop)
        publisher.close()
    finally:
        searches.stop()
        telling.stop()


def run_deliver(settings: SearchSettings, stop: threading.Event) -> None:
    """Tell each alert where its saved search asks for. Raises `Halt`."""
    # Only here: no other part tells anybody anything.
    from services.search.deliver.deliverer import Deliverer

    searches = SavedSearches(settings)
    searches.start()
    publisher = Publisher(settings)
    deliverer = Deliverer(settings, searches, publisher, now=lambda: datetime.now(UTC), chance=random.random)
    try:
        # An alert whose search is not known yet would be taken for one that nobody asked for.
        while not searches.wait(0.2):
            if stop.is_set():
                return
        consume(
            ALERTS,
            "deliver",
            deliverer.owe,
            settings,
            service="deliver",
            publisher=publisher,
            stop=stop,
            holds=deliverer.holds,
        )
    finally:
        deliverer.close()
        searches.stop()
        publisher.close()


def run_api(settings: SearchSettings, stop: threading.Event) -> None:
    """Answer readers over HTTP until the signal, which uvicorn hands on when the requests under way are answered.

    Raises `Halt` when it cannot start.
    """
    # Only here: the indexer and the alerter have no use for a web server.
    import uvicorn

    from services.search.api.app import create_app

    config = uvicorn.Config(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        # An alert stream never ends by itself.
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    # Which way a failed start ends differs by uvicorn's version; that it never started is the same in all.
    with suppress(SystemExit):
        server.run()
    if server.started:
        return
    if server.lifespan.should_exit:
        raise Halt("the API's parts could not be started; the log says which and why")
    raise Halt(f"cannot listen on {settings.api_host}:{settings.api_port}; set DATELINE_API_PORT to a free port")


ROLES: dict[str, Callable[[SearchSettings, threading.Event], None]] = {
    "index": run_index,
    "alert": run_alert,
    "deliver": run_deliver,
    "api": run_api,
}


def main(arguments: list[str]) -> int:
    """Run the role that was asked for until SIGTERM or SIGINT; 0 when ended by one, else 1 or 2 and one line why."""
    if len(arguments) != 1 or arguments[0] not in ROLES:
        print(f"one of {', '.join(ROLES)} is expected, not {' '.join(arguments) or 'nothing'}", file=sys.stderr)  # noqa: T201
        return 2
    role = arguments[0]
    try:
        settings = read_settings(SearchSettings)
        configure_logging(settings.log_level, as_json=settings.log_json)
        # They say once for each try what the consumer says once for each outage.
        for chatty in ("elastic_transport", "kafka"):
            logging.getLogger(chatty).setLevel(logging.ERROR)
        serve_metrics(settings.metrics_port, settings.metrics_host)
    except WrongSetting as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    except OSError as error:
        print(f"cannot serve metrics, set DATELINE_METRICS_PORT to a free port: {error}", file=sys.stderr)  # noqa: T201
        return 1
    stop = _stop_on_signal(role)
    log.info("started", service=role, kafka=settings.kafka, elasticsearch=settings.elasticsearch)
    try:
        ROLES[role](settings, stop)
    except (Halt, NeverTaken) as error:
        log.critical("stopped", service=role, reason=str(error))
        return 1
    log.info("ended", service=role)
    return 0


def _made(indices: index.Index, settings: SearchSettings, stop: threading.Event) -> bool:
    """Make the indices, waiting Elasticsearch out; false if the signal came first."""
    attempt = 0
    while not stop.is_set():
        try:
            indices.ensure()
        except Unavailable as away:
            if attempt == 0:
                log.warning("away, waiting", service="index", reason=str(away))
            attempt += 1
            stop.wait(pause(attempt, settings.search_longest_pause))
        else:
            return True
    return False


def _stop_on_signal(role: str) -> threading.Event:
    stop = threading.Event()

    def asked_to_stop(number: int, _frame: object) -> None:
        if not stop.is_set():
            stop.set()
            cut_off = threading.Timer(STOPS_WITHIN, _cut_off, args=(role,))
            cut_off.daemon = True
            cut_off.start()

    signal.signal(signal.SIGTERM, asked_to_stop)
    signal.signal(signal.SIGINT, asked_to_stop)
    return stop


def _cut_off(role: str) -> None:
    log.warning("ended while a server was away; what was under way is done again", service=role)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
