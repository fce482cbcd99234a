"""Say how well places are found and put on the map, end to end and given the mentions, and what confidence is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.train.reliability import Tenth, tenths

NEAR_KM = 161.0


@dataclass(frozen=True)
class Answer:
    """A mention, how likely it is right, and where it is put."""

    start: int
    end: int
    confidence: float
    lat: float
    lon: float


@dataclass(frozen=True)
class Scored:
    """An article's marks, all that could be told of the raw text, what `locate` tells, and what of given mentions."""

    id: str
    text: str
    marks: list[dict[str, Any]]
    told: list[Answer]
    annotated: list[Answer]
    given: list[tuple[float, float, int]]


def show(title: str, articles: Sequence[Scored]) -> list[Tenth]:
    """F1 within 161 km for several least confidences, accuracy of given mentions, and the worth of confidence.

    The last is also given back for those from the raw text, to be drawn.
    """
    print(f"== {title}")
    for least in (0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
        p, r, f = f1([_counted(each.marks, [a for a in each.told if a.confidence >= least]) for each in articles])
        print(f"  raw text, names told from {least:.2f}: P {p:.4f} R {r:.4f} F1 {f:.4f}")
    p, r, f = f1([_counted(each.marks, each.annotated) for each in articles])
    print(f"  raw text, as annotated: P {p:.4f} R {r:.4f} F1 {f:.4f}")
    flat = np.array([each for article in articles for each in article.given])
    print(f"  given mentions: {(flat[:, 1] * flat[:, 2]).sum() / flat[:, 2].sum():.4f} of {int(flat[:, 2].sum())}")
    told = [(a.confidence, _is_right(article, a), 1) for article in articles for a in article.told]
    for which, judged in (("raw text", told), ("given", flat)):
        worth = " ".join(f"{said:.2f}:{right:.2f}({count})" for said, right, count in tenths(judged))
        print(f"  worth of confidence, {which}: {worth}", flush=True)
    return tenths(told)


def _is_right(article: Scored, answer: Answer) -> int:
    """1 or 0; -1 where the mark has no place, and nobody can tell."""
    mark = next((m for m in article.marks if answer.start < m["end"] and m["start"] < answer.end), None)
    if mark is not None and mark.get("lat") is None:
        return -1
    return int(mark is not None and km(answer.lat, answer.lon, mark["lat"], mark["lon"]) <= NEAR_KM)


def _counted(marks: Sequence[dict[str, Any]], told: Sequence[Answer]) -> tuple[int, int, int]:
    """Right, told and marked: a told place answers one mark at most, and a mark without a place counts for nothing."""
    taken: set[int] = set()
    close = marked = void = 0
    for mark in marks:
        hit = next(
            (i for i, a in enumerate(told) if i not in taken and a.start < mark["end"] and mark["start"] < a.end), None
        )
        if hit is not None:
            taken.add(hit)
        if mark.get("lat") is None:
            void += hit is not None
            continue
        marked += 1
        if hit is not None and km(told[hit].lat, told[hit].lon, mark["lat"], mark["lon"]) <= NEAR_KM:
            close += 1
    return close, len(told) - void, marked


def f1(counts: Sequence[tuple[int, int, int]]) -> tuple[float, float, float]:
    """Precision, recall and their mean over all articles."""
    right, told, marked = (sum(each[i] for each in counts) for i in range(3))
    p, r = right / max(1, told), right / max(1, marked)
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The distance along a great circle."""
    one, two = math.radians(lat1), math.radians(lat2)
    half = math.sin((two - one) / 2) ** 2
    half += math.cos(one) * math.cos(two) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(half)))
