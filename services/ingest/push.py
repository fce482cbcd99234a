"""Take articles that are handed over by HTTP: `POST /articles`, answered once the broker has them."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from schemas.article import Article
from services.ingest.intake import Closed, Intake
from services.ingest.settings import IngestSettings
from services.ingest.submission import UNTAKEN, Unreadable, read_submission
from services.publish import NeverTaken
from services.telemetry import count_outcome, get_log

log = get_log("ingest")

_ONE_VALUE = "application/json"
_LINES = frozenset({"application/x-ndjson", "application/jsonl"})
_STATUS = {"undecodable": 422, "not_an_article": 422, "too_long": 413, "failed": 500}
Answer = dict[str, Any]


class NotJson(ValueError):
    """The push does not say that it is JSON, as a form of a web page cannot."""


class BodyTooLong(ValueError):
    """The push is longer than we take at once."""


def push_app(
    intake: Intake, settings: IngestSettings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> FastAPI:
    """The HTTP application that takes pushes."""
    app = FastAPI(title="Dateline ingest", description="Hand articles over to Dateline.")

    @app.post("/articles", summary="Publish one article (JSON) or many (JSON array, or NDJSON)")
    async def articles(request: Request) -> JSONResponse:
        """Answered article by article once the broker has them; one that cannot be taken keeps no other out.

        The `Content-Type` must be `application/json`, or `application/x-ndjson` or `application/jsonl` for a line each;
        parameters are allowed. Any other is refused with 415: a browser sends these types to another site only after
        that allowed it, which ingest never does, so that no web page can push to an ingest of its reader's machine.
        """
        try:
            kind = _kind(request.headers.get("content-type", ""))
            body = await _body(request, settings.push_bytes)
        except NotJson as error:
            return _problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, str(error))
        except BodyTooLong as error:
            return JSONResponse({"error": str(error)}, 413)
        try:
            rows = list(_lines(body)) if kind in _LINES else json.loads(body)
        except (ValueError, RecursionError) as error:
            return JSONResponse({"error": f"the body is not JSON: {error}"}, 400)
        given = rows if isinstance(rows, list) else [rows]
        try:
            answers = await asyncio.to_thread(take, given, intake, now())
        except (Closed, NeverTaken) as error:
            return _problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
        if isinstance(rows, list):
            return JSONResponse({"articles": answers})
        [answer] = answers
        return JSONResponse(answer, _STATUS.get(answer["outcome"], 200))

    @app.get("/healthz", summary="Whether the process lives")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return app


def take(rows: list[Any], intake: Intake, now: datetime) -> list[Answer]:
    """One answer for each row, in their order; those that cannot be taken do not keep the others out.

    They do not go to the dead letters: the answer tells their sender why, who still has them.
    """
    answers: list[Answer] = []
    articles: list[Article] = []
    positions: list[int] = []
    for position, row in enumerate(rows):
        try:
            articles.append(_article(row, now))
        except tuple(UNTAKEN) as error:
            answers.append(_refused(UNTAKEN[type(error)], str(error)))
        except Exception:
            # The edge: one article that our own code trips over must not keep the others out.
            log.exception("failed", position=position)
            answers.append(_refused("failed", "an error of ours; ingest's log has it"))
        else:
            positions.append(position)
            answers.append({"id": articles[-1].id, "outcome": "", "reason": None})
    for position, outcome in zip(positions, intake.take(articles), strict=True):
        answers[position]["outcome"] = outcome
    return answers


def _article(row: Any, now: datetime) -> Article:
    if isinstance(row, Unreadable):
        raise row
    return read_submission(row).article(seen=now, source="push")


def _refused(outcome: str, reason: str) -> Answer:
    count_outcome("ingest", outcome)
    return {"id": None, "outcome": outcome, "reason": reason}


class PushServer(uvicorn.Server):
    """Serves the application within our own event loop; signals are the main program's business."""

    def __init__(self, app: FastAPI, settings: IngestSettings) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=settings.push_host,
                port=settings.push_port,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=5,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def _kind(content_type: str) -> str:
    """The media type without its parameters. Raises `NotJson`."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind != _ONE_VALUE and kind not in _LINES:
        expected = ", ".join(sorted({_ONE_VALUE, *_LINES}))
        raise NotJson(f"the Content-Type is {kind or 'missing'}; expected is one of {expected}")
    return kind


def _problem(status: HTTPStatus, detail: str) -> JSONResponse:
    """A failure as RFC 9457 has it; `error` says the same to those who read this endpoint's other failures."""
    told = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, "error": detail}
    return JSONResponse(told, status, media_type="application/problem+json")


async def _body(request: Request, at_most: int) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > at_most:
            raise BodyTooLong(f"more than {at_most} bytes; send it in parts")
    return bytes(body)


def _lines(body: bytes) -> Iterator[Any]:
    """Each line's JSON value; a broken line is an `Unreadable` in its place, so that the others are still taken."""
    for number, line in enumerate(body.splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Unreadable(f"line {number} is not JSON: {error}")
