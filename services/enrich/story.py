"""What enrich remembers of the articles it has followed, and which story a new one belongs to."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from schemas.story import StoryMoment
from services.enrich.likeness import Print, Words, cosine

SCALE = 127
"""A vector's numbers are kept as bytes: a cosine of two moves by less than 0.005."""

MOST_COMPARED = 20
"""Articles of a story that a new one is compared with, the latest: a story of hundreds costs as one of twenty."""

BEST_OF_STORY = 5
"""How many of those, the likest, make the mean: a long story's first days do not push its last ones away."""

INDEXED_TERMS = 16
INDEXED_SHINGLES = 16
"""How many of an article's heaviest terms, and smallest shingles, find it again."""


@dataclass(frozen=True)
class Remembered:
    """One revision of an article as the table keeps it: a row of about 2 kB, written once.

    There is one row for each article and none for stories: a story is its articles, so that a row is written whole
    or not at all, and a crash cannot leave half a change. `order` is the place in the order of arrival.
    """

    key: str
    article: str
    order: int
    published: float
    seen: float
    moment: StoryMoment
    title: Words
    words: Words
    vector: npt.NDArray[np.int8]
    print: Print
    actors: frozenset[str]
    places: frozenset[str]

    def packed(self) -> bytes:
        """The row's bytes: a line of JSON, then the arrays."""
        said = {
            "article": self.article,
            "order": self.order,
            "published": self.published,
            "seen": self.seen,
            "moment": self.moment.model_dump(mode="json"),
            "title": [self.title.terms, self.title.weights],
            "words": [self.words.terms, self.words.weights],
            "shingles": self.print.shingles,
            "vector": len(self.vector),
            "actors": sorted(self.actors),
            "places": sorted(self.places),
        }
        line = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        return line + b"\n" + self.vector.tobytes() + self.print.hashes.astype("<u4").tobytes()

    @classmethod
    def unpacked(cls, key: str, row: bytes) -> Remembered:
        """The row that `packed` gave."""
        line, _, arrays = row.partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        return cls(
            key=key,
            article=said["article"],
            order=said["order"],
            published=said["published"],
            seen=said["seen"],
            moment=StoryMoment.model_validate(said["moment"]),
            title=Words(*map(tuple, said["title"])),
            words=Words(*map(tuple, said["words"])),
            vector=np.frombuffer(arrays[: said["vector"]], dtype=np.int8),
            print=Print(np.frombuffer(arrays[said["vector"] :], dtype="<u4"), said["shingles"]),
            actors=frozenset(said["actors"]),
            places=frozenset(said["places"]),
        )


class Weights(NamedTuple):
    """What each likeness counts for; learned by `models.train.stories`, logits of "these two are one story"."""

    bias: float
    words: float
    meaning: float
    title: float
    days: float
    threshold: float
    bias_without_meaning: float
    words_without_meaning: float
    title_without_meaning: float

    @classmethod
    def read(cls, path: Path) -> Weights:
        """Read the learned weights."""
        return cls(**json.loads(path.read_text("utf-8"))["weights"])

    def likeness(self, one: Remembered, other: Remembered) -> float:
        """The logit that two articles tell of one story."""
        days = abs(one.published - other.published) / 86_400
        words, title = one.words.cosine(other.words), one.title.cosine(other.title)
        if len(one.vector) and len(other.vector):
            meaning = cosine(one.vector, other.vector) / SCALE**2
            alike = self.bias + self.words * words + self.meaning * meaning + self.title * title
        else:
            alike = self.bias_without_meaning + self.words_without_meaning * words + self.title_without_meaning * title
        return alike + self.days * math.log1p(days)


class StoryState(Protocol):
    """What following needs to know of the past; `Stories`, whoever keeps its rows."""

    @property
    def next_order(self) -> int: ...
    def get(self, key: str) -> Remembered | None: ...
    def revisions(self, article: str) -> list[Remembered]: ...
    def members(self, story: str) -> list[Remembered]: ...
    def like_in_words(self, row: Remembered, most: int) -> list[Remembered]: ...
    def like_in_print(self, row: Remembered) -> list[Remembered]: ...


class Stories:
    """The articles of the last days in memory, found by their words; the table behind it is whoever keeps the rows.

    Bounded twice: by time (`window`, in the articles' own time, never the clock's) and by number (`most`).
    """

    def __init__(self, window: timedelta, most: int) -> None:
        self._window = window.total_seconds()
        self._most = most
        self._rows: dict[str, Remembered] = {}
        self._stories: dict[str, dict[str, None]] = defaultdict(dict)
        self._articles: dict[str, dict[str, None]] = defaultdict(dict)
        # Dictionaries, where sets would do, keep their order: the same articles give the same answers in any process.
        self._by_term: dict[int, dict[str, None]] = defaultdict(dict)
        self._by_shingle: dict[int, dict[str, None]] = defaultdict(dict)
        self._latest = 0.0
        self._next_order = 0

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def next_order(self) -> int:
        """The place of the next article in the order of arrival."""
        return self._next_order

    def get(self, key: str) -> Remembered | None:
        """The row under that key, if it is still remembered."""
        return self._rows.get(key)

    def revisions(self, article: str) -> list[Remembered]:
        """The article's remembered revisions, in the order they came."""
        return [self._rows[key] for key in self._articles.get(article, ())]

    def members(self, story: str) -> list[Remembered]:
        """The story's remembered articles, in the order they came."""
        return [self._rows[key] for key in self._stories.get(story, ())]

    def add(self, row: Remembered) -> list[str]:
        """Remember a row; gives the keys of those that are forgotten for it."""
        self._rows[row.key] = row
        self._stories[row.moment.story][row.key] = None
        self._articles[row.article][row.key] = None
        for index, values in self._entries(row):
            for value in values:
                index[value][row.key] = None
        self._next_order = max(self._next_order, row.order + 1)
        self._latest = max(self._latest, row.seen)
        return list(self._forgotten())

    def like_in_words(self, row: Remembered, most: int) -> list[Remembered]:
        """The remembered articles within the window that share most of the row's heaviest terms."""
        shared: dict[str, float] = defaultdict(float)
        for term, weight in zip(row.words.terms[:INDEXED_TERMS], row.words.weights, strict=False):
            for key in self._by_term.get(term, ()):
                shared[key] += weight * weight
        likest = sorted(shared.items(), key=lambda pair: (-pair[1], self._rows[pair[0]].order))
        found = (self._rows[key] for key, _ in likest)
        return [other for other, _ in zip(self._others(row, found), range(most), strict=False)]

    def like_in_print(self, row: Remembered) -> list[Remembered]:
        """The remembered articles within the window that share one of the row's smallest shingles."""
        keys = {
            key: None
            for shingle in row.print.hashes[:INDEXED_SHINGLES].tolist()
            for key in self._by_shingle.get(shingle, ())
        }
        return list(self._others(row, (self._rows[key] for key in keys)))

    def _others(self, row: Remembered, found: Iterable[Remembered]) -> Iterator[Remembered]:
        for other in found:
            if other.article != row.article and abs(other.published - row.published) <= self._window:
                yield other

    def _forgotten(self) -> Iterator[str]:
        while self._rows:
            oldest = next(iter(self._rows.values()))
            # Seen, not published: an archive that is read today is news to us today.
            if len(self._rows) <= self._most and oldest.seen >= self._latest - self._window:
                return
            self._forget(oldest)
            yield oldest.key

    def _forget(self, row: Remembered) -> None:
        del self._rows[row.key]
        self._drop(self._stories, row.moment.story, row.key)
        self._drop(self._articles, row.article, row.key)
        for index, values in self._entries(row):
            for value in values:
                self._drop(index, value, row.key)

    def _entries(self, row: Remembered) -> list[tuple[dict[int, dict[str, None]], list[int]]]:
        return [
            (self._by_term, list(row.words.terms[:INDEXED_TERMS])),
            (self._by_shingle, row.print.hashes[:INDEXED_SHINGLES].tolist()),
        ]

    @staticmethod
    def _drop(index: dict[Any, dict[str, None]], value: Any, key: str) -> None:
        index[value].pop(key, None)
        if not index[value]:
            del index[value]


def story_of(row: Remembered, stories: StoryState, weights: Weights) -> tuple[str | None, float]:
    """The story that the row belongs to, or none, and the logit of the likest."""
    near: dict[str, float] = {}
    for other in stories.like_in_words(row, most=40):
        alike = weights.likeness(row, other)
        near[other.moment.story] = max(near.get(other.moment.story, alike), alike)
    # Six stories: the right one is nearly always the first or second by its likest article.
    likest = sorted(near, key=lambda story: -near[story])[:6]
    scored = [(_likeness_to(row, stories.members(story), weights), story) for story in likest]
    best, story = max(scored, key=lambda pair: pair[0], default=(-math.inf, None))
    return (story, best) if best > weights.threshold else (None, best)


def _likeness_to(row: Remembered, members: list[Remembered], weights: Weights) -> float:
    alike = sorted((weights.likeness(row, other) for other in members[-MOST_COMPARED:]), reverse=True)[:BEST_OF_STORY]
    # Half the likest and half the mean of the likest five: by the likest alone, stories grow into one another
    # (BCubed F1 0.898 against 0.924 on ledes).
    return 0.5 * alike[0] + 0.5 * sum(alike) / len(alike)
