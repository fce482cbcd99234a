"""Save searches, so that readers are told what answers them from now on."""

import uuid
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import Field

from schemas.saved_search import EarlierVersion, SavedSearch
from services.search import saved_searches
from services.search.api.parts import Parts, PartsOf
from services.search.api.problems import NOT_FOUND, Problem, away, invalid
from services.search.api.publishing import published, until
from services.search.api.search_asked import SearchAsked, SearchShown, VersionShown, asked_of
from services.search.breadth import to_share, warnings_of
from services.search.criteria import Criteria
from services.search.results import Shown

router = APIRouter(prefix="/searches", tags=["saved searches"])

MOST_VERSIONS = 100
"""Earlier versions that are kept with a saved search: every reader of the topic carries them."""

SearchId = Annotated[str, Path(pattern="^[0-9a-z-]{1,64}$", description="the saved search's id")]


class SearchesShown(Shown):
    searches: tuple[SearchShown, ...] = Field(description="oldest first")


class VersionsShown(Shown):
    versions: tuple[VersionShown, ...] = Field(description="newest first, the version now included")


@router.post("", status_code=HTTPStatus.CREATED, summary="Save a search", response_model_exclude_defaults=True)
async def save_search(asked: SearchAsked, parts: PartsOf, response: Response) -> SearchShown:
    """From now on, an article that answers it and counts (as a rule: brings something new) raises an alert."""
    _require_meant(asked, parts)
    search = SavedSearch(id=uuid.uuid4().hex, created=datetime.now(UTC), **asked.kept())
    await published(parts, lambda: saved_searches.save(parts.publisher, search))
    await until(lambda: parts.searches.get(search.id) is not None)
    response.headers["Location"] = f"/searches/{search.id}"
    return SearchShown.of(search, await _warnings(asked.criteria, parts))


@router.get("", summary="List the saved searches", response_model_exclude_defaults=True)
async def list_searches(parts: PartsOf) -> SearchesShown:
    """Every saved search there is."""
    _require_known(parts)
    return SearchesShown(searches=tuple(SearchShown.of(search) for search in parts.searches.all()))


@router.get("/{search}", summary="Read a saved search", responses=NOT_FOUND, response_model_exclude_defaults=True)
async def read_search(search: SearchId, parts: PartsOf) -> SearchShown:
    """One saved search, as it is now."""
    return SearchShown.of(found(search, parts))


@router.put("/{search}", summary="Change a saved search", responses=NOT_FOUND, response_model_exclude_defaults=True)
async def change_search(search: SearchId, asked: SearchAsked, parts: PartsOf) -> SearchShown:
    """All of it is replaced, as a new version; the one before is kept. What is as it was makes no new version.

    A new version has been told of nothing yet, and tries destinations anew that were disabled.
    """
    _require_meant(asked, parts)
    async with parts.changing:
        before = found(search, parts)
        changed = changed_to(before, SavedSearch(id=search, created=before.created, **asked.kept()), datetime.now(UTC))
        if changed.version != before.version:
            await replaced_by(changed, parts)
    return SearchShown.of(changed, await _warnings(asked.criteria, parts))


@router.get("/{search}/versions", summary="Read what a saved search was", responses=NOT_FOUND)
async def list_versions(search: SearchId, parts: PartsOf) -> VersionsShown:
    """The last hundred versions, each as `PUT` takes it."""
    now = found(search, parts)
    earlier = [VersionShown.of(one) for one in reversed(now.earlier)]
    return VersionsShown(versions=(VersionShown(version=now.version, asked=asked_of(now)), *earlier))


@router.delete("/{search}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a saved search", responses=NOT_FOUND)
async def delete_search(search: SearchId, parts: PartsOf) -> None:
    """It raises no more alerts, and what it owes is not sent any more; the alerts that it raised stay."""
    async with parts.changing:
        gone = found(search, parts)
        await published(parts, lambda: saved_searches.delete(parts.publisher, gone))
        await until(lambda: parts.searches.get(search) is None)


def found(search: str, parts: Parts) -> SavedSearch:
    """The saved search of that id; raises a problem where there is none, or none is known yet."""
    _require_known(parts)
    known = parts.searches.get(search)
    if known is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no saved search {search}")
    return known


def changed_to(before: SavedSearch, asked: SavedSearch, now: datetime) -> SavedSearch:
    """The next version, with the one before put down in it; the same one where nothing was changed."""
    if asked_of(before) == asked_of(asked):
        return before
    earlier = EarlierVersion(version=before.version, asked=asked_of(before), replaced=now)
    kept = (*before.earlier, earlier)[-MOST_VERSIONS:]
    return asked.model_copy(update={"version": before.version + 1, "earlier": kept, "changed": now})


async def replaced_by(changed: SavedSearch, parts: Parts) -> None:
    """Publish a next version, and wait until it is known here; to be called with `parts.changing` held."""
    await published(parts, lambda: saved_searches.save(parts.publisher, changed))
    await until(lambda: (now := parts.searches.get(changed.id)) is not None and now.version >= changed.version)


async def _warnings(criteria: Criteria, parts: Parts) -> tuple[str, ...]:
    """The search is saved by now: that the index is away keeps nobody from that."""
    try:
        found = await parts.archive.find(to_share(criteria, datetime.now(UTC)))
    except Problem:
        found = None
    return warnings_of(criteria, found)


def _require_meant(asked: SearchAsked, parts: Parts) -> None:
    settings, now = parts.settings, datetime.now(UTC)
    faults = asked.faults(
        settings.webhooks_allowed, lambda name: bool(parts.secrets.named(name, now)), has_mail=settings.has_mail
    )
    if faults:
        raise invalid(*faults)


def _require_known(parts: Parts) -> None:
    """Before the topic was read whole, "there is none" would be a guess."""
    if not parts.searches.wait(0):
        raise away("the list of saved searches")
