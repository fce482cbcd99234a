"""Run one step of enrich: `python -m services.enrich annotate` or `follow`, until SIGTERM or SIGINT."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from services.enrich.carry import TooManyBuried
from services.enrich.follow import Measures
from services.enrich.own_actors import Unusable
from services.enrich.quiet import quieten
from services.enrich.river import NoRiver, make_changelog, wait_for_topics
from services.enrich.settings import EnrichSettings
from services.enrich.stream import Annotating, Crashed, Following, Step, run
from services.enrich.tools import Models
from services.settings import WrongSetting, read_settings
from services.telemetry import configure_logging, get_log, serve_metrics

log = get_log("enrich")


STEPS: dict[str, Callable[[EnrichSettings], Step]] = {
    "annotate": lambda settings: Annotating(settings, Models.load(settings).tools()).step,
    "follow": lambda settings: Following(settings, Measures.read(settings.models_folder / "stories")).step,
}


def main(arguments: list[str]) -> int:
    """Load what the step needs, wait for Kafka, and run; the exit status says whether that went well."""
    if len(arguments) != 1 or arguments[0] not in STEPS:
        print(f"one of {', '.join(STEPS)} is expected, not {' '.join(arguments) or 'nothing'}", file=sys.stderr)  # noqa: T201
        return 2
    try:
        settings = read_settings(EnrichSettings)
    except WrongSetting as error:
        return _failed("cannot start", error)
    configure_logging(settings.log_level, as_json=settings.log_json)
    quieten()
    started = time.perf_counter()
    try:
        step = STEPS[arguments[0]](settings)
    except (OSError, Unusable) as error:  # missing, or nowhere to unpack to; a slip in the own actors
        return _failed("cannot start", error)
    log.info("loaded", step=arguments[0], seconds=round(time.perf_counter() - started, 2))
    try:
        wait_for_topics(settings)
        serve_metrics(settings.metrics_port, settings.metrics_host)
        if step.changelog:
            make_changelog(settings, step.changelog)
        run(step)
    except (NoRiver, OSError) as error:
        return _failed("cannot start", error)
    except (TooManyBuried, Crashed) as error:
        return _failed("stopped", error)
    log.info("stopped", step=arguments[0])
    return 0


def _failed(how: str, error: Exception) -> int:
    log.error(how, reason=str(error))
    return 1


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # A thread may still wait for a broker that is away; what it holds is not acknowledged, and will be done again.
    os._exit(status)
