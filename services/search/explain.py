"""Say why an article answers a question, or why not: each part with the words of the article that carry it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from pydantic import Field

from schemas.message import Span
from schemas.saved_search import SavedSearch
from schemas.story import EnrichedArticle
from services.search import asked, english
from services.search.asked import All, AnyOf, Ask, Named, Not, OneOf, Phrase, Prefix, Word
from services.search.counting import counted, is_awake
from services.search.criteria import Criteria
from services.search.facts import any_stance, is_inside, is_near
from services.search.language.written import written
from services.search.reading import Reading
from services.search.results import Shown
from services.search.tree_match import test_of
from services.search.values import fold

SHOWN_SPANS = 20
"""Places in an article that are shown for one part: a word may stand there a thousand times."""


class Spot(Shown):
    """Where words stand, in the title or in the text."""

    field: Literal["title", "text"]
    start: int
    end: int


class ClauseShown(Shown):
    """A part of the question, whether the article meets it, and by which words."""

    asks: str = Field(description="the part, in the query language")
    met: bool
    spots: tuple[Spot, ...] = Field(default=(), description=f"the first {SHOWN_SPANS} places that carry it")
    parts: tuple["ClauseShown", ...] = Field(default=(), description="of what it is made up; each says it for itself")


def explained(criteria: Criteria, enriched: EnrichedArticle, now: datetime | None = None) -> tuple[ClauseShown, ...]:
    """Each part that must be met; the article answers if all are."""
    reading = Reading(enriched)
    return tuple(_clause(ask, reading, now or enriched.article.seen) for ask in criteria.every_ask)


def why(search: SavedSearch, enriched: EnrichedArticle, clauses: Iterable[ClauseShown]) -> tuple[bool, str]:
    """Whether the article counts for the search, and why, in words; what was told before is not asked here."""
    for clause in clauses:
        if not clause.met:
            return False, f"It does not answer {_first_unmet(clause).asks}."
    if not is_awake(search, enriched.article.seen):
        return False, "It answers, and came while the search was asleep, or over."
    if new := counted(search, enriched, lambda telling: False):
        return True, new.reason
    return False, _why_nothing_counts(search, enriched)


def _first_unmet(clause: ClauseShown) -> ClauseShown:
    """The smallest part by which it fails: of several that must all be met, the first that is not."""
    unmet = [part for part in clause.parts if not part.met]
    return _first_unmet(unmet[0]) if unmet and len(unmet) < len(clause.parts) else clause


def _why_nothing_counts(search: SavedSearch, enriched: EnrichedArticle) -> str:
    moment = enriched.moment
    if search.on == "development":
        if moment.duplicate_of is not None:
            return f"It answers, and is a copy of {moment.duplicate_of}: only what is new in a story counts."
        if not moment.developments and not moment.repeats:
            return "It answers, and tells nothing new in its story."
        kinds = ", ".join(dict.fromkeys(one.kind for one in moment.developments)) or "none"
        return (
            f"It answers, and nothing in it counts: it brings {kinds}; asked for are "
            f"{', '.join(search.kinds) or 'all kinds'}, from {search.min_outlets} outlets on, "
            f"with a score of {search.min_novelty} at least."
        )
    return (
        f"It answers, and does not count: its novelty is {moment.novelty}, asked for is {search.min_novelty} at least, "
        f"and {search.min_outlets} outlets."
    )


def _clause(ask: Ask, reading: Reading, now: datetime) -> ClauseShown:
    met = test_of(ask)(reading, now)
    inside = ask.of if isinstance(ask, All | AnyOf) else (ask.of,) if isinstance(ask, Not) else ()
    return ClauseShown(
        asks=written(ask),
        met=met,
        spots=tuple(_first(_spots(ask, reading))) if met else (),
        parts=tuple(_clause(part, reading, now) for part in inside),
    )


def _first(spots: Iterable[Spot]) -> list[Spot]:
    return sorted(dict.fromkeys(spots), key=lambda spot: (spot.field != "title", spot.start, spot.end))[:SHOWN_SPANS]


def _spots(ask: Ask, reading: Reading) -> Iterator[Spot]:
    annotated = reading.enriched.annotated
    match ask:
        case Word() | Phrase() | Prefix():
            for field, text in _texts(ask.field, reading):
                yield from (Spot(field=field, start=start, end=end) for start, end in _said(ask, text))
        case Named():
            for entity in annotated.entities:
                if ask.who in (entity.id, entity.wikidata) or fold(entity.name) == fold(ask.who):
                    yield from _in_text(entity.spans)
            if ask.kind == "place":
                yield from (
                    spot for one in annotated.places if fold(one.name) == fold(ask.who) for spot in _in_text(one.spans)
                )
        case OneOf(field="country"):
            yield from (spot for one in annotated.places if one.country in ask.values for spot in _in_text(one.spans))
        case OneOf(field="kind"):
            for development in reading.enriched.moment.developments:
                if development.kind in ask.values:
                    yield from _in_text(development.spans)
        case asked.Near() | asked.Box():
            for place, point in zip(annotated.places, reading.points, strict=True):
                if is_near(ask, *point) if isinstance(ask, asked.Near) else is_inside(ask, *point):
                    yield from _in_text(place.spans)
        case asked.Stance():
            for stance in annotated.stances:
                alone = annotated.model_copy(update={"stances": (stance,)})
                if any_stance(ask, Reading(reading.enriched.model_copy(update={"annotated": alone}))):
                    yield from _in_text(stance.evidence)


def _texts(field: asked.TextField, reading: Reading) -> Iterator[tuple[Literal["title", "text"], str]]:
    article = reading.enriched.article
    if field != "body":
        yield "title", article.title
    if field != "title":
        yield "text", article.text


def _in_text(spans: Iterable[Span]) -> Iterator[Spot]:
    return (Spot(field="text", start=span.start, end=span.end) for span in spans)


def _said(ask: Word | Phrase | Prefix, text: str) -> Iterator[tuple[int, int]]:
    """Where a text says it: from the first character of the first term to the last of the last."""
    standing = {position: (term, start, end) for term, position, start, end in english.spans(text)}
    sought = english.terms(ask.text)
    if isinstance(ask, Phrase):
        first = sought[0][1]
        for position, (_, start, _) in standing.items():
            found = [standing.get(position + place - first) for _, place in sought]
            if all(one is not None and one[0] == term for one, (term, _) in zip(found, sought, strict=True)):
                yield start, max(one[2] for one in found if one is not None)
        return
    terms, begins = {term for term, _ in sought}, english.lowered(ask.text) if isinstance(ask, Prefix) else None
    for term, start, end in standing.values():
        if term in terms or (begins is not None and term.startswith(begins)):
            yield start, end
