"""Give each article its story, in the order the articles came, and say what is new in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from schemas.annotations import AnnotatedArticle
from schemas.story import Development, EnrichedArticle, StoryMoment
from services.enrich.likeness import Rarity, fingerprint, words
from services.enrich.novelty import actor_names, developments, new_story, novelty, place_id
from services.enrich.story import SCALE, Remembered, StoryState, Weights, story_of

COPY = 0.75
"""Share of the shorter text that stands word for word in the longer from which it is a copy: cut, wrapped, mistyped
or reordered copies have 0.90 and more, a text that quotes a third of another 0.59 at most (near-duplicate pairs)."""

LEDE = 800
"""Characters of text that, with the title, say which story an article tells; what follows is background."""

Outcome = Literal["opened", "joined", "duplicate", "revised", "repeated"]


@dataclass(frozen=True)
class Measures:
    """What articles are compared with: how rare words are, and what each likeness counts for."""

    rarity: Rarity
    weights: Weights

    @classmethod
    def read(cls, folder: Path) -> Measures:
        """Read them from `models/stories`."""
        return cls(Rarity.read(folder / "rarity.zst"), Weights.read(folder / "weights.json"))


@dataclass(frozen=True)
class Followed:
    """The article with its moment, how it came to it, and the row to remember; none if it was remembered already."""

    enriched: EnrichedArticle
    outcome: Outcome
    remembered: Remembered | None


def follow(annotated: AnnotatedArticle, stories: StoryState, measures: Measures) -> Followed:
    """Give an article its moment; nothing is changed, so that the caller can remember it first and tell it then.

    The same revision of an article gets the same moment for as long as it is remembered, so that a repeat after a
    crash changes nothing. Time is the articles' own.
    """
    row = _read(annotated, stories.next_order, measures)
    known = stories.get(row.key)
    if known is not None:
        return Followed(EnrichedArticle(annotated=annotated, moment=known.moment), "repeated", None)
    moment, outcome = _moment(annotated, row, stories, measures.weights)
    return Followed(EnrichedArticle(annotated=annotated, moment=moment), outcome, replace(row, moment=moment))


def _moment(
    annotated: AnnotatedArticle, row: Remembered, stories: StoryState, weights: Weights
) -> tuple[StoryMoment, Outcome]:
    earlier = stories.revisions(row.article)
    if earlier:
        return _revised(annotated, row, earlier[-1], stories.members(earlier[-1].moment.story)), "revised"
    copied = _copied(row, stories)
    if copied is not None:
        original = copied.moment.duplicate_of or copied.article
        return _next(stories.members(copied.moment.story), copied, novelty=0.0, duplicate_of=original), "duplicate"
    story, _ = story_of(row, stories, weights)
    if story is None:
        return row.moment, "opened"
    so_far = stories.members(story)
    found = developments(annotated, so_far)
    return (
        _next(so_far, so_far[-1], novelty=novelty(found, _contained(row, so_far)), developments=found),
        "joined",
    )


def _read(annotated: AnnotatedArticle, order: int, measures: Measures) -> Remembered:
    """What is remembered of an article, with the moment that it has if it opens a story."""
    article = annotated.article
    return Remembered(
        key=f"{article.id}.{article.revision}",
        article=article.id,
        order=order,
        published=article.published.timestamp(),
        seen=article.seen.timestamp(),
        moment=StoryMoment(
            story=f"s-{article.id[:12]}", title=article.title, position=1, novelty=1.0, developments=new_story()
        ),
        title=words(article.title, "", measures.rarity),
        words=words(article.title, article.text[:LEDE], measures.rarity),
        vector=np.rint(np.array(annotated.vector, dtype=np.float32) * SCALE).astype(np.int8),
        print=fingerprint(article.text),
        actors=frozenset(name for entity in annotated.entities for name in actor_names(entity)),
        places=frozenset(place_id(place) for place in annotated.places),
    )


def _copied(row: Remembered, stories: StoryState) -> Remembered | None:
    """The article that this one is a copy of: the one with most of its words, the earliest of equals."""
    found = [(row.print.contained(other.print), -other.order, other) for other in stories.like_in_print(row)]
    contained, _, original = max(found, key=lambda one: one[:2], default=(0.0, 0, None))
    return original if contained >= COPY else None


def _contained(row: Remembered, members: Sequence[Remembered]) -> float:
    return max((row.print.contained(other.print) for other in members), default=0.0)


def _next(
    so_far: Sequence[Remembered],
    known: Remembered,
    *,
    novelty: float,
    duplicate_of: str | None = None,
    developments: tuple[Development, ...] = (),
) -> StoryMoment:
    return StoryMoment(
        story=known.moment.story,
        title=known.moment.title,
        position=1 + max(member.moment.position for member in so_far),
        novelty=novelty,
        duplicate_of=duplicate_of,
        developments=developments,
    )


def _revised(
    annotated: AnnotatedArticle, row: Remembered, earlier: Remembered, so_far: Sequence[Remembered]
) -> StoryMoment:
    """A revision keeps its place in its story; new is what neither the story nor an earlier revision had."""
    found = developments(annotated, so_far)
    return earlier.moment.model_copy(update={"novelty": novelty(found, _contained(row, so_far)), "developments": found})
