"""Put the names of places on the map: one sense an article, with a confidence, a runner-up and the reason in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from schemas.annotations import Focus, Place
from schemas.message import Span
from services.enrich.focus import find_focus
from services.enrich.gazetteer import Candidate, Gazetteer
from services.enrich.place_evidence import Evidence
from services.enrich.place_ranker import Ranker
from services.enrich.place_reasons import Judged, reason_for, runner_up_of
from services.enrich.place_senses import Group
from services.enrich.toponyms import name_key, short_form

# Below 0.4, two in three of the places that the folds on LGL and GWN gave were wrong; from 0.4 to 0.5, one in two.
_LEAST_CONFIDENCE = 0.4
# Asked for a mention that someone marked as a place, a less sure answer is still better than none.
_LEAST_WHEN_ASKED = 0.1
# Of what this adds, three in four are marked as toponyms on LGL, four in five on GWN; from 20,000 on, fewer are.
_LARGE = 100_000
_SAME_SPOT_KM = 40.0  # a town and the county around it are one answer

_KIND_AFTER = re.compile(
    r"^ (?:County|Parish|Island|Islands|River|Bay|Valley|Province|Peninsula|Territory|state|State|province)\b"
)


class Named(Protocol):
    """A mention as `entities` finds it."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Located:
    """The article's places; the adjectives that speak of one ("Russian") apart: nothing happens in an adjective."""

    places: tuple[Place, ...] = ()
    focus: Focus | None = None
    demonyms: tuple[Place, ...] = ()


def locate(
    text: str,
    mentions: Sequence[Named],
    gazetteer: Gazetteer,
    outlet_country: str | None = None,
    ranker: Ranker | None = None,
) -> Located:
    """Resolve the article's locations and demonyms together, since each says something of where the others are.

    A name that the gazetteer has not, or that is more likely none of what it has, gets no place: never a guess.
    """
    evidence = _evidence(gazetteer)
    spans = [(m.start, m.end) for m in mentions if _may_be_a_place(m, text, gazetteer)]
    groups, _ = group_names(text, spans, evidence)
    groups = [group for group in groups if group.sense.candidates[0].how != "within"]
    judged = _judge(text, groups, evidence, ranker or _learned(), outlet_country)
    sure = [each for each in judged if each.confidence >= _LEAST_CONFIDENCE]
    adjectives = [each for each in sure if each.best.how == "demonym"]
    nouns = [each for each in sure if each.best.how != "demonym"]
    places = _places(text, nouns, judged)
    demonyms = _places(text, adjectives, judged)
    return Located(places, find_focus(text, places, demonyms, gazetteer), demonyms)


def resolve_mentions(
    text: str, spans: Sequence[tuple[int, int]], gazetteer: Gazetteer, ranker: Ranker | None = None
) -> list[Place | None]:
    """For each span that someone marked as a place, adjectives and names inside names included, its place or none."""
    evidence = _evidence(gazetteer)
    groups, numbers = group_names(text, spans, evidence)
    judged = _judge(text, groups, evidence, ranker or _learned(), None)
    places = [
        _place(text, each, judged, each.group.spans) if each.confidence >= _LEAST_WHEN_ASKED else None
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


def _may_be_a_place(mention: Named, text: str, gazetteer: Gazetteer) -> bool:
    """A location, an adjective of one, or what the tagger took for an organization and the gazetteer for a large place.

    "Tamil Nadu" and "Laurel County" act, as teams and governments do, and are tagged for it; so are firms called Ford.
    """
    if mention.kind == "location":
        return True
    meanings = gazetteer.named(text[mention.start : mention.end]) if mention.kind != "person" else ()
    if not meanings or meanings[0].feature == "spot":
        return False
    first = meanings[0]
    return first.how == "demonym" or (first.how in {"name", "official", "short"} and first.population >= _LARGE)


def _judge(
    text: str, groups: Sequence[Group], evidence: Evidence, ranker: Ranker, outlet_country: str | None
) -> list[Judged]:
    """Take each group's likeliest place; what lies around the same spot counts towards its confidence."""
    judged = []
    for group, shares in zip(groups, ranker.probabilities(text, groups, evidence, outlet_country), strict=True):
        best = int(np.argmax(shares[:-1]))
        near = group.sense.points @ group.sense.points[best] > np.cos(_SAME_SPOT_KM / 6371.0)
        confidence = float(np.clip(shares[:-1][near].sum(), 0.0, 1.0))
        judged.append(Judged(group, shares[:-1], group.sense.candidates[best], near, confidence))
    return judged


def _places(text: str, chosen: Sequence[Judged], all_judged: Sequence[Judged]) -> tuple[Place, ...]:
    """One place for each that was chosen, however many names it has in the article ("U.S.", "United States")."""
    together: dict[int, list[Judged]] = {}
    for each in chosen:
        together.setdefault(each.best.id, []).append(each)
    places = []
    for same in together.values():
        surest = max(same, key=lambda each: each.confidence)
        spans = sorted(span for each in same for span in each.group.spans)
        places.append(_place(text, surest, all_judged, spans))
    return tuple(sorted(places, key=lambda place: place.spans[0].start))


def _place(text: str, judged: Judged, all_judged: Sequence[Judged], spans: Sequence[tuple[int, int]]) -> Place:
    best = judged.best
    return Place(
        name=best.name,
        spans=tuple(Span(start=start, end=end) for start, end in spans),
        lat=best.lat,
        lon=best.lon,
        geonames=best.geonames,
        country=best.country,
        admin1=None if best.feature == "country" else best.admin1,
        feature=best.feature,
        confidence=round(judged.confidence, 3),
        runner_up=runner_up_of(judged),
        reason=reason_for(text, judged, all_judged),
    )


@lru_cache(maxsize=4)
def _evidence(gazetteer: Gazetteer) -> Evidence:
    return Evidence(gazetteer)


@lru_cache(maxsize=1)
def _learned() -> Ranker:
    return Ranker.load()
