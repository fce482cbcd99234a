"""Export all articles that answer a question: page by page as they are read on the other side, or as a feed."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import anyio
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field
from starlette.types import Send

from services.search import atom
from services.search.api.archive import Archive
from services.search.api.articles import NOT_LISTED
from services.search.api.as_of import KnownThen, as_known
from services.search.api.asking import asked_now
from services.search.api.parameters import FilterQuery, criteria_of
from services.search.api.parts import PartsOf
from services.search.criteria import Criteria
from services.search.export.feeds import LONGEST_FEED, TITLE, to_json_feed, to_rss
from services.search.export.formats import FORMATS, Format
from services.search.query import to_highlight, to_query, to_sort
from services.search.results import ArticleShown, Hit, article_shown

router = APIRouter(prefix="/articles", tags=["articles"])

PIECE = 20
"""Articles that are written before others get their turn: some ten milliseconds."""

FormatName = Literal["jsonl", "csv", "geojson", "rss", "atom", "jsonfeed"]

FEED_TYPES: Mapping[str, str] = {
    "rss": "application/rss+xml",
    "atom": atom.MEDIA_TYPE,
    "jsonfeed": "application/feed+json",
}


class ExportQuery(FilterQuery, KnownThen):
    """What `GET /articles/export` takes."""

    format: FormatName = Field(
        description="`jsonl`: each article whole, a line each. `csv`: a row each; text that a spreadsheet could take"
        " for a formula has an apostrophe before it. `geojson`: a feature each. `rss`, `atom`, `jsonfeed`: the newest"
        f" {LONGEST_FEED}, as a feed."
    )


class Streamed(StreamingResponse):
    """A response whose source is let go of whenever it ends, also where the reader goes away in the middle."""

    def __init__(self, body: AsyncGenerator[bytes, None], media_type: str, name: str) -> None:
        super().__init__(body, media_type=media_type)
        self.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        self._body = body

    async def stream_response(self, send: Send) -> None:
        """Send it; the next piece is made when the one before has gone out."""
        async with aclosing(self._body):
            await super().stream_response(send)


@router.get(
    "/export",
    summary="Export articles",
    response_class=Response,
    responses={
        200: {
            "description": "All of them, newest first, or as a feed the newest",
            "content": {
                kind: {"schema": {"type": "object" if kind.endswith("+json") else "string"}}
                for media_type in (*(one.media_type for one in FORMATS.values()), *FEED_TYPES.values())
                for kind in (media_type.partition(";")[0],)
            },
        }
    },
)
async def export_articles(query: Annotated[ExportQuery, Query()], parts: PartsOf, request: Request) -> Response:
    """All articles that `GET /articles` finds, newest first, as the index was when it began, so that none is skipped or
    doubled. It is read no faster than it is taken. An export that cannot be finished breaks the connection
    off, so that half of it is never taken for the whole. A feed is the newest 100.
    """
    criteria, now = await asked_now(as_known(criteria_of(query), query.as_of), parts.archive)
    if query.format in FEED_TYPES:
        return await _feed(query.format, criteria, now, str(request.url), parts.archive)
    form = FORMATS[query.format]
    reading = pages(parts.archive, _body(criteria, now, form))
    # What keeps it from beginning is still told as a problem.
    first = await anext(reading)
    return Streamed(written(first, reading, form), form.media_type, f"articles.{query.format}")


async def pages(archive: Archive, body: Mapping[str, Any]) -> AsyncGenerator[list[Hit], None]:
    """The answer page by page at one moment of the index, each read when it is asked for; the first may be empty."""
    point, after = await archive.open_point(), dict[str, Any]()
    try:
        while True:
            found = await archive.find_at(point, {**body, **after})
            point, hits = found["pit_id"], found["hits"]["hits"]
            yield hits
            if len(hits) < body["size"]:
                return
            after = {"search_after": hits[-1]["sort"]}
    finally:
        # Also where the reader went away, which cancels whatever waits here.
        with anyio.CancelScope(shield=True):
            await archive.close_point(point)


async def written(
    first: list[Hit], reading: AsyncGenerator[list[Hit], None], form: Format
) -> AsyncGenerator[bytes, None]:
    """The pages in this format, a few articles at a time; two pages are held at most."""
    async with aclosing(reading):
        yield form.begins.encode()
        hits: list[Hit] | None = first
        del first
        is_first = True
        while hits is not None:
            for at in range(0, len(hits), PIECE):
                sources = [hit["_source"] for hit in hits[at : at + PIECE]]
                yield form.written(sources, first=is_first).encode()
                is_first = False
            hits = await anext(reading, None)
        yield form.ends.encode()


def _body(criteria: Criteria, now: datetime, form: Format) -> dict[str, Any]:
    return {
        "query": {"bool": {"filter": [to_query(criteria, now)]}},
        "sort": to_sort("date"),
        "size": form.page,
        "source": form.source,
        "track_total_hits": False,
    }


async def _feed(name: str, criteria: Criteria, now: datetime, address: str, archive: Archive) -> Response:
    body = {
        "query": to_query(criteria, now),
        "sort": to_sort("date"),
        "size": LONGEST_FEED,
        "source": {"excludes": NOT_LISTED},
        "highlight": to_highlight(criteria),
        "track_total_hits": False,
    }
    found = await archive.find(body)
    articles = [article_shown(hit) for hit in found["hits"]["hits"]]
    return Response(_as_feed(name, articles, address), media_type=FEED_TYPES[name])


def _as_feed(name: str, articles: list[ArticleShown], address: str) -> bytes:
    if name == "rss":
        return to_rss(articles, address)
    if name == "atom":
        return atom.articles_to_atom(articles, TITLE, address, datetime.now(UTC))
    return to_json_feed(articles, address)
