"""Say whether the API lives, whether it can answer, and how it is doing."""

from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.search.api.parts import PartsOf
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
    """Whether Kafka and Elasticsearch can be reached and the index is there; 503 says what is missing."""
    reasons = [
        reason for reason in (parts.alerts.why_not_ready(), await parts.archive.why_not_ready()) if reason is not None
    ]
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
