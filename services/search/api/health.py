"""Say whether the API lives, whether it can answer, and how it is doing."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.search.api.parts import Parts, PartsOf
from services.search.api.problems import RETRY_AFTER, Fault, Problem
from services.search.results import Shown

router = APIRouter(tags=["health"])


class Alive(Shown):
    status: Literal["alive"] = "alive"


class Ready(Shown):
    status: Literal["ready"] = "ready"


@router.get("/healthz", summary="Is it alive?")
async def alive() -> Alive:
    """Answers as long as the process does; restart it where this fails."""
    return Alive()


@router.get("/readyz", summary="Can it answer?")
async def ready(parts: PartsOf) -> Ready:
    """Whether Kafka and Elasticsearch can be reached, the index is there, and the saved searches, the keys and the
    last alerts have been read; 503 says what is missing."""
    reasons = [*_not_read(parts), *filter(None, [await parts.archive.why_not_ready()])]
    if reasons:
        raise Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "; ".join(reasons),
            errors=[Fault(detail=reason) for reason in reasons],
            headers={"Retry-After": str(RETRY_AFTER)},
        )
    return Ready()


@router.get(
    "/metrics",
    summary="How is it doing?",
    response_class=Response,
    responses={HTTPStatus.OK: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics() -> Response:
    """Prometheus' text format."""
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _not_read(parts: Parts) -> Iterator[str]:
    """What is still to come from Kafka, in words; that it is away is one reason, not one for each topic."""
    if away := parts.alerts.why_not_ready():
        yield away
        return
    if not parts.searches.wait(0):
        yield "the saved searches have not been read yet"
    if not parts.keys.wait(0):
        yield "the keys have not been read yet"
    if not parts.alerts.caught_up:
        yield "the last alerts have not been read yet"
