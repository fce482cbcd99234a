"""Find articles, page by page, and read one."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Path, Query
from pydantic import Field

from services.search.api.archive import Archive, Expired
from services.search.api.as_of import as_known
from services.search.api.asking import as_found_out, found_out
from services.search.api.cursor import Cursor
from services.search.api.paging import GONE, expired, opened, resumed
from services.search.api.parameters import ArticlesAsked, ArticlesQuery, Listing, criteria_of
from services.search.api.parts import Parts, PartsOf
from services.search.api.problems import NOT_FOUND, Fault, Problem, invalid
from services.search.api.selection import leaves_out, selected
from services.search.criteria import Criteria
from services.search.facets import Facet, FacetShown, facets_shown, to_facets
from services.search.freshness import weighed_by_age
from services.search.mapping import ARTICLES
from services.search.query import Sort, to_counts, to_highlight, to_query, to_sort
from services.search.results import (
    ArticleShown,
    ArticleWhole,
    Hit,
    Shown,
    article_shown,
    article_whole,
    counts_shown,
)

router = APIRouter(tags=["articles"])

PAGE = 20
"""Articles of a page if the reader does not say: what fits a screen or two."""

COUNTED = 10_000
"""Articles that are counted exactly; counting on would cost as much as the search itself."""

MOST_GROUPS = 10_000
"""Groups that can be paged through: the index skips those before a page, and skips no more than so many."""

NOT_LISTED = ["text", "vector", "shown", "stances.sentence"]
"""Fields of the document that a list leaves out: most of its bytes."""


class ArticleFound(ArticleShown):
    """An article of an answer, which may stand for others."""

    stands_for: int | None = Field(
        default=None, description="with `group_by` or `fold_duplicates`: how many found articles it stands for, exactly"
    )


class ArticlesPage(Shown):
    """A page of the answer."""

    total: int = Field(description=f"articles that were found, folded or not; exact up to {COUNTED:,}")
    total_is_exact: bool
    articles: tuple[ArticleFound, ...]
    next: str | None = Field(description="cursor of the next page; null on the last one")
    facets: dict[Facet, FacetShown] = Field(description="those that were asked for")


class ArticlesPageOfFields(Shown):
    """A page of the answer where `fields` were asked for."""

    total: int
    total_is_exact: bool
    articles: tuple[dict[str, Any], ...] = Field(description="of each its `id` and the fields that were asked for")
    next: str | None
    facets: dict[Facet, FacetShown]


@router.get("/articles", summary="Find articles", responses=GONE)
async def find_articles(
    query: Annotated[ArticlesQuery, Query()], parts: PartsOf
) -> ArticlesPage | ArticlesPageOfFields:
    """All that is given must be met. A cursor reads on in the index as it was at the first page: articles that come
    meanwhile neither appear nor shift the pages, so that none is skipped or doubled. Of groups (`group_by`,
    `fold_duplicates`) the first 10,000 can be read; beyond, a page is refused.
    """
    return await _answered(criteria_of(query), query, "parameter", parts)


@router.post("/articles", summary="Find articles, asked by a body", responses=GONE)
async def find_articles_by_body(asked: ArticlesAsked, parts: PartsOf) -> ArticlesPage | ArticlesPageOfFields:
    """The same as `GET /articles`, for questions that are longer than an address or are put together by a program:
    `criteria` has the fields of a saved search, and in `query` the query language as a tree.
    """
    return await _answered(asked.criteria, asked, "pointer", parts)


async def _answered(
    criteria: Criteria, query: Listing, told_as: Literal["parameter", "pointer"], parts: Parts
) -> ArticlesPage | ArticlesPageOfFields:
    fields = selected(query.fields, tuple(ArticleFound.model_fields), told_as)
    page = await _found(as_known(criteria, query.as_of, told_as), query, _own(query, told_as), parts)
    if not fields:
        return page
    return ArticlesPageOfFields.model_validate(
        page.model_dump(mode="json", include={"articles": {"__all__": fields}, **dict.fromkeys(_BESIDE_ARTICLES, True)})
    )


_BESIDE_ARTICLES = ("total", "total_is_exact", "next", "facets")


async def _found(criteria: Criteria, query: Listing, own: dict[str, str], parts: Parts) -> ArticlesPage:
    if query.cursor is not None:
        cursor = resumed(query.cursor, parts.signer, "articles", criteria, own, sort=query.sort, size=query.size)
        try:
            return (await _page(cursor, query, parts))[0]
        except Expired:
            raise expired(parts.settings) from None
    known = await found_out(criteria, parts.archive)
    async with opened(parts.archive, ARTICLES) as at:
        first = Cursor(
            of="articles",
            criteria=criteria,
            sort=query.sort or ("relevance" if criteria.texts else "date"),
            size=query.size or PAGE,
            point=at.points[0],
            own=own,
            known=known,
        )
        page, at.points[0] = await _page(first, query, parts)
        at.kept = page.next is not None
    return page


@router.get("/articles/{article}", summary="Read one article", responses=NOT_FOUND)
async def read_article(
    article: Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="the article's id")], parts: PartsOf
) -> ArticleWhole:
    """The article with its text, and the words that each statement about it rests on."""
    source = await parts.archive.get(article)
    if source is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no article {article}")
    return article_whole(source)


def _own(query: Listing, told_as: Literal["parameter", "pointer"]) -> dict[str, str]:
    """By which field the articles are put in groups of which one is shown, if they are."""
    if query.group_by and query.fold_duplicates:
        detail = "fold_duplicates: a story's articles are one group already; give either this or group_by"
        name = "fold_duplicates"
        as_parameter = Fault(parameter=name, detail=detail)
        raise invalid(as_parameter if told_as == "parameter" else Fault(pointer=f"#/{name}", detail=detail))
    if query.group_by:
        return {"group": query.group_by}
    return {"group": "original"} if query.fold_duplicates else {}


async def _page(asked: Cursor, query: Listing, parts: Parts) -> tuple[ArticlesPage, str]:
    """The page, and the point in time by the name under which it goes on."""
    criteria, now = as_found_out(asked)
    found = await parts.archive.find_at(asked.point, _body(criteria, now, asked, query))
    point = found["pit_id"]
    # One more than the page was asked for: whether it is there says whether there is a next page.
    hits = found["hits"]["hits"][: asked.size]
    more = len(found["hits"]["hits"]) > asked.size
    articles = [ArticleFound(**article_shown(hit).model_dump()) for hit in hits]
    if (group := asked.own.get("group")) and hits:
        counts, point = await _counts(criteria, now, group, hits, parts.archive, point)
        articles = [
            article.model_copy(update={"stands_for": counts[hit["_source"][group]]})
            for article, hit in zip(articles, hits, strict=True)
        ]
    after = [_skipped(asked) + len(hits)] if group else hits[-1]["sort"] if hits else []
    page = ArticlesPage(
        total=found["hits"]["total"]["value"],
        total_is_exact=found["hits"]["total"]["relation"] == "eq",
        articles=tuple(articles),
        next=parts.signer.write(asked.going_on(point, after)) if more else None,
        facets=facets_shown(found.get("aggregations", {})),
    )
    return page, point


async def _counts(
    criteria: Criteria, now: datetime, group: str, hits: list[Hit], archive: Archive, point: str
) -> tuple[dict[str, int], str]:
    found = await archive.find_at(point, to_counts(criteria, group, [hit["_source"][group] for hit in hits], now))
    return counts_shown(found), found["pit_id"]


def _skipped(asked: Cursor) -> int:
    return int(asked.after[0]) if asked.after else 0


def _body(criteria: Criteria, now: datetime, asked: Cursor, query: Listing) -> dict[str, Any]:
    found_by = to_query(criteria, now)
    body: dict[str, Any] = {
        "query": weighed_by_age(found_by, now) if asked.sort == "both" else found_by,
        "sort": to_sort(cast("Sort", asked.sort)),
        "size": asked.size + 1,
        "source": {"excludes": [*NOT_LISTED, *leaves_out(query.fields)]},
        "highlight": to_highlight(criteria),
        "track_total_hits": COUNTED,
    }
    if group := asked.own.get("group"):
        # The index cannot read on after a group, only skip those before.
        if (skipped := _skipped(asked)) + asked.size + 1 > MOST_GROUPS:
            detail = f"cursor: at most {MOST_GROUPS:,} groups can be read; ask for less, as by from and to"
            raise invalid(Fault(parameter="cursor", detail=detail))
        body |= {"collapse": {"field": group}, "from": skipped}
    elif asked.after:
        body["search_after"] = list(asked.after)
    if query.facets:
        body["aggs"] = to_facets(tuple(query.facets))
    return body
