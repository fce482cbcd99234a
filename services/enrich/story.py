"""Say which story a new article belongs to, by how much it is like the articles of each."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from services.enrich.columns import Slots, codes
from services.enrich.likeness import Words, cosines
from services.enrich.memory import Stories
from services.enrich.remembered import Remembered

SCALE = 127
"""A vector's numbers are kept as bytes: a cosine of two moves by less than 0.005."""

MOST_NEAR = 40
"""Articles that an article is compared with first, those that share most of its weighty words."""

MOST_STORIES = 6
"""Stories of these that it is compared with whole: the right one is nearly always the first or second."""

MOST_COMPARED = 20
"""Articles of a story that a new one is compared with, the latest: a story of hundreds costs as one of twenty."""

MOST_SHARED = 4
"""Rare words of names that count for two articles being of one story; more add nothing."""

NAMED_THERE = 0.25
"""So far abroad is an article about another country that names this one: who sends help tells of the same flood."""

BEST_OF_STORY = 5
"""How many of those, the likest, make the mean: a long story's first days do not push its last ones away."""

Numbers = npt.NDArray[np.float64]


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
    names: float
    abroad: float
    late_bias: float
    late_days: float

    @classmethod
    def read(cls, path: Path) -> Weights:
        """Read the learned weights."""
        return cls(**json.loads(path.read_text("utf-8"))["weights"])

    def late(self, seconds: float) -> float:
        """How likely a report that comes so long after its story's last one tells of something new."""
        days = max(0.0, seconds) / 86_400
        return 1 / (1 + math.exp(-self.late_bias - self.late_days * math.log1p(days)))

    def alike(self, one: Compared, slots: Slots, stories: Stories) -> Numbers:
        """The logit that an article and each of the slots' articles tell of one story."""
        columns = stories.columns
        words = cosines(one.words, columns.terms[slots], columns.weights[slots])
        title = cosines(one.title, columns.title_terms[slots], columns.title_weights[slots])
        days = np.log1p(np.abs(columns.published[slots] - one.published) / 86_400)
        without = self.bias_without_meaning + self.words_without_meaning * words + self.title_without_meaning * title
        apart = self.days * days + self.names * np.minimum(_shared(one.names, columns.names[slots]), MOST_SHARED)
        apart += self.abroad * _are_abroad(one.countries, columns.countries[slots])
        if len(one.vector) != columns.vector.shape[1]:
            return without + apart
        meaning = columns.vector[slots].astype(np.int32) @ one.vector.astype(np.int32) / SCALE**2
        full = self.bias + self.words * words + self.meaning * meaning + self.title * title
        return np.where(columns.has_vector[slots], full, without) + apart


class Compared(Protocol):
    """What of an article is compared: a row that is to be remembered, or one that is."""

    @property
    def words(self) -> Words: ...
    @property
    def title(self) -> Words: ...
    @property
    def vector(self) -> npt.NDArray[np.int8]: ...
    @property
    def names(self) -> tuple[int, ...]: ...
    @property
    def countries(self) -> tuple[str, ...]: ...
    @property
    def published(self) -> float: ...


@dataclass(frozen=True, slots=True)
class _Known:
    """An article that is remembered, as it is compared."""

    words: Words
    title: Words
    vector: npt.NDArray[np.int8]
    names: tuple[int, ...]
    countries: tuple[str, ...]
    published: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """The story that an article is likest to, with the logit; and another that is as like, if there is one."""

    story: str | None
    likeness: float
    second: str | None = None
    second_likeness: float = -np.inf


def story_of(row: Remembered, stories: Stories, weights: Weights) -> Nearest:
    """The story that the row belongs to, none if it opens one."""
    near = stories.like_in_words(row, MOST_NEAR)
    if not len(near):
        return Nearest(None, -np.inf)
    alike = weights.alike(row, near, stories)
    best: dict[int, float] = {}
    for number, logit in zip(stories.columns.story[near].tolist(), alike.tolist(), strict=True):
        best[number] = max(best.get(number, logit), logit)
    likest = sorted(best, key=lambda number: -best[number])[:MOST_STORIES]
    members = [stories.members(number, MOST_COMPARED) for number in likest]
    logits = weights.alike(row, np.array([slot for slots in members for slot in slots], dtype=np.int32), stories)
    ends = np.cumsum([len(slots) for slots in members])[:-1]
    scored = [_likeness_to(of_story) for of_story in np.split(logits, ends)]
    first, *rest = sorted(range(len(likest)), key=lambda place: -scored[place])
    if scored[first] <= weights.threshold:
        return Nearest(None, scored[first])
    if rest and scored[rest[0]] > weights.threshold:
        return Nearest(
            stories.story_named(likest[first]), scored[first], stories.story_named(likest[rest[0]]), scored[rest[0]]
        )
    return Nearest(stories.story_named(likest[first]), scored[first])


def are_one(one: str, other: str, stories: Stories, weights: Weights) -> bool:
    """Do two stories tell of the same? Only where their latest articles are as like as those of one story are."""
    theirs = np.array(stories.members_of(other, BEST_OF_STORY), dtype=np.int32)
    logits = [
        weights.alike(_known(slot, stories), theirs, stories).mean() for slot in stories.members_of(one, BEST_OF_STORY)
    ]
    return float(np.mean(logits)) > weights.threshold


def _shared(names: tuple[int, ...], theirs: npt.NDArray[np.uint32]) -> Numbers:
    """How many of the names' rare words each of many articles has, too."""
    mine = np.array(names, dtype=np.uint32)
    # Each with each: a dozen names need no sorting.
    shared: Numbers = (theirs[:, :, None] == mine).any(axis=2).sum(axis=1).astype(np.float64)
    return shared


def _are_abroad(countries: tuple[str, ...], theirs: npt.NDArray[np.uint16]) -> Numbers:
    """How far each of many articles is about another country: 1 if neither names the other's, less if one does."""
    mine = np.array(codes(countries), dtype=np.uint16)
    if not len(mine) or not mine[0]:
        return np.zeros(len(theirs))
    about = theirs[:, 0]
    differ = (about != 0) & (about != mine[0])
    strange = differ & ~(about[:, None] == mine).any(axis=1) & ~(theirs == mine[0]).any(axis=1)
    abroad: Numbers = NAMED_THERE * differ + (1 - NAMED_THERE) * strange
    return abroad


def _known(slot: int, stories: Stories) -> _Known:
    words, title = stories.columns.words_at(slot)
    columns = stories.columns
    return _Known(
        words,
        title,
        columns.vector_at(slot),
        columns.names_at(slot),
        columns.countries_at(slot),
        float(columns.published[slot]),
    )


def _likeness_to(logits: Sequence[float] | Numbers) -> float:
    likest = np.sort(np.asarray(logits))[::-1][:BEST_OF_STORY]
    # The mean of the likest five: by the likest alone, stories grow into one another (pairwise F1 0.74 against 0.79).
    return float(likest.mean())
