"""A name before it is met in a text: the places that it can mean, and their numbers as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.enrich.gazetteer import Candidate

Numbers = NDArray[np.float64]

KINDS = (
    "country", "division1", "division2", "capital", "seat", "city", "part", "area", "water", "terrain", "spot"
)  # fmt: skip
_HOWS = ("name", "official", "other", "short", "demonym", "bare", "part", "within")


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


@dataclass(frozen=True)
class Group:
    """One name with all its mentions: in one article it means one place."""

    sense: Sense
    spans: tuple[tuple[int, int], ...]


def sense_of(candidates: tuple[Candidate, ...]) -> Sense:
    """The numbers that depend on the candidates alone."""
    size = np.log10(np.array([c.population for c in candidates], dtype=float) + 1.0)
    hows = np.array([[c.how == how for how in _HOWS] for c in candidates], dtype=float)
    kinds = np.array([[kind == _kind(c) for kind in KINDS] for c in candidates], dtype=float)
    trust = hows @ np.array([1.0, 1.0, 0.2, 1.0, 1.0, 0.3, 0.6, 0.4])
    prior = (10**size + 2000.0) ** 0.6 * trust
    order = np.argsort(np.argsort(-prior))
    count = len(candidates)
    fixed = np.column_stack(
        [
            kinds,
            hows,
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
    return Sense(candidates, fixed, points, prior / prior.sum(), lands, divisions, counties)


def _kind(candidate: Candidate) -> str:
    if candidate.feature == "division":
        return "division1" if candidate.code == "A.ADM1" else "division2"
    if candidate.feature == "city":
        special = {"P.PPLC": "capital", "P.PPLA": "seat", "P.PPLX": "part"}
        return special.get(candidate.code, "city")
    return candidate.feature


def number_of(country: str | None) -> float:
    return float(ord(country[0]) * 128 + ord(country[1])) if country else 0.0


def _self_or(candidate: Candidate, code: str, division: int | None, other: float) -> float:
    """The division that a place is or lies in; for none a number of its own, so that two unknowns do not agree."""
    return float(candidate.id if candidate.code == code else division or other)
