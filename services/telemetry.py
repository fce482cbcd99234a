"""What a service says of itself: one event a line, and every article counted once by its outcome."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from prometheus_client import Counter, Histogram, start_http_server

_ARTICLES = Counter(
    "dateline_articles_total", "Articles by outcome, each counted once per service", ["service", "outcome"]
)
_DELIVERIES = Counter(
    "dateline_deliveries_total",
    "Attempts to deliver, by the kind of destination and what came of them",
    ["kind", "state"],
)
_STEPS = Histogram(
    "dateline_step_seconds",
    "Time a step took for what it was given",
    ["service", "step"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def configure_logging(level: str, *, as_json: bool) -> None:
    """Send every log line to standard error, ours and the libraries' alike."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Libraries say much at INFO that no reader of our log acts on.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def get_log(service: str) -> structlog.typing.FilteringBoundLogger:
    """The service's log; each line says which service it is from."""
    # Not bound yet: a logger that is bound at import keeps the settings that came before `configure_logging`.
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger(service=service)
    return log


def count_outcome(service: str, outcome: str, articles: int = 1) -> None:
    """Count articles at the end of what the service did with them, and nowhere else."""
    _ARTICLES.labels(service, outcome).inc(articles)


def count_delivery(kind: str, state: str) -> None:
    """Count an attempt to deliver once what came of it is written down."""
    _DELIVERIES.labels(kind, state).inc()


def outcomes(service: str) -> dict[str, float]:
    """How many articles this process has counted so far, by outcome."""
    return {
        sample.labels["outcome"]: sample.value
        for metric in _ARTICLES.collect()
        for sample in metric.samples
        if sample.name.endswith("_total") and sample.labels["service"] == service
    }


@contextmanager
def timed(service: str, step: str) -> Iterator[None]:
    """Time a step; also when it fails."""
    with _STEPS.labels(service, step).time():
        yield


def serve_metrics(port: int, host: str = "127.0.0.1") -> None:
    """Serve /metrics from a thread; port 0 serves none."""
    if port:
        start_http_server(port, addr=host)
