"""List stories, and read one as it unfolded."""

from http import HTTPStatus
from typing import Annotated, Any, cast

from fastapi import APIRouter, Path, Query
from pydantic import Field

from services.search.api.archive import Archive, Expired
from services.search.api.articles import NOT_LISTED
from services.search.api.asking import as_found_out, found_out
from services.search.api.cursor import Cursor
from services.search.api.families import family
from services.search.api.paging import GONE, expired, opened, resumed
from services.search.api.parameters import CURSOR, LARGEST_PAGE, FilterQuery, criteria_of, read_own
from services.search.api.parts import Parts, PartsOf
from services.search.api.problems import NOT_FOUND, Fault, Problem, invalid
from services.search.criteria import Criteria
from services.search.mapping import ARTICLES, STORIES
from services.search.query import to_highlight
from services.search.results import Shown
from services.search.story_query import (
    MOST_STORIES,
    StoryCriteria,
    StorySort,
    stories_of,
    story_ids,
    to_stories,
    to_stories_sort,
)
from services.search.story_results import NOT_LISTED_OF_STORIES, StoryListed, StoryShown, story_listed, story_shown

router = APIRouter(tags=["stories"])

PAGE = 20

COUNTED = 10_000
"""Stories that are counted exactly; counting on would cost as much as the search itself."""


class StoriesQuery(FilterQuery):
    """What `GET /stories` takes."""

    min_articles: int | None = Field(default=None, description="At least so many articles, near-duplicates included.")
    min_outlets: int | None = Field(default=None, description="Told by at least so many outlets.")
    active_from: str | None = Field(default=None, description="Its latest article came at or after this moment or day.")
    active_to: str | None = Field(
        default=None, description="Its first article came before this moment, or on this day (UTC) at the latest."
    )
    sort: StorySort | None = Field(
        default=None,
        description="`recency`: the latest article first, if not given; `size`: most articles first; `growth`: most"
        " articles in the story's last 24 hours first, in its own time.",
    )
    size: int | None = Field(default=None, ge=1, le=LARGEST_PAGE, description="Stories of a page; 20 if not given.")
    cursor: str | None = Field(default=None, description=CURSOR)


class StoriesPage(Shown):
    """A page of the answer."""

    total: int = Field(description=f"stories that were found; exact up to {COUNTED:,}")
    total_is_exact: bool
    stories: tuple[StoryListed, ...]
    next: str | None = Field(description="cursor of the next page; null on the last one")


@router.get(
    "/stories",
    summary="List stories",
    description="Stories that themselves meet what is asked of stories, and of which at least one article meets all"
    f" that is asked of articles. If the articles that do are of more than {MOST_STORIES:,} stories, it is refused: ask"
    " for less, by `from` or `q` or `outlet`. A cursor reads on in the index as it was at the first page, so that no"
    " story is skipped or doubled. A story is listed when an article came since stories are told whole.",
    responses=GONE,
)
async def list_stories(query: Annotated[StoriesQuery, Query()], parts: PartsOf) -> StoriesPage:
    """All that is given must be met."""
    criteria = criteria_of(query)
    own = read_own(
        StoryCriteria, {name: getattr(query, name) for name in StoryCriteria.model_fields}, whole="active_from"
    )
    asked = own.model_dump(mode="json", exclude_defaults=True)
    if query.cursor is not None:
        cursor = resumed(query.cursor, parts.signer, "stories", criteria, asked, sort=query.sort, size=query.size)
        try:
            return (await _page(cursor, parts))[0]
        except Expired:
            raise expired(parts.settings) from None
    known = await found_out(criteria, parts.archive)
    shelves = (STORIES,) if criteria == Criteria() else (STORIES, ARTICLES)
    async with opened(parts.archive, *shelves) as at:
        first = Cursor(
            of="stories",
            criteria=criteria,
            sort=query.sort or "recency",
            size=query.size or PAGE,
            point=at.points[0],
            own=asked,
            known={**known, "articles": at.points[1] if len(at.points) > 1 else None},
        )
        page, at.points[:] = await _page(first, parts)
        at.kept = page.next is not None
    return page


@router.get("/stories/{story}", summary="Read a story", responses=NOT_FOUND)
async def read_story(
    story: Annotated[str, Path(max_length=200, description="the story's id, or that of one that became part of it")],
    parts: PartsOf,
    size: Annotated[int, Query(ge=1, le=500, description="Articles at most, from the first on.")] = 100,
) -> StoryShown:
    """Its articles in the order they came, who and where they name, who reported it, its size over time, and what was
    new when, told by whom. A story that became part of another is answered with that one: `asked` is then not its `id`.
    """
    found_family = await family(parts.archive, story)
    found = await parts.archive.find(_articles_of(found_family.ids, size))
    if found_family.document is None and not found["hits"]["hits"]:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no story {story}")
    return story_shown(story, found_family.id, found_family.document, found["hits"]["hits"], found)


async def _page(asked: Cursor, parts: Parts) -> tuple[StoriesPage, list[str]]:
    """The page, and the points in time by the names under which they go on."""
    known = dict(asked.known)
    ids = None
    if known["articles"]:
        ids, known["articles"] = await _ids(asked, known["articles"], parts.archive)
    body: dict[str, Any] = {
        "query": to_stories(StoryCriteria.model_validate(asked.own), ids),
        "sort": to_stories_sort(cast("StorySort", asked.sort)),
        "size": asked.size + 1,
        "source": {"excludes": NOT_LISTED_OF_STORIES},
        "track_total_hits": COUNTED,
    }
    if asked.after:
        body["search_after"] = list(asked.after)
    found = await parts.archive.find_at(asked.point, body)
    # One more than the page was asked for: whether it is there says whether there is a next page.
    hits = found["hits"]["hits"][: asked.size]
    more = len(found["hits"]["hits"]) > asked.size
    page = StoriesPage(
        total=found["hits"]["total"]["value"],
        total_is_exact=found["hits"]["total"]["relation"] == "eq",
        stories=tuple(story_listed(hit["_source"]) for hit in hits),
        next=parts.signer.write(asked.going_on(found["pit_id"], hits[-1]["sort"], known)) if more else None,
    )
    return page, [point for point in (found["pit_id"], known["articles"]) if point]


async def _ids(asked: Cursor, point: str, archive: Archive) -> tuple[list[str], str]:
    """The stories of all articles that meet the question, and the point in time by its name from here on."""
    found = await archive.find_at(point, stories_of(*as_found_out(asked)))
    ids = story_ids(found)
    if ids is None:
        detail = f"from: articles of more than {MOST_STORIES:,} stories meet this; ask for less, as by a later from"
        raise invalid(Fault(parameter="from", detail=detail))
    return ids, found["pit_id"]


def _articles_of(ids: tuple[str, ...], size: int) -> dict[str, Any]:
    # The places in two stories that became one say nothing of which came first.
    order: list[dict[str, Any]] = [{"position": "asc"}] if len(ids) == 1 else [{"seen": "asc"}, {"position": "asc"}]
    return {
        "query": {"terms": {"story": list(ids)}},
        "sort": [*order, {"published": "asc"}, {"id": "asc"}],
        "size": size,
        "source": {"excludes": NOT_LISTED},
        "highlight": to_highlight(Criteria()),
        "track_total_hits": True,
        "aggs": {
            "outlets": {"terms": {"field": "outlet.domain", "size": 100}},
            "first": {"min": {"field": "published"}},
            "last": {"max": {"field": "published"}},
        },
    }
