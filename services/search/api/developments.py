"""Tell what is new in the stories: as a list, as an Atom feed, and as each comes (server-sent events)."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse

from services.search.api.archive import Archive, Expired
from services.search.api.asking import as_found_out, found_out
from services.search.api.cursor import Cursor
from services.search.api.families import every_id, families
from services.search.api.paging import GONE, expired, opened, resumed
from services.search.api.parameters import CURSOR, LARGEST_PAGE, Apart, FilterQuery, criteria_of, read_own
from services.search.api.parts import Parts, PartsOf
from services.search.api.problems import away
from services.search.api.topic_stream import After, answer, place, stream
from services.search.atom import MEDIA_TYPE, to_atom
from services.search.development_query import (
    NEWEST_FIRST,
    SOURCE,
    TOLD_BY,
    DevelopmentCriteria,
    is_meant,
    is_supported,
    supported,
    supported_ids,
    to_developments,
)
from services.search.development_results import DevelopmentTold, New, developments_of
from services.search.mapping import ARTICLES, STORIES
from services.search.results import Hit, Shown

router = APIRouter(tags=["developments"])

PAGE = 20

AT_ONCE = 200
"""Articles read at once where each one's support has to be looked up."""

MOST_READS = 5
"""Searches for one page at most; a page that is not full by then goes on with its cursor."""

_WEIGHED = {"kind", "score"}

KIND = "These kinds of developments; any of them. Several: `a,b`, or given again."
MIN_SCORE = "At least so much weight: 0 to 1."
MIN_SUPPORT = "Told by at least so many outlets, as is known now; one of which that is not known has one."


class DevelopmentFilters(FilterQuery):
    """What `GET /developments.atom` takes: of the articles that tell them, and of the developments themselves."""

    kind: Annotated[list[str], Apart] = Field(default=[], description=KIND)
    min_score: float | None = Field(default=None, description=MIN_SCORE)
    min_support: int | None = Field(default=None, description=MIN_SUPPORT)
    size: int | None = Field(default=None, ge=1, le=LARGEST_PAGE, description="Developments at most; 20 if not given.")


class DevelopmentsQuery(DevelopmentFilters):
    """What `GET /developments` takes."""

    cursor: str | None = Field(default=None, description=CURSOR)


class StreamQuery(BaseModel):
    """What `GET /developments/stream` takes."""

    model_config = ConfigDict(frozen=True)

    kind: Annotated[list[str], Apart] = Field(default=[], description=KIND)
    min_score: float | None = Field(default=None, description=MIN_SCORE)
    story: Annotated[list[str], Apart] = Field(
        default=[], description="Ids of stories, as they are when the stream begins; any of them."
    )
    after: After = None


class DevelopmentsPage(Shown):
    """A page of the answer."""

    developments: tuple[DevelopmentTold, ...] = Field(description="newest article first")
    next: str | None = Field(description="cursor of the next page; null on the last one")


@router.get("/developments", summary="List what is new", responses=GONE)
async def list_developments(query: Annotated[DevelopmentsQuery, Query()], parts: PartsOf) -> DevelopmentsPage:
    """Developments, those of the newest article first; each stands once, at the article that told it first, with the
    outlets that tell it by now. A cursor reads on in the index as it was at the first page, so that none is skipped or
    doubled. With `min_support` a page may be shorter than `size`, or empty, and yet have a `next`.
    """
    if query.cursor is None:
        return await _first_page(query, parts)
    cursor = resumed(query.cursor, parts.signer, "developments", criteria_of(query), _asked(query), size=query.size)
    try:
        return (await _page(cursor, parts))[0]
    except Expired:
        raise expired(parts.settings) from None


@router.get(
    "/developments.atom",
    summary="Read what is new as a feed",
    response_class=Response,
    responses={HTTPStatus.OK: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def feed(query: Annotated[DevelopmentFilters, Query()], parts: PartsOf, request: Request) -> Response:
    """The first page of `GET /developments` in Atom (RFC 4287), for feed readers."""
    page = await _first_page(query, parts, keep=False)
    return Response(to_atom(page.developments, str(request.url), datetime.now(UTC)), media_type=MEDIA_TYPE)


@router.get(
    "/developments/stream",
    summary="Follow what is new",
    response_class=EventSourceResponse,
    responses={
        HTTPStatus.OK: {
            "description": "Events `development` (data: the development; id: the place in the stream) and `gap`"
            " (some that are no longer kept: by partition of the topic) and, in silence, comments.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def follow_developments(
    query: Annotated[StreamQuery, Query()],
    parts: PartsOf,
    last_event_id: Annotated[
        str | None, Header(description="Resume after the event with this id; browsers send it by themselves.")
    ] = None,
) -> EventSourceResponse:
    """Each development as its article comes, with its support as it was then. Reconnecting with `Last-Event-ID` misses
    nothing: what came meanwhile comes first, or an event `gap` says that some of it is no longer kept; what one article
    brings may come twice. Without one, the stream begins now.
    """
    asked = read_own(DevelopmentCriteria, {"kind": query.kind, "min_score": query.min_score})
    after = place(last_event_id, "Last-Event-ID") if last_event_id else place(query.after, "after")
    if not parts.developments.caught_up:
        raise away("the topic of enriched articles")
    stories = set(await every_id(parts.archive, query.story))

    def is_wanted(new: New) -> bool:
        of_them = not stories or not stories.isdisjoint(new.stories)
        return of_them and is_meant(new.told.model_dump(include=_WEIGHED), asked)

    events = stream(parts.developments, after, "development", is_wanted, lambda new: new.told.model_dump_json())
    return answer(events, parts.settings.heartbeat)


def _asked(query: DevelopmentFilters) -> dict[str, Any]:
    own = read_own(DevelopmentCriteria, {name: getattr(query, name) for name in DevelopmentCriteria.model_fields})
    return own.model_dump(mode="json", exclude_defaults=True)


async def _first_page(query: DevelopmentFilters, parts: Parts, *, keep: bool = True) -> DevelopmentsPage:
    criteria, own = criteria_of(query), _asked(query)
    known = await found_out(criteria, parts.archive)
    async with opened(parts.archive, ARTICLES) as at:
        first = Cursor(
            of="developments",
            criteria=criteria,
            sort="date",
            size=query.size or PAGE,
            point=at.points[0],
            own=own,
            known={**known, "told": 0},
        )
        page, at.points[0] = await _page(first, parts)
        at.kept = keep and page.next is not None
    return page


async def _page(asked: Cursor, parts: Parts) -> tuple[DevelopmentsPage, str]:
    """The page, and the point in time by the name under which it goes on.

    A page ends after any of an article's developments: the cursor knows how many of the next one's were `told`.
    """
    wanted = DevelopmentCriteria.model_validate(asked.own)
    shown: list[DevelopmentTold] = []
    at, ids = asked, await _supported(wanted, parts.archive)
    for _ in range(MOST_READS):
        hits, at, last = await _articles(at, wanted, ids, parts)
        stories = await families(parts.archive, (hit["_source"]["story"] for hit in hits), TOLD_BY)
        for hit in hits:
            source = hit["_source"]
            told = [
                one
                for one in developments_of(source, stories[source["story"]].document)
                if is_meant(one.model_dump(include=_WEIGHED), wanted)
            ]
            for number in range(at.known["told"], len(told)):
                if not is_supported(told[number].support, wanted):
                    continue
                if len(shown) == asked.size:
                    at = at.going_on(at.point, at.after, {**at.known, "told": number})
                    return _shown(shown, parts.signer.write(at)), at.point
                shown.append(told[number])
            at = at.going_on(at.point, hit["sort"], {**at.known, "told": 0})
        if last:
            return _shown(shown, None), at.point
    return _shown(shown, parts.signer.write(at)), at.point


async def _articles(
    at: Cursor, wanted: DevelopmentCriteria, ids: list[str] | None, parts: Parts
) -> tuple[list[Hit], Cursor, bool]:
    """The next articles that bring such developments, the place by its name from here on, and whether these are all."""
    criteria, now = as_found_out(at)
    # Where every article has one that is wanted, one more than the page says whether there is a next.
    size = at.size + 1 if ids is not None or wanted.min_support is None else AT_ONCE
    body: dict[str, Any] = {
        "query": to_developments(criteria, wanted, ids, now),
        "sort": NEWEST_FIRST,
        "size": size,
        "source": [*SOURCE, "shown.developments"],
        "track_total_hits": False,
    }
    if at.after:
        body["search_after"] = list(at.after)
    found = await parts.archive.find_at(at.point, body)
    hits = found["hits"]["hits"]
    return hits, at.going_on(found["pit_id"], at.after), len(hits) < size


async def _supported(wanted: DevelopmentCriteria, archive: Archive) -> list[str] | None:
    """The developments that have the support, by id, where it is asked for and they are not too many."""
    if wanted.min_support is None or wanted.min_support == 1:
        return None
    return supported_ids(await archive.find(supported(wanted.min_support), STORIES))


def _shown(shown: list[DevelopmentTold], cursor: str | None) -> DevelopmentsPage:
    return DevelopmentsPage(developments=tuple(shown), next=cursor)
