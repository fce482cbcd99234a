"""Know a story by every id that it has gone by: stories become part of others, and their articles keep the old id."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.search.api.archive import Archive

MOST_STEPS = 10
"""Stories that became part of others one after another; each step is a look-up. Two are rare."""

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Family:
    """A story as it is now: its id, all ids that its articles may have, and its document where there is one.

    A survivor names all that became part of it, also of what was part of those.
    """

    id: str
    ids: tuple[str, ...]
    document: Document | None


async def families(archive: Archive, stories: Iterable[str], fields: Sequence[str] | None = None) -> dict[str, Family]:
    """What each of these stories is today, by the id that was asked for; with these fields of its document, or all."""
    needed = None if fields is None else ["id", "merged", "merged_into", *fields]
    asked = list(dict.fromkeys(stories))
    known: dict[str, Document | None] = {}
    wanted = asked
    for _ in range(MOST_STEPS):
        if not wanted:
            break
        found = await archive.stories(wanted, needed)
        known |= {story: found.get(story) for story in wanted}
        moved = dict.fromkeys(document["merged_into"] for document in found.values() if "merged_into" in document)
        wanted = [story for story in moved if story not in known]
    return {story: _family(story, known) for story in asked}


async def family(archive: Archive, story: str) -> Family:
    """What this story is today."""
    return (await families(archive, [story]))[story]


async def every_id(archive: Archive, stories: Iterable[str]) -> tuple[str, ...]:
    """The ids under which articles of these stories may stand."""
    found = await families(archive, stories, ())
    return tuple(dict.fromkeys(each for one in found.values() for each in one.ids))


def _family(asked: str, known: Mapping[str, Document | None]) -> Family:
    passed = [asked]
    while (document := known.get(passed[-1])) and (survivor := document.get("merged_into")) and survivor not in passed:
        passed.append(survivor)
    document = document if document and "merged_into" not in document else None
    ids = (passed[-1], *(document.get("merged", []) if document else ()), *passed)
    return Family(passed[-1], tuple(dict.fromkeys(ids)), document)
