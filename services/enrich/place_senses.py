"""A name before it is met in a text: the places that it can mean, and their numbers as arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from services.enrich.gazetteer import Candidate, How, feature_of

Numbers = NDArray[np.float64]

KINDS = (
    "country", "division1", "division2", "capital", "seat", "city", "part", "area", "water", "terrain", "spot"
)  # fmt: skip
_HOWS: tuple[How, ...] = ("name", "official", "other", "short", "demonym", "bare", "part", "within")

_TRUST = dict(zip(_HOWS, (1.0, 1.0, 0.2, 1.0, 1.0, 0.3, 0.6, 0.4), strict=True))
_CAPITAL = 4.0  # Washington is ten times as often the capital as the state, which has ten times as many people
_HOW_ROWS = {how: tuple(float(how == each) for each in _HOWS) for how in _HOWS}
_KIND_ROWS = [tuple(float(kind == each) for each in KINDS) for kind in KINDS]
COUNTRY = 1.0
_OF_STATES = frozenset({"A.PCLI", "A.PCLD", "P.PPLC"})
_FIXED = len(KINDS) + len(_HOWS) + 7


@dataclass(frozen=True, eq=False)
class Sense:
    """All that is known of a name before it is met in a text: its candidates, and their numbers as arrays."""

    candidates: tuple[Candidate, ...]
    fixed: Numbers
    points: Numbers
    prior: Numbers
    lands: Numbers
    divisions: Numbers
    counties: Numbers
    cities: Numbers
    levels: Numbers

    @property
    def is_of_states(self) -> bool:
        """Whether the name means before all a country, its people or its capital."""
        return self.candidates[int(np.argmax(self.prior))].code in _OF_STATES


@dataclass(frozen=True)
class Group:
    """One name with all its mentions: in one article it means one place."""

    sense: Sense
    spans: tuple[tuple[int, int], ...]


def sense_of(candidates: tuple[Candidate, ...]) -> Sense:
    """The numbers that depend on the candidates alone; by lists, since most names mean a handful of places."""
    sizes = [math.log10(c.population + 1.0) for c in candidates]
    states = {c.country for c in candidates if c.code == "A.ADM1"}
    trust = [_TRUST[c.how] * (_CAPITAL if c.country in states and outshines(c) else 1.0) for c in candidates]
    prior = [(c.population + 2001.0) ** 0.6 * t for c, t in zip(candidates, trust, strict=True)]
    order = sorted(range(len(candidates)), key=lambda index: -prior[index])
    rank = {index: place for place, index in enumerate(order)}
    fames = [math.log(c.fame + 1.0) / 5 for c in candidates]
    largest, whole, many = max(sizes), sum(prior), math.log(len(candidates)) / 4
    best_known = max(fames)
    rows = [
        (
            *_KIND_ROWS[_kind_of(c.code)],
            *_HOW_ROWS[c.how],
            sizes[k] / 8,
            (sizes[k] - largest) / 4,
            fames[k],
            fames[k] - best_known,
            1 / (1.0 + rank[k]),
            prior[k] / whole,
            many,
            *_point(c.lat, c.lon),
            number_of(c.country),
            _self_or(c, "A.ADM1", c.division, -k - 1),
            _self_or(c, "A.ADM2", c.county, -k - 1),
            c.code[0] == "P" or c.code == "A.ADM2",
            _level_of(c.code),
        )
        for k, c in enumerate(candidates)
    ]
    table = np.array(rows, dtype=float)
    fixed = table[:, :_FIXED]
    points, rest = table[:, _FIXED : _FIXED + 3], table[:, _FIXED + 3 :].T
    return Sense(candidates, fixed, points, fixed[:, -2], *rest)


def outshines(city: Candidate) -> bool:
    """Whether a city is meant more often than a state of its name; of no capitals only New York is official."""
    return city.code == "P.PPLC" or (city.code[0] == "P" and city.how == "official")


def _point(lat: float, lon: float) -> tuple[float, float, float]:
    """On the unit sphere, where nearness is a product."""
    north, east = math.radians(lat), math.radians(lon)
    return math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)


@lru_cache(maxsize=1000)
def _kind_of(code: str) -> int:
    """The number of a feature code's kind among `KINDS`."""
    special = {"A.ADM1": "division1", "P.PPLC": "capital", "P.PPLA": "seat", "P.PPLX": "part"}
    kind = special.get(code) or feature_of(code)
    return KINDS.index("division2" if kind == "division" else kind)


@lru_cache(maxsize=1000)
def _level_of(code: str) -> float:
    """Countries, states, counties and towns are named among their like; 0 for what is none of these."""
    return {"A.ADM1": 2.0, "A.ADM2": 3.0}.get(code) or {"country": COUNTRY, "city": 4.0}.get(feature_of(code), 0.0)


def number_of(country: str | None) -> float:
    return float(ord(country[0]) * 128 + ord(country[1])) if country else 0.0


def _self_or(candidate: Candidate, code: str, division: int | None, other: float) -> float:
    """The division that a place is or lies in; for none a number of its own, so that two unknowns do not agree."""
    return float(candidate.id if candidate.code == code else division or other)
