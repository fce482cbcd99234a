"""The API as one app: `create_app(settings)`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from services import VERSION
from services.search.api import (
    alerts,
    articles,
    backtests,
    counts,
    deliveries,
    developments,
    explanations,
    exports,
    health,
    likeness,
    searches,
    stances,
    stories,
    unsubscribe,
)
from services.search.api.access import Access, declare_keys
from services.search.api.docs_page import serve_docs
from services.search.api.parameters import only_known_parameters
from services.search.api.parts import Parts
from services.search.api.problems import MEDIA_TYPE, ProblemShown, tell_problems
from services.search.api.request_ids import RequestIds
from services.search.api.start_page import ONLY_ITSELF, START_PAGE
from services.search.api.unchanged import Unchanged
from services.search.settings import SearchSettings

DESCRIPTION = """
Ask for news by its words, the people, organizations and places in it, who is for or against whom, its story and what is
new in it; list stories by size, growth and recency; read what is new as a list, a feed or a stream; draw how one speaks
of another over time; save a search, and be told when something new answers it.

`q` is a question in the query language, which docs/query-language.md describes with examples: words, "phrases",
beginnings (`pact*`), `AND OR NOT ( )`, and fields: `title: body: entity: person: org: place: country: outlet: lang:
source_country: story: kind: published: seen: novelty: near: box: stance:`. `criteria.query` takes the same as a tree.

From this machine to an API on loopback no key is needed. From anywhere else one is: `Authorization: Bearer dl_…`, made
with `dateline keys create`; `read` asks, `alert` saves searches too, `admin` may all. `RateLimit` says what is left to
a reader. Whatever is answered whole has an `ETag`: `If-None-Match` is answered 304 while it stands.

Every failure is a problem (RFC 9457, `application/problem+json`) that says what was expected. A parameter that is not
known is refused, never ignored. Every response carries its `X-Request-ID`, the request's own where it has one.
"""

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status.value: {"model": ProblemShown, "description": description}
    for status, description in (
        (HTTPStatus.UNAUTHORIZED, "A key is needed here, or what was shown is none"),
        (HTTPStatus.FORBIDDEN, "The key may not do this"),
        (HTTPStatus.TOO_MANY_REQUESTS, "More than this reader may ask in a minute; `Retry-After` says when"),
        (HTTPStatus.UNPROCESSABLE_ENTITY, "Something in the request cannot be meant; `errors` says what"),
        (HTTPStatus.SERVICE_UNAVAILABLE, "Kafka or Elasticsearch cannot be reached now; `Retry-After` says when"),
    )
}


def create_app(settings: SearchSettings) -> FastAPI:
    """The app; it connects when it is started, and starts with its servers away too."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        parts = Parts.of(settings)
        parts.start()
        app.state.parts = parts
        try:
            yield
        finally:
            await parts.stop()

    app = FastAPI(
        title="Dateline",
        version=VERSION,
        description=DESCRIPTION,
        lifespan=lifespan,
        dependencies=[Depends(only_known_parameters)],
        responses=_PROBLEMS,
        docs_url=None,
        redoc_url=None,
    )
    _stand_before(app, settings)
    tell_problems(app)
    # What stands beside the articles comes before `/articles/{article}`, which would take its name for an id.
    for paths in (
        counts,
        exports,
        likeness,
        articles,
        stories,
        developments,
        stances,
        searches,
        backtests,
        explanations,
        deliveries,
        unsubscribe,
        alerts,
        health,
    ):
        app.include_router(paths.router)

    @app.get("/", include_in_schema=False)
    async def start_page() -> HTMLResponse:
        return HTMLResponse(START_PAGE, headers={"Content-Security-Policy": ONLY_ITSELF})

    serve_docs(app)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # as FastAPI's own guide extends it
    return app


def _stand_before(app: FastAPI, settings: SearchSettings) -> None:
    """What every request passes on its way in, the last of these first."""
    app.add_middleware(Unchanged)
    app.add_middleware(Access, settings=settings)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)  # streams of events stay as they are
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=("GET", "POST", "PUT", "DELETE"),
            allow_headers=("Authorization", "Content-Type", "If-None-Match", "Last-Event-ID", "X-Request-ID"),
            expose_headers=("ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID"),
        )
    app.add_middleware(RequestIds)


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The description of the API, with failures under their own media type."""
    if app.openapi_schema is None:
        described = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            separate_input_output_schemas=False,
        )
        for unused in ("HTTPValidationError", "ValidationError"):
            described["components"]["schemas"].pop(unused, None)
        for path in described["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    if status >= "400":
                        response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
        declare_keys(described)
        app.openapi_schema = described
    return app.openapi_schema
