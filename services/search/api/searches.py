"""Save searches, so that readers are told what answers them from now on."""

import asyncio
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from schemas.message import UtcDatetime
from schemas.saved_search import SavedSearch
from services.publish import NeverTaken
from services.search import saved_searches
from services.search.api.parts import Parts, PartsOf
from services.search.api.problems import NOT_FOUND, Problem, away
from services.search.criteria import Criteria
from services.search.results import Shown
from services.telemetry import get_log

log = get_log("api")

router = APIRouter(prefix="/searches", tags=["saved searches"])

PUBLISHED_WITHIN = 10.0
"""Seconds a reader waits for Kafka's acknowledgement at most."""

SEEN_WITHIN = 2.0
"""Seconds until what was published is read back at most; some milliseconds as a rule."""

SearchId = Annotated[str, Path(pattern="^[0-9a-z-]{1,64}$", description="the saved search's id")]


class NewSearch(BaseModel):
    """What a reader wants to be told of, by the fields that `GET /articles` asks by."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "Pacts of North Korea", "criteria": {"q": "pact", "country": ["KP"]}}]
        },
    )

    name: str = Field(min_length=1, max_length=200)
    criteria: Criteria


class SearchShown(Shown):
    """A saved search."""

    id: str
    version: int = Field(description="grows with each change; an alert says which one raised it")
    name: str
    criteria: Criteria
    created: UtcDatetime

    @classmethod
    def of(cls, search: SavedSearch) -> "SearchShown":
        """The saved search as it is shown."""
        return cls(
            id=search.id,
            version=search.version,
            name=search.name,
            criteria=Criteria.model_validate(search.criteria),
            created=search.created,
        )


class SearchesShown(Shown):
    searches: tuple[SearchShown, ...] = Field(description="oldest first")


@router.post("", status_code=HTTPStatus.CREATED, summary="Save a search", response_model_exclude_defaults=True)
async def save_search(asked: NewSearch, parts: PartsOf, response: Response) -> SearchShown:
    """From now on, an article that answers it and brings something new raises an alert."""
    search = SavedSearch(
        id=uuid.uuid4().hex,
        name=asked.name,
        criteria=asked.criteria.model_dump(mode="json", exclude_defaults=True),
        created=datetime.now(UTC),
    )
    await _published(parts, lambda: saved_searches.save(parts.publisher, search))
    await _until(lambda: parts.searches.get(search.id) is not None)
    response.headers["Location"] = f"/searches/{search.id}"
    return SearchShown.of(search)


@router.get("", summary="List the saved searches", response_model_exclude_defaults=True)
async def list_searches(parts: PartsOf) -> SearchesShown:
    """Every saved search there is."""
    _require_known(parts)
    return SearchesShown(searches=tuple(SearchShown.of(search) for search in parts.searches.all()))


@router.get("/{search}", summary="Read a saved search", responses=NOT_FOUND, response_model_exclude_defaults=True)
async def read_search(search: SearchId, parts: PartsOf) -> SearchShown:
    """One saved search."""
    return SearchShown.of(_found(search, parts))


@router.delete("/{search}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a saved search", responses=NOT_FOUND)
async def delete_search(search: SearchId, parts: PartsOf) -> None:
    """It raises no more alerts; those that it raised stay."""
    found = _found(search, parts)
    await _published(parts, lambda: saved_searches.delete(parts.publisher, found))
    await _until(lambda: parts.searches.get(search) is None)


def _found(search: str, parts: Parts) -> SavedSearch:
    _require_known(parts)
    found = parts.searches.get(search)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no saved search {search}")
    return found


def _require_known(parts: Parts) -> None:
    """Before the topic was read whole, "there is none" would be a guess."""
    if not parts.searches.wait(0):
        raise away("the list of saved searches")


async def _published(parts: Parts, publish: Callable[[], None]) -> None:
    """Publish one thing at a time, and wait for it no longer than a reader does.

    The publisher waits an outage out, without end, in a thread that nothing can stop; so the turn is given back when
    that thread has ended, and not when its reader has left: two at once would share one connection.
    """
    if parts.alerts.why_not_ready():
        raise away("Kafka")
    sending: asyncio.Future[None] | None = None
    try:
        async with asyncio.timeout(PUBLISHED_WITHIN):
            await parts.publishing.acquire()
            sending = asyncio.ensure_future(asyncio.to_thread(publish))
            sending.add_done_callback(lambda ended: _give_back(parts, ended))
            await asyncio.shield(sending)
    except TimeoutError:
        what = "Kafka did not acknowledge in time; this may yet take effect"
        if sending is None:
            what = "Kafka has not acknowledged what was asked before; nothing was changed"
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, what, headers={"Retry-After": "30"}) from None
    except NeverTaken as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error


def _give_back(parts: Parts, ended: "asyncio.Future[None]") -> None:
    parts.publishing.release()
    # Its reader may have left; whoever did is not there to hear of it.
    if not ended.cancelled() and (error := ended.exception()):
        log.error("publishing failed", reason=repr(error)[:300])


async def _until(seen: Callable[[], bool]) -> None:
    """Wait until a reader who asks at once is answered by what was just published."""
    deadline = time.monotonic() + SEEN_WITHIN
    while not seen() and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
