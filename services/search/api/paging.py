"""Page through a list at one moment of the index: open it at the first page, read on by cursors, and let it go."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from services.search.api.archive import Archive
from services.search.api.cursor import Cursor, NotACursor, Signer
from services.search.api.problems import Fault, Problem, ProblemShown, invalid
from services.search.criteria import Criteria
from services.search.mapping import Shelf
from services.search.settings import SearchSettings

GONE: dict[int | str, dict[str, Any]] = {410: {"model": ProblemShown, "description": "The cursor has expired"}}


@dataclass
class Opened:
    """Points in time of some indices; `kept` where a cursor goes on to read at them."""

    points: list[str]
    kept: bool = False


@asynccontextmanager
async def opened(archive: Archive, *shelves: Shelf) -> AsyncIterator[Opened]:
    """Points in time for a first page. Most answers fit on one page: what nobody can come back to is not kept."""
    at = Opened([])
    try:
        for shelf in shelves:
            at.points.append(await archive.open_point(shelf))
        yield at
    finally:
        if not at.kept:
            for point in at.points:
                await archive.close_point(point)


def resumed(
    written: str,
    signer: Signer,
    of: str,
    criteria: Criteria,
    own: Mapping[str, Any],
    *,
    sort: str | None = None,
    size: int | None = None,
) -> Cursor:
    """Where to read on. What is given beside the cursor must be what it was given for, but for the page's size."""
    try:
        cursor = signer.read(written)
    except NotACursor as error:
        raise invalid(Fault(parameter="cursor", detail=f"cursor: {error}")) from error
    if cursor.of != of:
        raise invalid(Fault(parameter="cursor", detail=f"cursor: it is one of the {cursor.of}, not of the {of}"))
    same = (
        criteria in (Criteria(), cursor.criteria) and own.items() <= cursor.own.items() and sort in (None, cursor.sort)
    )
    if not same:
        raise invalid(
            Fault(parameter="cursor", detail="cursor: it belongs to another question; give it alone, or with the same")
        )
    return cursor.sized(size)


def expired(settings: SearchSettings) -> Problem:
    """The index no longer keeps what the cursor read at."""
    return Problem(
        HTTPStatus.GONE,
        f"this cursor was not used for {settings.cursor_minutes} minutes, or the index was restarted;"
        " ask again without it",
    )
