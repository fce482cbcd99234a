"""Say in numbers what a first judgement of an article's other names makes of each candidate: names keep company."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from services.enrich.candidates import Named, Numbers, Sense
from services.enrich.knowledge import Known


def with_company(rows: Numbers, chances: Numbers, named: Sequence[Named], senses: Sequence[Sense]) -> Numbers:
    """The rows with what a first judgement makes of the others: do they share country, sport or sort with this one?"""
    group = np.repeat(np.arange(len(senses)), [len(sense.candidates) for sense in senses])
    known = [one for sense in senses for one in sense.candidates]
    best = np.zeros(len(senses))
    np.maximum.at(best, group, chances)
    blocks = [chances, chances - best[group], best[group]]
    neighbours = _neighbours(named)
    for label in (_country, _sport, _sort, _kind_and_sport):
        labels = [label(one) for one in known]
        numbers = {text: number for number, text in enumerate(dict.fromkeys(labels))}
        column = np.array([numbers[text] for text in labels])
        mass = np.zeros((len(senses), len(numbers)))
        np.add.at(mass, (group, column), chances)
        whole = mass.sum(axis=0)
        told = np.array([bool(text) for text in labels])
        others = whole[column] - mass[group, column]
        near = neighbours @ mass
        blocks += [told * others / (1 + len(senses)), told * np.log1p(others), told * near[group, column]]
    return np.column_stack((rows, *blocks))


def _neighbours(named: Sequence[Named]) -> Numbers:
    """For each of the named, the share of its neighbours in the text that each other one is."""
    order = sorted((mention.start, index) for index, one in enumerate(named) for mention in one.mentions)
    near = np.zeros((len(named), len(named)))
    for (start, one), (after, other) in pairwise(order):
        if one != other and after - start < 60:
            near[one, other] += 1
            near[other, one] += 1
    return np.asarray(near / np.maximum(1, near.sum(axis=1, keepdims=True)))


def _country(known: Known) -> str:
    return known.country or ""


def _sport(known: Known) -> str:
    return known.sport


def _sort(known: Known) -> str:
    return known.sort


def _kind_and_sport(known: Known) -> str:
    return f"{known.kind} {known.sort} {known.sport}"
