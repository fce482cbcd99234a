"""A story is known by every id that it went by, and none is taken for another's."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import pytest

from services.search.api.archive import Archive
from services.search.api.families import every_id, families

KEPT: dict[str, dict[str, Any]] = {
    "lone": {"id": "lone"},
    "river": {"id": "river", "merged": ["stream", "brook"]},
    "stream": {"id": "stream", "merged_into": "river"},
    "brook": {"id": "brook", "merged_into": "stream"},
    "one": {"id": "one", "merged_into": "other"},
    "other": {"id": "other", "merged_into": "one"},
}


class FakeArchive:
    def __init__(self) -> None:
        self.asked = 0

    async def stories(self, ids: Iterable[str], fields: Sequence[str] | None) -> dict[str, Mapping[str, Any]]:
        self.asked += 1
        return {story: KEPT[story] for story in ids if story in KEPT}


@pytest.mark.parametrize(
    ("asked", "now", "ids"),
    [
        ("lone", "lone", {"lone"}),
        ("river", "river", {"river", "stream", "brook"}),
        ("stream", "river", {"river", "stream", "brook"}),
        ("brook", "river", {"river", "stream", "brook"}),
        ("unheard", "unheard", {"unheard"}),
        ("one", "other", {"one", "other"}),  # never written so; asked for, it must still end
    ],
)
def test_a_story_is_found_by_each_of_its_ids(asked: str, now: str, ids: set[str]) -> None:
    found = asyncio.run(families(cast(Archive, FakeArchive()), [asked]))[asked]
    assert (found.id, set(found.ids)) == (now, ids)


def test_nothing_is_looked_up_where_nothing_is_asked() -> None:
    archive = FakeArchive()
    assert asyncio.run(every_id(cast(Archive, archive), ())) == ()
    assert archive.asked == 0
