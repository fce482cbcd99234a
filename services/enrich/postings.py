"""Find which rows hold a number: an inverted index over numpy arrays, sorted once in a while."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint32]
Slots = npt.NDArray[np.int32]

UNSORTED = 65_536
"""Entries kept aside before all are sorted anew: sorting a million and a half takes 0.1 s, every 4,000 articles."""


class Postings:
    """Numbers and the slots that hold them; 8 bytes an entry, where Python's own dictionaries take 150.

    A slot's entries are taken out when all are sorted next; until then `find` gives it too, and who asks leaves out
    those that are no longer what they were.
    """

    def __init__(self) -> None:
        self._numbers: Numbers = np.empty(0, dtype=np.uint32)
        self._slots: Slots = np.empty(0, dtype=np.int32)
        self._recent: dict[int, list[int]] = defaultdict(list)
        self._unsorted = 0
        self._gone: set[int] = set()

    def add(self, slot: int, numbers: Iterable[int]) -> None:
        """Note that the slot holds these numbers; a removed slot may be used anew only once all were sorted."""
        for number in numbers:
            self._recent[number].append(slot)
            self._unsorted += 1
        if self._unsorted >= UNSORTED:
            self.sort()

    def remove(self, slot: int) -> None:
        """Forget the slot's numbers."""
        self._gone.add(slot)

    def find(self, numbers: Sequence[int]) -> list[Slots]:
        """For each number the slots that hold it, in no order; some may be gone."""
        # Of the same type as the array: numpy would otherwise copy all of it to compare.
        sought = np.array(numbers, dtype=np.uint32)
        firsts = np.searchsorted(self._numbers, sought, side="left").tolist()
        lasts = np.searchsorted(self._numbers, sought, side="right").tolist()
        return [
            self._with_recent(self._slots[first:last], number)
            for number, first, last in zip(numbers, firsts, lasts, strict=True)
        ]

    def _with_recent(self, sorted_ones: Slots, number: int) -> Slots:
        recent = self._recent.get(number)
        return np.concatenate([sorted_ones, np.array(recent, dtype=np.int32)]) if recent else sorted_ones

    def sort(self) -> None:
        """Sort all entries, and take out those of the slots that were removed."""
        counts = [len(slots) for slots in self._recent.values()]
        numbers = np.repeat(np.fromiter(self._recent, dtype=np.uint32, count=len(counts)), counts)
        slots = np.fromiter(
            (slot for slots in self._recent.values() for slot in slots), dtype=np.int32, count=sum(counts)
        )
        numbers, slots = np.concatenate([self._numbers, numbers]), np.concatenate([self._slots, slots])
        if self._gone:
            there = ~np.isin(slots, np.fromiter(self._gone, dtype=np.int32, count=len(self._gone)))
            numbers, slots = numbers[there], slots[there]
        order = np.argsort(numbers, kind="stable")
        self._numbers, self._slots = numbers[order], slots[order]
        self._recent.clear()
        self._gone.clear()
        self._unsorted = 0
