"""What following knows of the past: the articles of the last days, found by their words, and what each story has told.

The table behind it is whoever keeps its rows.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from schemas.story import StoryMoment
from services.enrich.chronicle import Chronicle
from services.enrich.columns import Columns, Slots
from services.enrich.postings import Postings
from services.enrich.remembered import STORY_KEY, OfAnotherVersion, Remembered, parts_of, story_key

INDEXED_TERMS = 16
INDEXED_SHINGLES = 16
"""How many of an article's heaviest terms, and smallest shingles, find it again."""

RESTING = 4096
"""Slots of forgotten articles that wait, before a new use, until the postings are sorted and their entries gone."""


FIRST_ROWS = 131_072
"""Rows that are made at once, at most: they are virtual until they are used."""


@dataclass(frozen=True)
class Mended:
    """What a table lacks after a crash, by key, and the keys of the rows that should have been deleted from it."""

    lacking: dict[str, bytes]
    left_over: tuple[str, ...]


class Stories:
    """What following knows of the past; bounded by time, in the articles' own time, and by number."""

    def __init__(self, window: timedelta, most: int) -> None:
        self._window = window.total_seconds()
        self._most = most
        self._columns = Columns(min(most, FIRST_ROWS) + RESTING)
        self._free: list[int] = []
        self._resting: list[int] = []
        self._merged: dict[str, str] = {}
        self._used = 0
        self._slot_of: dict[str, int] = {}
        self._rows: dict[int, tuple[str, bytes]] = {}
        self._articles: dict[str, list[int]] = defaultdict(list)
        self._numbers: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._members: dict[int, list[int]] = {}
        self._next_number = 0
        self._chronicles: dict[str, bytes] = {}
        self._by_term = Postings()
        self._by_shingle = Postings()
        self._by_line = Postings()
        self._latest = 0.0
        self._next_order = 0

    def __len__(self) -> int:
        return len(self._slot_of)

    @property
    def next_order(self) -> int:
        """The place of the next article in the order of arrival."""
        return self._next_order

    @property
    def stories(self) -> int:
        """How many stories there are."""
        return len(self._numbers)

    @property
    def columns(self) -> Columns:
        """The arrays, to reckon with; nobody else writes them."""
        return self._columns

    def opened(self, story: str) -> int:
        """The order of the story's first remembered article."""
        return int(self._columns.order[self._members[self._numbers[story]][0]])

    def moment(self, key: str) -> StoryMoment | None:
        """The moment of the row under that key, if it is still remembered."""
        slot = self._slot_of.get(key)
        return None if slot is None else self.moment_at(slot)

    def moment_at(self, slot: int) -> StoryMoment:
        """The moment of the row in a slot, as it was told: its story may have become part of another since."""
        return StoryMoment.model_validate_json(zlib.decompress(self._rows[slot][1]))

    def article_at(self, slot: int) -> str:
        """The id of the article in a slot."""
        return self._rows[slot][0].rpartition(".")[0]

    def revision_at(self, slot: int) -> int:
        """Which revision of its article is in a slot."""
        return int(self._rows[slot][0].rpartition(".")[2])

    def revisions(self, article: str) -> list[int]:
        """The slots of the article's remembered revisions, in the order they came."""
        return list(self._articles.get(article, ()))

    def chronicle(self, story: str) -> Chronicle:
        """What the story has told so far; an empty one of a story that nobody knows."""
        kept = self._chronicles.get(self._merged.get(story, story))
        return Chronicle() if kept is None else Chronicle.unpacked(kept)

    def lives(self, story: str) -> bool:
        """Is the story itself still told, and not part of another?"""
        return story in self._numbers

    def story_at(self, slot: int) -> str:
        """The story of the row in a slot."""
        return self._names[int(self._columns.story[slot])]

    def knows(self, story: str) -> bool:
        """Does a story go on under this id, or became part of one that does?"""
        return story in self._numbers or story in self._merged

    def story_named(self, number: int) -> str:
        """The id of the story with that number."""
        return self._names[number]

    def members(self, number: int, most: int) -> list[int]:
        """The slots of the latest articles of the story with that number, in the order they came."""
        return self._members[number][-most:]

    def members_of(self, story: str, most: int) -> list[int]:
        """The slots of the latest articles of a story, in the order they came."""
        return self.members(self._numbers[story], most)

    def add(self, row: Remembered, chronicle: bytes, merged: str | None = None) -> list[str]:
        """Remember a row, and what its story has told with it, packed; gives the keys of what is forgotten for it.

        `merged` is a story that became part of the row's.
        """
        self.keep(row)
        story = self._merged.get(row.moment.story, row.moment.story)
        self._chronicles[story] = chronicle
        if merged is None:
            return list(self._forgotten())
        self._merge(merged, story)
        return [story_key(merged), *self._forgotten()]

    def restore(self, table: Iterable[tuple[str, bytes]]) -> Mended:
        """Remember what a table keeps, in the order it came; gives what a crash left to be mended in the table.

        A crash may have parted a story's row from that of its latest article, which is therefore in both, and either
        from the deletions that went with them. Rows that other code wrote are forgotten.
        """
        rows: dict[str, bytes] = {}
        lacking: dict[str, bytes] = {}
        for key, value in table:
            if not key.startswith(STORY_KEY):
                rows[key] = value
                continue
            chronicle, latest, article = parts_of(value)
            self._chronicles[key.removeprefix(STORY_KEY)] = chronicle
            lacking[latest] = article
        merged = {gone: story for story, row in self._chronicles.items() for gone in Chronicle.unpacked(row).merged}
        self._merged = {gone: _end_of(gone, merged) for gone in merged}
        stale = [story_key(gone) for gone in merged if self._chronicles.pop(gone, None) is not None]
        articles = []
        for key, row in (lacking | rows).items():
            try:
                articles.append(Remembered.unpacked(key, row))
            except OfAnotherVersion:
                stale.append(key)
        for remembered in sorted(articles, key=lambda one: one.order):
            self.keep(remembered)
        empty = [story for story in self._chronicles if story not in self._numbers]
        for story in empty:
            del self._chronicles[story]
        gone = [*stale, *map(story_key, empty), *self._forgotten()]
        return Mended(
            {key: row for key, row in lacking.items() if key not in rows and key in self._slot_of}, tuple(gone)
        )

    def keep(self, row: Remembered) -> None:
        """Remember a row."""
        story = self._merged.get(row.moment.story, row.moment.story)
        number = self._numbers.get(story)
        if number is None:
            number, self._next_number = self._next_number, self._next_number + 1
            self._numbers[story], self._names[number], self._members[number] = number, story, []
        slot = self._slot()
        self._columns.put(slot, row, number)
        self._slot_of[row.key] = slot
        self._rows[slot] = (row.key, _moment_bytes(row.moment))
        self._articles[row.article].append(slot)
        self._members[number].append(slot)
        self._by_term.add(slot, row.words.terms[:INDEXED_TERMS])
        self._by_shingle.add(slot, row.print.hashes[:INDEXED_SHINGLES].tolist())
        # A copy's lines are its original's, and make no line an outlet's own.
        self._by_line.add(slot, () if row.moment.duplicate_of else row.furniture)
        self._next_order = max(self._next_order, row.order + 1)
        self._latest = max(self._latest, row.seen)

    def like_in_words(self, row: Remembered, most: int) -> Slots:
        """The remembered articles within the window that share most of the row's heaviest terms, the likest first."""
        found = self._by_term.find(row.words.terms[:INDEXED_TERMS])
        shared = np.repeat(np.array(row.words.weights[:INDEXED_TERMS]) ** 2, found.lengths)
        # One pass over what was found, and none over all that is remembered.
        unique, inverse = np.unique(found.slots, return_inverse=True)
        weights = np.bincount(inverse, weights=shared, minlength=len(unique))
        there = self._may_be_compared(unique, row)
        unique, weights = unique[there], weights[there]
        likest = np.lexsort((self._columns.order[unique], -weights))[:most]
        return unique[likest]

    def like_in_print(self, row: Remembered, most: int) -> Slots:
        """The remembered articles within the window that share most of the row's smallest shingles, in their order."""
        found = self._by_shingle.find(row.print.hashes[:INDEXED_SHINGLES].tolist())
        slots, shared = np.unique(found.slots, return_counts=True)
        there = self._may_be_compared(slots, row)
        slots, shared = slots[there], shared[there]
        likest = slots[np.lexsort((self._columns.order[slots], -shared))[:most]]
        return likest[np.argsort(self._columns.order[likest])]

    def articles_with_lines(self, lines: Sequence[int], most: int) -> list[int]:
        """How many remembered articles have a line of each hash, counted no further than `most`."""
        remembered = (
            (self.article_at(slot) for slot in slots.tolist() if slot in self._rows)
            for slots in self._by_line.find(lines).apart()
        )
        return [_count_apart(articles, most) for articles in remembered]

    def _may_be_compared(self, slots: Slots, row: Remembered) -> npt.NDArray[np.bool_]:
        columns = self._columns
        there = columns.there[slots] & (np.abs(columns.published[slots] - row.published) <= self._window)
        for own in self._articles.get(row.article, ()):
            there &= slots != own
        return there

    def _merge(self, story: str, into: str) -> None:
        """Let a story's articles be another's."""
        self._merged |= {one: into for one, known in self._merged.items() if known == story} | {story: into}
        old, new = self._numbers.pop(story), self._numbers[into]
        moved = self._members.pop(old)
        del self._names[old]
        self._columns.story[moved] = new
        self._members[new] = sorted([*self._members[new], *moved], key=lambda slot: int(self._columns.order[slot]))
        self._chronicles.pop(story, None)

    def _slot(self) -> int:
        if len(self._resting) >= RESTING:
            for index in (self._by_term, self._by_shingle, self._by_line):
                index.sort()
            self._free, self._resting = [*self._free, *self._resting], []
        if self._free:
            return self._free.pop()
        if self._used == len(self._columns):
            self._columns.grow()
        self._used += 1
        return self._used - 1

    def _forgotten(self) -> Iterator[str]:
        while self._slot_of:
            key, slot = next(iter(self._slot_of.items()))
            # Seen, not published: an archive that is read today is news to us today.
            if len(self._slot_of) <= self._most and self._columns.seen[slot] >= self._latest - self._window:
                return
            story = self._forget(key, slot)
            yield key
            if story is not None:
                yield story_key(story)

    def _forget(self, key: str, slot: int) -> str | None:
        """Forget a row; gives its story if that was its last article."""
        del self._slot_of[key]
        article, number = self.article_at(slot), int(self._columns.story[slot])
        del self._rows[slot]
        self._articles[article].remove(slot)
        if not self._articles[article]:
            del self._articles[article]
        self._columns.there[slot] = False
        if self._columns.seen[slot] >= self._latest:
            # Time is that of what is remembered, so that whoever restores the rest counts from the same hour.
            self._latest = float(self._columns.seen[self._columns.there].max(initial=0.0))
        for index in (self._by_term, self._by_shingle, self._by_line):
            index.remove(slot)
        self._resting.append(slot)
        self._members[number].remove(slot)
        if self._members[number]:
            return None
        del self._members[number]
        story = self._names.pop(number)
        del self._numbers[story]
        self._chronicles.pop(story, None)
        self._merged = {one: known for one, known in self._merged.items() if known != story}
        return story


def _end_of(story: str, merged: Mapping[str, str]) -> str:
    """The story that one has become part of, however often what took it was taken in turn."""
    while (into := merged.get(story)) is not None:
        story = into
    return story


def _count_apart(articles: Iterable[str], most: int) -> int:
    found: set[str] = set()
    for article in articles:
        found.add(article)
        if len(found) == most:
            break
    return len(found)


def _moment_bytes(moment: StoryMoment) -> bytes:
    return zlib.compress(moment.model_dump_json(exclude={"so_far"}, exclude_defaults=True).encode(), 1)
