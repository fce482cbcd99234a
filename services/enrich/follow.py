"""Give each article its story, in the order the articles came, and say what is new in it."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from schemas.annotations import AnnotatedArticle
from schemas.story import EnrichedArticle, StoryMoment
from services.enrich.chronicle import Chronicle
from services.enrich.claims import Claims
from services.enrich.columns import MOST_COUNTRIES, MOST_NAMES
from services.enrich.furniture import furniture_of, without_furniture
from services.enrich.likeness import Rarity, fingerprint, terms, words
from services.enrich.memory import Stories
from services.enrich.novelty import Judged, judge, novelty, opening
from services.enrich.remembered import Remembered, story_key, story_row
from services.enrich.story import MOST_COMPARED, SCALE, Nearest, Weights, are_one, story_of

COPY = 0.75
"""Share of the shorter text that stands word for word in the longer from which it is a copy: cut, wrapped, mistyped
or reordered copies have 0.90 and more, a text that quotes a third of another 0.59 at most (near-duplicate pairs)."""

LEDE = 800
"""Characters of text that, with the title, say which story an article tells; what follows is background."""

RARE = math.log(8001 / 8.5)
"""A word of a name is rare if at most 8 of the 8,000 articles have it that rarity was counted on."""

SHORTEST_NAME = 4
"""Letters: shorter words are parts of many names."""

MOST_PRINTS = 100
"""Fingerprints compared with an article's: where an outlet has thousands with one long footer, a copy shares more."""

SURELY = 1.0
"""So much liker than it must be to join is an article to two stories before they can turn out to be one."""

Outcome = Literal["opened", "joined", "merged", "duplicate", "revised", "repeated"]


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
    """The article with its moment, how it came to it, and what there is to remember of it: nothing if it was known."""

    enriched: EnrichedArticle
    outcome: Outcome
    remembered: Remembered | None = None
    chronicle: bytes | None = None
    merged: str | None = None

    def rows(self) -> dict[str, bytes]:
        """What a table keeps of it, by key: the story, with this article in the same row, and then the article."""
        if self.remembered is None or self.chronicle is None:
            return {}
        article = self.remembered.packed()
        return {
            story_key(self.enriched.moment.story): story_row(self.chronicle, self.remembered.key, article),
            self.remembered.key: article,
        }


def follow(annotated: AnnotatedArticle, stories: Stories, measures: Measures) -> Followed:
    """Give an article its moment; nothing is changed, so that the caller can remember it first and tell it then.

    The same revision of an article gets the same moment for as long as it is remembered, so that a repeat after a
    crash changes nothing; only how the story stands may have grown since. Time is the articles' own.
    """
    key = f"{annotated.article.id}.{annotated.article.revision}"
    known = stories.moment(key)
    if known is not None:
        # Of a story that became part of another the article's id and alerts stay as they were; nothing revives it.
        so_far = stories.chronicle(known.story) if stories.lives(known.story) else Chronicle()
        return Followed(_enriched(annotated, known, so_far), "repeated")
    claims = Claims(annotated)
    row = remembered(claims, key, stories, measures)
    revised = stories.revisions(row.article)
    if revised:
        return _revised(claims, row, revised[-1], stories, measures)
    copied = _copied(row, stories)
    if copied is not None:
        return _duplicate(claims, row, *copied, stories, measures)
    nearest = story_of(row, stories, measures.weights)
    if nearest.story is None:
        story = row.moment.story
        return _told(claims, row, "opened", story, Chronicle(), opening(story), 1.0, measures)
    story, merged = _one_of(nearest, stories, measures.weights)
    so_far = stories.chronicle(story)
    if merged is not None:
        so_far.absorb(stories.chronicle(merged), merged)
    judged = judge(claims, story, so_far, lambda: _published(stories))
    late = measures.weights.late(row.published - so_far.published[1])
    fresh = novelty(judged.developments, _contained(row, story, stories), late)
    told = _told(claims, row, "merged" if merged else "joined", story, so_far, judged, fresh, measures)
    return replace(told, merged=merged)


def _published(stories: Stories) -> npt.NDArray[np.float64]:
    """When the articles that are remembered were published."""
    published: npt.NDArray[np.float64] = stories.columns.published[stories.columns.there]
    return published


def _one_of(nearest: Nearest, stories: Stories, weights: Weights) -> tuple[str, str | None]:
    """The story that an article joins, and one that turns out to be the same: the older lives on."""
    assert nearest.story is not None
    if nearest.second is None or nearest.second_likeness < weights.threshold + SURELY:
        return nearest.story, None
    if not are_one(nearest.story, nearest.second, stories, weights):
        return nearest.story, None
    older, younger = sorted((nearest.story, nearest.second), key=stories.opened)
    return older, younger


def _told(
    claims: Claims,
    row: Remembered,
    outcome: Outcome,
    story: str,
    so_far: Chronicle,
    judged: Judged,
    fresh: float,
    measures: Measures,
    *,
    duplicate_of: str | None = None,
    shared: float = 0.0,
    before: StoryMoment | None = None,
    is_old: bool = False,
) -> Followed:
    """Let the story take the article; `so_far` is ours to change. `before` is the moment of its earlier revision."""
    brings_nothing = duplicate_of is not None or is_old
    so_far.take(claims, row.order, measures.rarity, is_copy=brings_nothing, is_revision=outcome == "revised")
    # An article is one voice, however often it is revised.
    own = {*before.repeats, *(one.id for one in before.developments)} if before else ()
    so_far.tell(
        [new.found for new in judged.new], [one for one in judged.repeats if one not in own], claims.annotated.article
    )
    moment = StoryMoment(
        story=story,
        title=so_far.title,
        position=so_far.articles,
        novelty=fresh,
        duplicate_of=duplicate_of,
        shared=round(shared, 3),
        developments=judged.developments,
        repeats=judged.repeats,
    )
    return Followed(
        _enriched(claims.annotated, moment, so_far), outcome, replace(row, moment=moment), chronicle=so_far.packed()
    )


def _enriched(annotated: AnnotatedArticle, moment: StoryMoment, so_far: Chronicle) -> EnrichedArticle:
    shown = so_far.so_far() if so_far.articles else None
    # Both were read, and to read them again would look at every span once more.
    return EnrichedArticle.model_construct(
        annotated=annotated, moment=moment.model_copy(update={"so_far": shown}), _fields_set={"annotated", "moment"}
    )


def _revised(claims: Claims, row: Remembered, earlier: int, stories: Stories, measures: Measures) -> Followed:
    """A revision keeps its place in its story; new is what neither the story nor an earlier revision had.

    One that comes after a later one is out of date: it brings nothing, and its story takes nothing from it.
    """
    story, before = stories.story_at(earlier), stories.moment_at(earlier)
    so_far = stories.chronicle(story)
    is_old = any(
        stories.revision_at(slot) > claims.annotated.article.revision for slot in stories.revisions(row.article)
    )
    judged = Judged() if is_old else judge(claims, story, so_far)
    # Nobody is told of what a copy says: one that brings something new is none by now.
    is_copy_no_more = bool(before.duplicate_of and judged.developments)
    so_far.duplicates -= is_copy_no_more
    late = measures.weights.late(row.published - so_far.published[1])
    contained = 1.0 if is_old else row.print.contained(stories.columns.print_at(earlier))
    fresh = novelty(judged.developments, contained, late)
    told = _told(claims, row, "revised", story, so_far, judged, fresh, measures, before=before, is_old=is_old)
    kept: dict[str, Any] = {"position": before.position}
    if not is_copy_no_more:
        kept |= {"duplicate_of": before.duplicate_of, "shared": before.shared}
    moment = told.enriched.moment.model_copy(update=kept)
    return replace(
        told,
        enriched=told.enriched.model_copy(update={"moment": moment}),
        remembered=replace(row, moment=moment),
    )


def _duplicate(
    claims: Claims, row: Remembered, original: int, shared: float, stories: Stories, measures: Measures
) -> Followed:
    story, of = stories.story_at(original), stories.moment_at(original).duplicate_of or stories.article_at(original)
    so_far = stories.chronicle(story)
    return _told(claims, row, "duplicate", story, so_far, Judged(), 0.0, measures, duplicate_of=of, shared=shared)


def remembered(claims: Claims, key: str, stories: Stories, measures: Measures) -> Remembered:
    """What is remembered of an article, with the moment that it has if it opens a story."""
    annotated, article = claims.annotated, claims.annotated.article
    lines = furniture_of(article.text, article.outlet.domain)
    text = without_furniture(article.text, lines, stories)
    return Remembered(
        key=key,
        article=article.id,
        order=stories.next_order,
        published=article.published.timestamp(),
        seen=article.seen.timestamp(),
        moment=StoryMoment(story=_own_story(article.id, stories), title=article.title, position=1, novelty=1.0),
        title=words(article.title, "", measures.rarity),
        words=words(article.title, text[:LEDE], measures.rarity),
        vector=np.rint(np.array(annotated.vector, dtype=np.float32) * SCALE).astype(np.int8),
        print=fingerprint(text),
        furniture=tuple(lines),
        names=_rare_names(claims, measures.rarity),
        countries=_countries(annotated),
    )


def _rare_names(claims: Claims, rarity: Rarity) -> tuple[int, ...]:
    """The rare words of its names, the main actors' first: a minister whom nobody knows makes two reports one story."""
    named = sorted((one for one in claims.of_the_story if one.kind != "other"), key=lambda one: -one.salience)
    rare = (word for entity in named for word in entity.name.split() if _is_rare(word, rarity))
    # The words as they stand: "Seismological" is no "Seismology".
    return tuple(dict.fromkeys(zlib.crc32(word.encode()) for word in rare))[:MOST_NAMES]


@lru_cache(maxsize=16_384)
def _is_rare(word: str, rarity: Rarity) -> bool:
    return word[:1].isupper() and len(word) >= SHORTEST_NAME and min(map(rarity.of, terms(word)), default=0.0) >= RARE


def _own_story(article: str, stories: Stories) -> str:
    """The id of a story that the article opens: another one if the first that it opened goes on, without it by now."""
    own = f"s-{article[:12]}"
    return f"{own}-{stories.next_order}" if stories.knows(own) else own


def _countries(annotated: AnnotatedArticle) -> tuple[str, ...]:
    """The countries that it names or alludes to, the one that it is about first; an empty one if that is not known."""
    about = annotated.focus.country if annotated.focus is not None else None
    named = [place.country for place in (*annotated.places, *annotated.allusions)]
    named += [entity.country for entity in annotated.entities]
    return tuple(dict.fromkeys((about or "", *(country for country in named if country))))[:MOST_COUNTRIES]


def _copied(row: Remembered, stories: Stories) -> tuple[int, float] | None:
    """The article that this one is a copy of, the one with most of its words, the earliest of equals; and how much."""
    original, most = None, 0.0
    for slot in stories.like_in_print(row, MOST_PRINTS).tolist():
        contained = row.print.contained(stories.columns.print_at(slot))
        if contained > most:
            original, most = slot, contained
    if original is None or most < COPY or stories.moment_at(original).duplicate_of == row.article:
        # Nobody is a copy of his own copy, should that be remembered for longer.
        return None
    return original, most


def _contained(row: Remembered, story: str, stories: Stories) -> float:
    return max(
        (row.print.contained(stories.columns.print_at(slot)) for slot in stories.members_of(story, MOST_COMPARED)),
        default=0.0,
    )
