"""Plant namesakes in marked articles: the same news, of a neighbouring town that shares its name with a larger one.

Few corpora tell often enough of a small Paris. Any town of a region could have been in its news, so that a town near
the marked one takes its place in the text: what lies around it is then what tells it from its namesake, as in life.
And the other way about: a state that is only named beside Paris becomes one that has a Paris, which nobody meant. And
a large city becomes one that is called as a state is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from models.train.place_examples import Marked
from models.train.place_report import km
from services.enrich.gazetteer import Candidate, Gazetteer
from services.enrich.place_senses import outshines

_AROUND_KM = 60.0
_SAME_KM = 20.0  # a marked point and the gazetteer's for one town are nearer than this
_SAME_STATE_KM = 100.0
_ELSEWHERE_KM = 161.0
_TIMES = 20  # who is so many times smaller than the largest of the name is seldom meant by it
_LARGE = 200_000  # a city that could be New York or Washington in such news
_CALLED_AS_A_STATE = ("New York", "Washington")
_SHARE = 0.7  # of an article's towns; the others keep telling where it is
_WEIGH = 0.5  # larger towns are named more often, by the root of their size


@dataclass(frozen=True)
class _Swap:
    start: int
    end: int
    place: Candidate


def planted(article: Marked, gazetteer: Gazetteer, draw: np.random.Generator) -> Iterator[Marked]:
    """The article with some of its towns renamed after ambiguous neighbours.

    And twice each with states that hold namesakes, and with New York or Washington for a large city; where it has any.
    """
    for others_for in (_neighbours, *[_decoys] * 2, *[_called_as_a_state] * 2):
        if swaps := list(_swaps(article, gazetteer, draw, others_for)):
            yield _renamed(article, swaps)


def _renamed(article: Marked, swaps: Sequence[_Swap]) -> Marked:
    """The article with other names, and its marks and mentions moved along."""
    text, at = "", 0
    for swap in swaps:
        text += article.text[at : swap.start] + swap.place.name
        at = swap.end

    def moved(place: int, is_end: bool) -> int:
        before = (swap for swap in swaps if (swap.start < place if is_end else swap.end <= place))
        return place + sum(len(swap.place.name) - (swap.end - swap.start) for swap in before)

    renamed = {(swap.start, swap.end): swap.place for swap in swaps}
    marks = []
    for mark in article.marks:
        there: dict[str, Any] = {"start": moved(mark["start"], False), "end": moved(mark["end"], True)}
        town = renamed.get((mark["start"], mark["end"]))
        if town is not None and mark.get("lat") is not None:
            there |= {"lat": town.lat, "lon": town.lon, "geonameid": town.geonames}
        marks.append(mark | there)
    mentions = [replace(m, start=moved(m.start, False), end=moved(m.end, True)) for m in article.mentions]
    # What is not learned where it is marked is not where it is planted either: with LGL's planted New Yorks, no state
    # of New York and few Washingtons were told any more.
    return replace(article, text=text + article.text[at:], marks=marks, mentions=mentions)


_Others = Callable[[Candidate, Sequence[Candidate], Gazetteer], list[Candidate]]


def _swaps(article: Marked, gazetteer: Gazetteer, draw: np.random.Generator, others_for: _Others) -> Iterator[_Swap]:
    """Where the text names what is renamed, in order and apart."""
    points: dict[str, set[tuple[float, float]]] = defaultdict(set)
    for mark in article.marks:
        if mark.get("lat") is not None:
            points[article.text[mark["start"] : mark["end"]]].add((mark["lat"], mark["lon"]))
    meant = {name: _meant(name, min(where), gazetteer) for name, where in points.items() if len(where) == 1}
    drawn: dict[str, Candidate] = {}
    for name, place in meant.items():
        if place is None or draw.random() > _SHARE:
            continue
        taken = {*points, *(other.name for other in drawn.values())}
        others = [other for other in meant.values() if other is not None and other is not place]
        if new := [each for each in others_for(place, others, gazetteer) if each.name not in taken]:
            sizes = np.array([each.population for each in new], dtype=float) ** _WEIGH
            drawn[name] = new[int(draw.choice(len(new), p=sizes / sizes.sum()))]
    if not drawn:
        return
    longest_first = "|".join(re.escape(name) for name in sorted(drawn, key=len, reverse=True))
    for found in re.finditer(rf"(?<!\w)(?:{longest_first})(?!\w)", article.text):
        yield _Swap(found.start(), found.end(), drawn[found.group()])


def _meant(name: str, where: tuple[float, float], gazetteer: Gazetteer) -> Candidate | None:
    """The town or state of this name at the marked point."""
    return next(
        (
            each
            for each in gazetteer.named(name)
            if (each.code[0] == "P" or each.code == "A.ADM1")
            and km(each.lat, each.lon, *where) < (_SAME_KM if each.code[0] == "P" else _SAME_STATE_KM)
        ),
        None,
    )


def _neighbours(town: Candidate, others: Sequence[Candidate], gazetteer: Gazetteer) -> list[Candidate]:
    """For a town those around it that have a larger namesake elsewhere; nothing where no other name tells of its state.

    With nothing around it a name means the largest, and a small one in its place would teach to guess.
    """
    if town.code[0] != "P" or not any(town.division in (other.id, other.division) for other in others):
        return []
    around = gazetteer.towns_around(town.lat, town.lon, _AROUND_KM)
    return [each for each in around if _has_a_larger_namesake(each, gazetteer)]


def _decoys(state: Candidate, others: Sequence[Candidate], gazetteer: Gazetteer) -> list[Candidate]:
    """For a state that the article names for itself: those of its country with a small namesake of the article's towns.

    Paris beside a visitor from Texas is in France still, as it was beside one from Ohio.
    """
    if state.code != "A.ADM1" or any(other.division == state.id for other in others):
        return []
    held = {
        (small.division, small.admin1 or "")
        for other in others
        if other.code[0] == "P"
        for small in gazetteer.named(other.name)
        if small.country == state.country and small.division not in (None, state.id, other.division)
    }
    return [meant[0] for number, name in sorted(held) if _is_plain(meant := gazetteer.named(name), number)]


def _called_as_a_state(city: Candidate, others: Sequence[Candidate], gazetteer: Gazetteer) -> list[Candidate]:
    """For a large American city of whose state nothing is named: New York and Washington, which mean states too."""
    if city.code[0] != "P" or city.country != "US" or city.population < _LARGE:
        return []
    if any(city.division == other.division for other in others):
        return []
    meant = [(name, each) for name in _CALLED_AS_A_STATE for each in gazetteer.named(name)]
    return [replace(each, name=name) for name, each in meant if each.country == "US" and outshines(each)]


def _is_plain(meant: Sequence[Candidate], number: int | None) -> bool:
    """Whether it is so much the largest of what its name means that only it is meant: New York is not."""
    return [each.id for each in meant if each.population * _TIMES > meant[0].population] == [number]


def _has_a_larger_namesake(town: Candidate, gazetteer: Gazetteer) -> bool:
    meant = gazetteer.named(town.name)
    return any(each.id == town.id for each in meant) and any(
        each.population > town.population
        and each.how in ("name", "official")
        and km(each.lat, each.lon, town.lat, town.lon) > _ELSEWHERE_KM
        for each in meant
    )
