"""Lay the marks of asked pairs beside the rows that they look at, each mark once, as the encoder weighs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.enrich.wordpieces import Marks

MARKS = 4
"""The first and last piece of the target, then of the source."""

NO_PAIR = -1

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Laid:
    """The marks of several rows, as many places a row as the row with most needs.

    at: rows × marks, the piece at which each mark stands; roles: rows × marks, which of a pair's marks it is; pairs:
    rows × marks, which pair it belongs to; marks_of: rows × pairs × MARKS, where a pair's marks are among the row's,
    and one past the last where it has none.
    """

    at: Numbers
    roles: Numbers
    pairs: Numbers
    marks_of: Numbers


def lay_out(asked: Sequence[Sequence[Marks]]) -> Laid:
    """Give each row's pairs their marks; a mark at piece 0 is none."""
    most = max((sum(place > 0 for marks in row for place in marks) for row in asked), default=0)
    at = np.zeros((len(asked), most), dtype=np.int64)
    roles, pairs = np.zeros_like(at), np.full_like(at, NO_PAIR)
    marks_of = np.full((len(asked), max(map(len, asked), default=0), MARKS), most, dtype=np.int64)
    for number, row in enumerate(asked):
        laid = [(pair, role, place) for pair, marks in enumerate(row) for role, place in enumerate(marks) if place > 0]
        for mark, (pair, role, place) in enumerate(laid):
            at[number, mark], roles[number, mark], pairs[number, mark] = place, role, pair
            marks_of[number, pair, role] = mark
    return Laid(at, roles, pairs, marks_of)
