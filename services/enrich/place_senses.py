"""A name before it is met in a text: the places that it can mean, and their numbers as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from services.enrich.gazetteer import Candidate, feature_of

Numbers = NDArray[np.float64]

KINDS = (
    "country", "division1", "division2", "capital", "seat", "city", "part", "area", "water", "terrain", "spot"
)  # fmt: skip
_HOWS = ("name", "official", "other", "short", "demonym", "bare", "part", "within")

_TRUST = np.array([1.0, 1.0, 0.2, 1.0, 1.0, 0.3, 0.6, 0.4])


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Group:
    """One name with all its mentions: in one article it means one place."""

    sense: Sense
    spans: tuple[tuple[int, int], ...]


def sense_of(candidates: tuple[Candidate, ...]) -> Sense:
    """The numbers that depend on the candidates alone."""
    size = np.log10(np.array([c.population for c in candidates], dtype=float) + 1.0)
    how = [_HOWS.index(c.how) for c in candidates]
    kinds = np.eye(len(KINDS))[[_kind_of(c.code) for c in candidates]]
    trust = _TRUST[how]
    prior = (10**size + 2000.0) ** 0.6 * trust
    order = np.argsort(np.argsort(-prior))
    count = len(candidates)
    fixed = np.column_stack(
        [
            kinds,
            np.eye(len(_HOWS))[how],
            size / 8,
            (size - size.max()) / 4,
            1 / (1.0 + order),
            prior / prior.sum(),
            np.full(count, np.log(count) / 4),
        ]
    )
    lat, lon = np.radians([c.lat for c in candidates]), np.radians([c.lon for c in candidates])
    points = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    lands = np.array([number_of(c.country) for c in candidates], dtype=float)
    divisions = np.array(
        [_self_or(c, "A.ADM1", c.division, -k) for k, c in enumerate(candidates, start=1)], dtype=float
    )
    counties = np.array([_self_or(c, "A.ADM2", c.county, -k) for k, c in enumerate(candidates, start=1)], dtype=float)
    cities = np.array([c.code[0] == "P" or c.code == "A.ADM2" for c in candidates], dtype=float)
    return Sense(candidates, fixed, points, prior / prior.sum(), lands, divisions, counties, cities)


@lru_cache(maxsize=1000)
def _kind_of(code: str) -> int:
    """The number of a feature code's kind among `KINDS`."""
    special = {"A.ADM1": "division1", "P.PPLC": "capital", "P.PPLA": "seat", "P.PPLX": "part"}
    kind = special.get(code) or feature_of(code)
    return KINDS.index("division2" if kind == "division" else kind)


def number_of(country: str | None) -> float:
    return float(ord(country[0]) * 128 + ord(country[1])) if country else 0.0


def _self_or(candidate: Candidate, code: str, division: int | None, other: float) -> float:
    """The division that a place is or lies in; for none a number of its own, so that two unknowns do not agree."""
    return float(candidate.id if candidate.code == code else division or other)
