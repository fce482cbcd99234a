"""Every failure as the reader sees it: problem+json (RFC 9457), with what was expected and never a traceback."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from services.search.asked import NODE_KINDS
from services.search.language.scan import NotUnderstood
from services.telemetry import get_log

log = get_log("api")

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 5
"""Seconds after which a reader may ask again while a server is away: about what Elasticsearch takes to start."""


class Fault(BaseModel):
    """One thing that is wrong with a request, and where: a query parameter, or a pointer into the JSON body."""

    detail: str
    parameter: str | None = None
    pointer: str | None = None
    position: int | None = Field(default=None, description="the character of a question in words, counted from 1")
    suggestion: str | None = Field(default=None, description="what could be written there")


class ProblemShown(BaseModel):
    """A failure, as RFC 9457 has it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    request_id: str | None = None
    errors: list[Fault] = Field(default_factory=list)


NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": ProblemShown, "description": "There is no such thing"}}
"""For the paths that name one thing."""


class Problem(Exception):  # a problem is what RFC 9457 calls it
    """This request cannot be answered, for a reason its sender should read."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})


def away(what: str) -> Problem:
    """A server that is needed cannot be reached now."""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE, f"{what} cannot be reached", headers={"Retry-After": str(RETRY_AFTER)}
    )


def invalid(*faults: Fault) -> Problem:
    """The request says something that cannot be meant."""
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(dict.fromkeys(fault.detail for fault in faults)), errors=faults
    )


def shown(request: Request, problem: Problem) -> JSONResponse:
    """The problem as the response."""
    body = ProblemShown(
        title=problem.status.phrase,
        status=problem.status,
        detail=problem.detail,
        request_id=getattr(request.state, "request_id", None),
        errors=problem.errors,
    )
    content = body.model_dump(exclude_none=True)
    if not problem.errors:
        del content["errors"]
    return JSONResponse(content, problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


def tell_problems(app: FastAPI) -> None:
    """Turn every failure of the app into a problem."""

    @app.exception_handler(Problem)
    async def problem(request: Request, error: Problem) -> JSONResponse:
        return shown(request, error)

    @app.exception_handler(RequestValidationError)
    async def not_valid(request: Request, error: RequestValidationError) -> JSONResponse:
        return shown(request, invalid(*faults(error.errors())))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        if isinstance(error.__cause__, UnicodeDecodeError | RecursionError):
            # FastAPI's 400 for a body that is not even text, or nested without end.
            return shown(request, invalid(Fault(pointer="#", detail="body: this is not JSON in UTF-8, or is too deep")))
        status = HTTPStatus(error.status_code)
        detail = f"there is nothing at {request.url.path}" if status == HTTPStatus.NOT_FOUND else str(error.detail)
        return shown(request, Problem(status, detail, headers=error.headers))

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> JSONResponse:
        log.error("request failed", path=request.url.path, reason=repr(error)[:500], exc_info=error)
        detail = "an error of ours; the log has it under the request's id"
        return shown(request, Problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail))


def faults(errors: Sequence[Any]) -> list[Fault]:
    """What pydantic found wrong, with the place as the sender wrote it."""
    return [_fault(error) for error in errors]


_PATTERNS = {
    "^[A-Z]{2}$": "two letters are expected (ISO 3166-1 alpha-2), as in KP",
    "^[a-z]{2,3}$": "two letters are expected (ISO 639-1), as in en",
    "^[0-9a-f]{32}$": "an article's id is 32 hexadecimal digits",
    "^[0-9a-z-]{1,64}$": "a saved search's id is letters, digits and hyphens",
}


def _reason(error: Mapping[str, Any]) -> str:
    if error["type"] == "string_pattern_mismatch" and (expected := _PATTERNS.get(error["ctx"]["pattern"])):
        return expected
    if error["type"] == "extra_forbidden":
        return "there is no such field"
    if error["type"] == "json_invalid":
        return f"this is not JSON: {error['ctx']['error']}"
    return str(error["msg"]).removeprefix("Value error, ")


def _fault(error: Mapping[str, Any]) -> Fault:
    where, *rest = error["loc"] or ("body",)
    reason, found = _reason(error), _where(error)
    name = str(rest[0]) if rest else str(where)
    if where in ("query", "header", "path"):
        return Fault(parameter=name, detail=f"{name}: {reason}", **found)
    rest = [part for part, before in zip(rest, [None, *rest], strict=False) if not _is_kind(part, before)]
    if all(isinstance(part, int) for part in rest):
        rest = []  # the whole body; a number alone is the character at which it stopped being JSON
    pointer = "/".join(("#", *map(str, rest)))
    return Fault(pointer=pointer, detail=f"{pointer.removeprefix('#').removeprefix('/') or 'body'}: {reason}", **found)


def _where(error: Mapping[str, Any]) -> dict[str, Any]:
    """The place in a question in words, and what could be written there."""
    cause = error.get("ctx", {}).get("error")
    if not isinstance(cause, NotUnderstood):
        return {}
    return {"position": cause.position + 1, "suggestion": cause.suggestion}


def _is_kind(part: int | str, before: int | str | None) -> bool:
    """Say whether this names a kind of node in a tree, which the sender did not write as a step on the way."""
    return isinstance(part, str) and part in NODE_KINDS and (before in ("query", "of") or isinstance(before, int))
