"""Say in words why a name was taken for one place and not another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.enrich.gazetteer import Candidate
from services.enrich.place_senses import Group, Numbers

_LONGEST_SHORT_FORM = 4  # "USA" and "D.C." are written so; "DAR ES SALAAM" only in a dateline


@dataclass(frozen=True, eq=False)
class Judged:
    """One name's likeliest place, the probability of each that it can mean, and which of them are around that spot."""

    group: Group
    shares: Numbers
    best: Candidate
    near: NDArray[np.bool_]
    confidence: float


def runner_up_of(judged: Judged) -> str | None:
    """The likeliest place elsewhere, in words, or none where no other comes into question."""
    second = _second(judged)
    return None if second is None else f"{judged.group.sense.candidates[second].name}: {described(judged, second)}"


def reason_for(text: str, judged: Judged, all_judged: Sequence[Judged]) -> str:
    """As "Georgia: country 0.83, US state 0.17, because Tbilisi"; a dateline's capitals are not kept."""
    start, end = judged.group.spans[0]
    best = next(i for i, candidate in enumerate(judged.group.sense.candidates) if candidate is judged.best)
    weighed = f"{described(judged, best)} {judged.confidence:.2f}"
    second = _second(judged)
    if second is not None:
        weighed += f", {described(judged, second)} {judged.shares[second]:.2f}"
    name = judged.best.name if text[start:end].isupper() and end - start > _LONGEST_SHORT_FORM else text[start:end]
    return f"{name}: {weighed}, because {_because(judged, all_judged)}"


def described(judged: Judged, index: int) -> str:
    """A candidate in a few words: "country", "US state", "city in Texas, US"."""
    candidate = judged.group.sense.candidates[index]
    if candidate.feature == "country":
        return "country"
    if candidate.code == "A.ADM1":
        return f"{candidate.country} state" if candidate.country in _WITH_STATES else f"division of {candidate.country}"
    kind = "county" if candidate.code == "A.ADM2" else candidate.feature
    around = ", ".join(filter(None, (candidate.admin1, candidate.country)))
    return f"{kind} in {around}" if around else kind


_WITH_STATES = frozenset({"US", "AU", "IN", "MX", "BR", "NG", "DE", "MY", "VE"})


def _second(judged: Judged) -> int | None:
    elsewhere = np.where(judged.near, -1.0, judged.shares)
    second = int(np.argmax(elsewhere))
    return second if elsewhere[second] >= 0.005 else None  # less would be written as 0.00


def _because(judged: Judged, all_judged: Sequence[Judged]) -> str:
    """The neighbour that says most for it: what holds it, lies in it, or is near; else its size or being alone."""
    found = max(
        (
            (_kinship(judged.best, other.best) * other.confidence, other.best.name)
            for other in all_judged
            if other is not judged
        ),
        default=(0.0, ""),
    )
    if judged.best.how == "demonym":
        return "the adjective speaks of it"
    if judged.near.all():
        return "no other place has that name"
    if found[0] > 0:
        return found[1]
    largest = max(judged.group.sense.candidates, key=lambda candidate: candidate.population)
    return "it is the largest of that name" if largest is judged.best else "of the words around it"


def _kinship(place: Candidate, other: Candidate) -> float:
    if place.id == other.id:
        return 0.0
    if other.id in {place.division, place.county} or place.id in {other.division, other.county}:
        return 3.0
    if place.division is not None and place.division == other.division:
        return 2.0
    if place.country is not None and place.country == other.country:
        return 1.5 if "country" in {place.feature, other.feature} else 1.0
    return 0.0
