"""Put the names of places on the map: one sense an article, with a confidence, a runner-up and the reason in words."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np

from schemas.annotations import Focus, Place, PlaceUse, Written
from schemas.message import Span
from services.enrich.boundaries import Bounds
from services.enrich.focus import find_focus
from services.enrich.gazetteer import Candidate, Gazetteer
from services.enrich.place_evidence import Evidence
from services.enrich.place_mentions import Possible, possible_places
from services.enrich.place_ranker import WEIGHTS, Ranker
from services.enrich.place_reasons import Judged, reason_for, runner_up_of
from services.enrich.place_recognition import Recogniser
from services.enrich.place_senses import Group, Numbers
from services.enrich.place_spots import Anchor, Spot, find_spots, spot_place
from services.enrich.place_uses import is_metonym, use_of
from services.enrich.toponyms import name_key, short_form

# A place is told from here on: of those just above, half were right in the folds on LGL and GWN, and F1 is at its best.
_LEAST_CONFIDENCE = 0.45
# Asked for a mention that someone marked as a place, a less sure answer is still better than none.
_LEAST_WHEN_ASKED = 0.03
_SAME_SPOT = math.cos(40.0 / 6371.0)  # within 40 km: a town and the county around it are one answer

_KIND_AFTER = re.compile(
    r"^ (?:County|Parish|Island|Islands|River|Bay|Valley|Province|Peninsula|Territory|state|State|province)\b"
)


@dataclass(frozen=True)
class Learned:
    """What was learned of places: which of one name is meant, and whether the words name a place at all."""

    ranker: Ranker
    recogniser: Recogniser

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Self:
        """Read the learned weights."""
        return cls(Ranker.load(path), Recogniser.load(path))


@dataclass(frozen=True, slots=True)
class Located:
    """The article's places; apart from them the adjectives ("Russian") and the parts of longer names ("Georgia Tech").

    Nothing happens in an adjective, nor in a firm's name; yet they tell of where something is.
    """

    places: tuple[Place, ...] = ()
    focus: Focus | None = None
    allusions: tuple[Place, ...] = ()


def locate(
    text: str,
    mentions: Sequence[Bounds],
    gazetteer: Gazetteer,
    outlet_country: str | None = None,
    frame: Written | None = None,
    learned: Learned | None = None,
) -> Located:
    """Resolve all that may name a place together, since each says something of where the others are.

    A name that the gazetteer has not, or that is more likely none of what it has, gets no place: never a guess.
    `frame` is what of the text speaks of its own writing, and so weighs little in what the article is about.
    """
    learned = learned or _learned()
    seen = see(text, mentions, gazetteer, learned.ranker, outlet_country)
    shares = learned.recogniser.probabilities(text, seen.possible, seen.judged, seen.people)
    told, spots = tell(text, mentions, seen, shares)
    covered = {at for spot in spots for at in range(spot.start, spot.end)}
    left = [each for each in told if each.mention.start not in covered]
    everything = list(dict.fromkeys(each.judged for each in told))
    named = _places(text, [each for each in left if each.used_as == "name"], everything)
    allusions = _places(text, [each for each in left if each.used_as != "name"], everything)
    places = in_order([*named, *(spot_place(text, spot, told[spot.number].judged.best) for spot in spots)])
    return Located(places, find_focus(text, mentions, places, allusions, gazetteer, frame), allusions)


def tell(text: str, mentions: Sequence[Bounds], seen: Seen, shares: Numbers) -> tuple[list[Told], list[Spot]]:
    """Of what may name a place that which is told, and the spots that can be put at one of these."""
    told = [
        Told(each, meant, float(share))
        for each, meant, share in zip(seen.possible, seen.judged, shares, strict=True)
        if meant is not None and share >= _LEAST_CONFIDENCE
    ]
    spots = find_spots(text, mentions, [each.anchor(number) for number, each in enumerate(told)])
    return told, [spot for spot in spots if spot.confidence >= _LEAST_CONFIDENCE]


@dataclass(frozen=True)
class Seen:
    """What may name a place in an article, and for each what it would mean."""

    possible: list[Possible]
    judged: list[Judged | None]
    people: frozenset[str]


def see(
    text: str, mentions: Sequence[Bounds], gazetteer: Gazetteer, ranker: Ranker, outlet_country: str | None = None
) -> Seen:
    """Gather what may name a place, and rank what each could mean."""
    evidence = _evidence(gazetteer)
    possible = possible_places(text, mentions, gazetteer)
    groups, numbers = group_names(text, [(each.start, each.end) for each in possible], evidence)
    judged = judged_by(groups, ranker.probabilities(text, groups, evidence, outlet_country, are_all=True))
    return Seen(possible, [None if n is None else judged[n] for n in numbers], people_in(text, mentions))


def people_in(text: str, mentions: Sequence[Bounds]) -> frozenset[str]:
    """The words by which the article's people may be called."""
    return frozenset(
        word.casefold()
        for m in mentions
        if m.kind == "person"
        for word in text[m.start : m.end].split()
        if len(word) > 2
    )


@dataclass(frozen=True)
class Told:
    """One mention that is told to be a place, how likely rightly so, and in which use of the name."""

    mention: Possible
    judged: Judged
    confidence: float

    @property
    def used_as(self) -> PlaceUse:
        """Whether the name stands for itself, as an adjective or inside a longer name."""
        return use_of(self.mention, self.judged.best)

    def anchor(self, number: int) -> Anchor:
        """What a street or a building beside it can be said to lie in."""
        best = self.judged.best
        is_town = best.code[0] == "P" or best.code == "A.ADM2"
        holds = best.how != "demonym" and (is_town or best.code == "A.ADM1")
        return Anchor(self.mention.start, self.mention.end, self.confidence, holds, is_town, number)


def resolve_mentions(
    text: str, spans: Sequence[tuple[int, int]], gazetteer: Gazetteer, ranker: Ranker | None = None
) -> list[Place | None]:
    """For each span that someone marked as a place, adjectives and names inside names included, its place or none."""
    evidence = _evidence(gazetteer)
    groups, numbers = group_names(text, spans, evidence)
    ranker = ranker or _learned().ranker
    judged = judged_by(groups, ranker.probabilities(text, groups, evidence))
    places = [
        _place(text, each, judged, each.group.spans, each.confidence) if each.confidence >= _LEAST_WHEN_ASKED else None
        for each in judged
    ]
    return [None if number is None else places[number] for number in numbers]


def group_names(
    text: str, spans: Sequence[tuple[int, int]], evidence: Evidence
) -> tuple[list[Group], list[int | None]]:
    """Gather the mentions of one name; for each span the number of its group, or none where the name is unknown.

    One name is one place in one article, unless the article itself tells two apart ("Paris, Texas", "Paris, France").
    """
    gathered: dict[tuple[str, int], tuple[tuple[Candidate, ...], list[tuple[int, int]]]] = {}
    told_apart: dict[str, list[frozenset[int]]] = {}
    keys: list[tuple[str, int] | None] = []
    for start, end in spans:
        name, candidates = _meanings(text, start, end, evidence.gazetteer)
        if not candidates:
            keys.append(None)
            continue
        held = evidence.held_by_the_words_after(text[end : end + 48], evidence.sense(candidates))
        key = (name, _which(held, told_apart.setdefault(name, [])))
        gathered.setdefault(key, (candidates, []))[1].append((start, end))
        keys.append(key)
    groups = [Group(evidence.sense(candidates), tuple(where)) for candidates, where in gathered.values()]
    number = {key: index for index, key in enumerate(gathered)}
    return groups, [None if key is None else number[key] for key in keys]


def _which(held: frozenset[int], told_apart: list[frozenset[int]]) -> int:
    """The number of the place that these words point at, among those that the article has told apart so far."""
    for index, earlier in enumerate(told_apart):
        if not held or not earlier or held & earlier:
            told_apart[index] = held & earlier or held or earlier
            return index
    told_apart.append(held)
    return len(told_apart) - 1


def _meanings(text: str, start: int, end: int, gazetteer: Gazetteer) -> tuple[str, tuple[Candidate, ...]]:
    """What a mention can mean, read with the words that belong to it ("County", the point of "La.")."""
    name = text[start:end]
    kind = _KIND_AFTER.match(text[end : end + 12])
    if kind and (found := gazetteer.named(name + kind.group())):
        return name_key(name + kind.group()), found
    if text[end : end + 1] == "." and short_form(name + ".") and (found := gazetteer.named(name + ".")):
        return name + ".", found
    found = gazetteer.candidates(name)
    if not found and "," in name:
        found = gazetteer.candidates(name.split(",")[0])
    return (short_form(name) or name_key(name)), found or gazetteer.within(name)


def judged_by(groups: Sequence[Group], shares: Sequence[Numbers]) -> list[Judged]:
    """Take each group's likeliest place; what lies around the same spot counts towards its confidence."""
    judged = []
    for group, each in zip(groups, shares, strict=True):
        best = int(np.argmax(each[:-1]))
        near = group.sense.points @ group.sense.points[best] > _SAME_SPOT
        confidence = min(1.0, float(each[:-1][near].sum()))
        judged.append(Judged(group, each[:-1], group.sense.candidates[best], near, confidence))
    return judged


def _places(text: str, chosen: Sequence[Told], all_judged: Sequence[Judged]) -> tuple[Place, ...]:
    """One place for each that was told, however many names it has in the article ("U.S.", "United States")."""
    together: dict[tuple[int, PlaceUse], list[Told]] = {}
    for each in chosen:
        together.setdefault((each.judged.best.id, each.used_as), []).append(each)
    return in_order([_of_one(text, same, all_judged) for same in together.values()])


def _of_one(text: str, same: Sequence[Told], all_judged: Sequence[Judged]) -> Place:
    surest = max(same, key=lambda each: each.confidence).judged
    confidence = sum(each.confidence for each in same) / len(same)
    spans = [(each.mention.start, each.mention.end) for each in same]
    metonyms = [span for span in spans if is_metonym(text, *span, surest.best)] if same[0].used_as == "name" else []
    return _place(text, surest, all_judged, spans, confidence, same[0].used_as, metonyms)


def in_order(places: Sequence[Place]) -> tuple[Place, ...]:
    """As the article first names them."""
    return tuple(sorted(places, key=lambda place: place.spans[0].start))


def _as_spans(spans: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    return tuple(Span(start=start, end=end) for start, end in sorted(spans))


def _place(
    text: str,
    judged: Judged,
    all_judged: Sequence[Judged],
    spans: Sequence[tuple[int, int]],
    confidence: float,
    used_as: PlaceUse = "name",
    metonyms: Sequence[tuple[int, int]] = (),
) -> Place:
    best = judged.best
    return Place(
        name=best.name,
        spans=_as_spans(spans),
        lat=best.lat,
        lon=best.lon,
        geonames=best.geonames,
        country=best.country,
        admin1=None if best.feature == "country" else best.admin1,
        feature=best.feature,
        confidence=round(confidence, 3),
        runner_up=runner_up_of(judged),
        reason=reason_for(text, judged, all_judged),
        used_as=used_as,
        metonyms=_as_spans(metonyms),
        capital=best.code == "P.PPLC",
    )


@lru_cache(maxsize=4)
def _evidence(gazetteer: Gazetteer) -> Evidence:
    return Evidence(gazetteer)


@lru_cache(maxsize=1)
def _learned() -> Learned:
    return Learned.load()
