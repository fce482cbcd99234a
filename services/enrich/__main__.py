"""Run enrich: `python -m services.enrich`, until SIGTERM or SIGINT."""

from __future__ import annotations

import os
import sys
import time

from services.enrich.carry import TooManyBuried
from services.enrich.follow import Measures
from services.enrich.quiet import quieten
from services.enrich.river import NoRiver, wait_for_topics
from services.enrich.settings import EnrichSettings
from services.enrich.stream import Crashed, run
from services.enrich.tools import Models
from services.settings import WrongSetting, read_settings
from services.telemetry import configure_logging, get_log, serve_metrics

log = get_log("enrich")


def main() -> int:
    """Load the models, wait for Kafka, and run; the exit status says whether that went well."""
    try:
        settings = read_settings(EnrichSettings)
    except WrongSetting as error:
        return _failed("cannot start", error)
    configure_logging(settings.log_level, as_json=settings.log_json)
    quieten()
    started = time.perf_counter()
    try:
        tools = Models.load(settings).tools()
        measures = Measures.read(settings.models_folder / "stories")
    except OSError as error:  # missing, or nowhere to unpack to
        return _failed("cannot start", error)
    log.info("loaded the models", seconds=round(time.perf_counter() - started, 2))
    try:
        wait_for_topics(settings)
        serve_metrics(settings.metrics_port, settings.metrics_host)
        run(settings, tools, measures)
    except (NoRiver, OSError) as error:
        return _failed("cannot start", error)
    except (TooManyBuried, Crashed) as error:
        return _failed("stopped", error)
    log.info("stopped")
    return 0


def _failed(how: str, error: Exception) -> int:
    log.error(how, reason=str(error))
    return 1


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # A thread may still wait for a broker that is away; what it holds is not acknowledged, and will be done again.
    os._exit(status)
