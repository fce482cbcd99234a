"""Say whether an article meets a tree: each tree is made once into tests that many articles are put to."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache

from schemas.annotations import EntityKind
from services.search import asked, english, trees
from services.search.asked import (
    All,
    AnyOf,
    Ask,
    Named,
    NameKind,
    Not,
    Novelty,
    OneOf,
    OneOfField,
    Phrase,
    Prefix,
    TextField,
    When,
    Word,
)
from services.search.facts import any_stance, is_inside, is_near
from services.search.reading import Reading, Standing
from services.search.values import float32, fold

Test = Callable[[Reading, datetime], bool]
"""Whether an article answers, at a moment that the question may reckon from."""

Spaced = tuple[tuple[str, int], ...]
"""Terms, each with its distance from the phrase's first."""


# As many as an alerter has searches in a busy minute.
@lru_cache(maxsize=10_000)
def test_of(ask: Ask) -> Test:
    """The test that an article meets a tree, of which `trees.settled` has left out what asks nothing."""
    match ask:
        case All():
            return every(tuple(map(test_of, _cheap_first(ask.of))))
        case AnyOf():
            return _some(tuple(map(test_of, _cheap_first(ask.of))))
        case Not():
            inner = test_of(ask.of)
            return lambda reading, now: not inner(reading, now)
        case Word():
            return _has_words(frozenset(term for term, _ in english.terms(ask.text)), ask.field)
        case Phrase():
            return _has_phrase(spaced(ask.text), ask.field)
        case Prefix():
            return _begins(ask)
        case Named():
            return _names(ask)
        case OneOf():
            values, of = frozenset(ask.values), _VALUES[ask.field]
            return lambda reading, now: not values.isdisjoint(of(reading))
        case When():
            return _when(ask)
        case Novelty():
            return _novelty(ask)
        case asked.Near():
            return lambda reading, now: any(is_near(ask, *point) for point in reading.points)
        case asked.Box():
            return lambda reading, now: any(is_inside(ask, *point) for point in reading.points)
        case asked.Stance():
            return lambda reading, now: any_stance(ask, reading)


def spaced(phrase: str) -> Spaced:
    """The terms of a phrase; a stop word leaves a gap."""
    standing = tuple(english.terms(phrase))
    return tuple((term, position - standing[0][1]) for term, position in standing)


def _cheap_first(parts: tuple[Ask, ...]) -> list[Ask]:
    """The text is read last: many articles are answered for by a code or a name."""
    return sorted(parts, key=lambda part: any(True for _ in trees.texts(part)))


def every(tests: tuple[Test, ...]) -> Test:
    """All of them, in this order; none is met by all."""
    return lambda reading, now: all(test(reading, now) for test in tests)


def _some(tests: tuple[Test, ...]) -> Test:
    return lambda reading, now: any(test(reading, now) for test in tests)


def _in(reading: Reading, field: TextField) -> tuple[Standing, ...]:
    if field == "title":
        return (reading.title,)
    return (reading.text,) if field == "body" else (reading.title, reading.text)


def _has_words(words: frozenset[str], field: TextField) -> Test:
    return lambda reading, now: all(any(word in text for text in _in(reading, field)) for word in words)


def _has_phrase(phrase: Spaced, field: TextField) -> Test:
    return lambda reading, now: any(_stands(phrase, text) for text in _in(reading, field))


def _stands(phrase: Spaced, standing: Standing) -> bool:
    first, _ = phrase[0]
    return any(all(start + distance in standing.at(term) for term, distance in phrase) for start in standing.at(first))


def _begins(ask: Prefix) -> Test:
    begin = english.lowered(ask.text)
    itself = frozenset(term for term, _ in english.terms(ask.text))

    def test(reading: Reading, now: datetime) -> bool:
        texts = _in(reading, ask.field)
        if itself and all(any(term in text for text in texts) for term in itself):
            return True
        return any(term.startswith(begin) for text in texts for term in text.terms)

    return test


_KINDS: dict[NameKind, EntityKind] = {"person": "person", "org": "organization", "place": "location"}


def _names(ask: Named) -> Test:
    who, folded = ask.who, fold(ask.who)
    if ask.kind == "entity":
        return lambda reading, now: who in reading.entity_ids or folded in reading.entity_names
    kind, is_place = _KINDS[ask.kind], ask.kind == "place"

    def test(reading: Reading, now: datetime) -> bool:
        if is_place and folded in reading.place_names:
            return True
        return any(
            entity.kind == kind
            and (who in (entity.id, entity.wikidata) or (folded != "" and folded == fold(entity.name)))
            for entity in reading.enriched.annotated.entities
        )

    return test


def _stories(reading: Reading) -> Iterable[str]:
    moment = reading.enriched.moment
    return (moment.story, *(moment.so_far.merged if moment.so_far else ()))


_VALUES: dict[OneOfField, Callable[[Reading], Iterable[str]]] = {
    "country": lambda reading: reading.countries,
    "outlet": lambda reading: (reading.enriched.article.outlet.domain,),
    "lang": lambda reading: (reading.enriched.article.language,),
    "source_country": lambda reading: (reading.enriched.article.outlet.country or "",),
    "story": _stories,
    "kind": lambda reading: (development.kind for development in reading.enriched.moment.developments),
}


def _when(ask: When) -> Test:
    def test(reading: Reading, now: datetime) -> bool:
        article = reading.enriched.article
        moment = article.published if ask.field == "published" else article.seen
        start, end = ask.at(now)
        return (start is None or moment >= start) and (end is None or moment < end)

    return test


def _novelty(ask: Novelty) -> Test:
    low = None if ask.low is None else float32(ask.low)
    high = None if ask.high is None else float32(ask.high)

    def test(reading: Reading, now: datetime) -> bool:
        new = float32(reading.enriched.moment.novelty)
        above = low is None or (new >= low if ask.low_included else new > low)
        return above and (high is None or (new <= high if ask.high_included else new < high))

    return test
