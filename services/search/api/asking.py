"""What the first page of a list finds out about its question, so that every page after it asks the very same."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.search.api.archive import Archive
from services.search.api.cursor import Cursor
from services.search.api.families import families
from services.search.criteria import Criteria


async def found_out(criteria: Criteria, archive: Archive) -> dict[str, Any]:
    """When it is asked, from which `now` is reckoned, and by which ids the stories go that it asks for."""
    found = await families(archive, criteria.stories, ())
    ids = {story: list(one.ids) for story, one in found.items()}
    return {"now": datetime.now(UTC).isoformat(), "stories": ids}


async def asked_now(criteria: Criteria, archive: Archive) -> tuple[Criteria, datetime]:
    """The same for an answer that has no pages: the question with every id of its stories, and its now."""
    known = await found_out(criteria, archive)
    return criteria.with_stories(known["stories"]), datetime.fromisoformat(known["now"])


def as_found_out(asked: Cursor) -> tuple[Criteria, datetime]:
    """The question with every id of its stories, and its now."""
    known: Mapping[str, Any] = asked.known
    return asked.criteria.with_stories(known["stories"]), datetime.fromisoformat(known["now"])
