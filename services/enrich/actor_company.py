"""Say in numbers what a first judgement of an article's other names makes of each candidate: names keep company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from services.enrich.candidates import Named, Numbers, Sense
from services.enrich.knowledge import Known


def with_company(rows: Numbers, chances: Numbers, named: Sequence[Named], senses: Sequence[Sense]) -> Numbers:
    """The rows with what a first judgement makes of the others: do they share country, sport or sort with this one?"""
    group = np.repeat(np.arange(len(senses)), [len(sense.candidates) for sense in senses])
    known = [one for sense in senses for one in sense.candidates]
    best = np.zeros(len(senses))
    np.maximum.at(best, group, chances)
    blocks = [chances, chances - best[group], best[group]]
    here, there, share = _neighbours(named)
    for label in (_country, _sport, _sort, _kind_and_sport):
        labels = [label(one) for one in known]
        numbers = {text: number for number, text in enumerate(dict.fromkeys(labels))}
        column = np.array([numbers[text] for text in labels])
        mass = np.zeros((len(senses), len(numbers)))
        np.add.at(mass, (group, column), chances)
        whole = mass.sum(axis=0)
        told = np.array([bool(text) for text in labels])
        others = whole[column] - mass[group, column]
        near = np.zeros_like(mass)
        np.add.at(near, here, share[:, None] * mass[there])
        blocks += [told * others / (1 + len(senses)), told * np.log1p(others), told * near[group, column]]
    return np.column_stack((rows, *blocks))


def _neighbours(named: Sequence[Named]) -> tuple[NDArray[np.intp], NDArray[np.intp], Numbers]:
    """Which of the named stand beside which in the text, and the share that each is of one's neighbours.

    As pairs: most stand beside a few, and a square of all of a long page's names would fill the memory.
    """
    order = sorted((mention.start, index) for index, one in enumerate(named) for mention in one.mentions)
    beside: Counter[tuple[int, int]] = Counter()
    for (start, one), (after, other) in pairwise(order):
        if one != other and after - start < 60:
            beside[one, other] += 1
            beside[other, one] += 1
    pairs = np.array(list(beside), dtype=np.intp).reshape(-1, 2)
    times = np.array(list(beside.values()), dtype=float)
    here, there = pairs.T
    return here, there, times / np.bincount(here, times, len(named))[here]


def _country(known: Known) -> str:
    return known.country or ""


def _sport(known: Known) -> str:
    return known.sport


def _sort(known: Known) -> str:
    return known.sort


def _kind_and_sport(known: Known) -> str:
    return f"{known.kind} {known.sort} {known.sport}"
