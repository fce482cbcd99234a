"""Find articles, page by page, and read one."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field

from services.search.api.archive import Expired
from services.search.api.cursor import Cursor, NotACursor
from services.search.api.parameters import ArticlesQuery, criteria_of
from services.search.api.parts import Parts, PartsOf
from services.search.api.problems import NOT_FOUND, Fault, Problem, ProblemShown, invalid
from services.search.criteria import Criteria
from services.search.query import Facet, to_facets, to_highlight, to_query, to_sort
from services.search.results import (
    ArticleShown,
    ArticleWhole,
    FacetShown,
    Shown,
    article_shown,
    article_whole,
    facets_shown,
)

router = APIRouter(tags=["articles"])

PAGE = 20
"""Articles of a page if the reader does not say: what fits a screen or two."""

COUNTED = 10_000
"""Articles that are counted exactly; counting on would cost as much as the search itself."""

NOT_LISTED = ["text", "vector", "shown", "stances.sentence"]
"""Fields of the document that a list leaves out: most of its bytes."""

GONE: dict[int | str, dict[str, Any]] = {410: {"model": ProblemShown, "description": "The cursor has expired"}}


class ArticlesPage(Shown):
    """A page of the answer."""

    total: int = Field(description=f"articles that were found; exact up to {COUNTED:,}")
    total_is_exact: bool
    articles: tuple[ArticleShown, ...]
    next: str | None = Field(description="cursor of the next page; null on the last one")
    facets: dict[Facet, FacetShown] = Field(description="those that were asked for")


@router.get("/articles", summary="Find articles", responses=GONE)
async def find_articles(query: Annotated[ArticlesQuery, Query()], parts: PartsOf) -> ArticlesPage:
    """All that is given must be met. A cursor reads on in the index as it was at the first page: articles that come
    meanwhile neither appear nor shift the pages, so that none is skipped or doubled.
    """
    if query.cursor is None:
        return await _first_page(query, parts)
    try:
        return await _page(_resumed(query, parts), query.facets, parts)
    except Expired:
        raise Problem(
            HTTPStatus.GONE,
            f"this cursor was not used for {parts.settings.cursor_minutes} minutes, or the index was restarted;"
            " ask again without it",
        ) from None


@router.get("/articles/{article}", summary="Read one article", responses=NOT_FOUND)
async def read_article(
    article: Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="the article's id")], parts: PartsOf
) -> ArticleWhole:
    """The article with its text, and the words that each statement about it rests on."""
    source = await parts.archive.get(article)
    if source is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no article {article}")
    return article_whole(source)


async def _first_page(query: ArticlesQuery, parts: Parts) -> ArticlesPage:
    criteria = criteria_of(query)
    sort = query.sort or ("relevance" if criteria.q else "date")
    point = await parts.archive.open_point()
    kept = False
    try:
        asked = Cursor(criteria=criteria, sort=sort, size=query.size or PAGE, point=point, after=())
        page = await _page(asked, query.facets, parts)
        kept = page.next is not None
    finally:
        # Most answers fit on one page: what nobody can come back to need not be kept.
        if not kept:
            await parts.archive.close_point(point)
    return page


def _resumed(query: ArticlesQuery, parts: Parts) -> Cursor:
    try:
        cursor = parts.signer.read(query.cursor or "")
    except NotACursor as error:
        raise invalid(Fault(parameter="cursor", detail=f"cursor: {error}")) from error
    criteria = criteria_of(query)
    if criteria not in (Criteria(), cursor.criteria) or query.sort not in (None, cursor.sort):
        raise invalid(
            Fault(parameter="cursor", detail="cursor: it belongs to another question; give it alone, or with the same")
        )
    return Cursor(
        criteria=cursor.criteria,
        sort=cursor.sort,
        size=query.size or cursor.size,
        point=cursor.point,
        after=cursor.after,
    )


async def _page(asked: Cursor, facets: list[Facet], parts: Parts) -> ArticlesPage:
    found = await parts.archive.find_at(asked.point, _body(asked, tuple(facets)))
    # One more than the page was asked for: whether it is there says whether there is a next page.
    hits = found["hits"]["hits"][: asked.size]
    more = len(found["hits"]["hits"]) > asked.size
    reading_on = Cursor(
        criteria=asked.criteria,
        sort=asked.sort,
        size=asked.size,
        point=found["pit_id"],
        after=tuple(hits[-1]["sort"]) if more else (),
    )
    return ArticlesPage(
        total=found["hits"]["total"]["value"],
        total_is_exact=found["hits"]["total"]["relation"] == "eq",
        articles=tuple(article_shown(hit) for hit in hits),
        next=parts.signer.write(reading_on) if more else None,
        facets=facets_shown(found.get("aggregations", {})),
    )


def _body(asked: Cursor, facets: tuple[Facet, ...]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "query": to_query(asked.criteria),
        "sort": to_sort(asked.sort),
        "size": asked.size + 1,
        "source": {"excludes": NOT_LISTED},
        "highlight": to_highlight(asked.criteria),
        "track_total_hits": COUNTED,
    }
    if asked.after:
        body["search_after"] = list(asked.after)
    if facets:
        body["aggs"] = to_facets(facets)
    return body
