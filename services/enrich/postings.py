"""Find which rows hold a number: an inverted index over numpy arrays, sorted once in a while."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Entries = npt.NDArray[np.uint64]
Slots = npt.NDArray[np.int32]

UNSORTED = 16_384
"""Entries kept aside before all are sorted anew, every 1,000 articles: a million and a half take 0.02 s to merge."""

_NONE: tuple[int, ...] = ()
_SLOT = np.uint64(0xFFFFFFFF)


class Found(NamedTuple):
    """The slots of several numbers, one number's after another's, and how many each has."""

    slots: Slots
    lengths: list[int]

    def apart(self) -> list[Slots]:
        """The slots of each number."""
        ends = [*accumulate(self.lengths)]
        return [self.slots[end - length : end] for end, length in zip(ends, self.lengths, strict=True)]


class Postings:
    """Numbers and the slots that hold them; 8 bytes an entry, where Python's own dictionaries take 150.

    A slot's entries are taken out when all are sorted next; until then `find` gives it too, and who asks leaves out
    those that are no longer what they were.
    """

    def __init__(self) -> None:
        # A number and, in the lower half, a slot.
        self._entries: Entries = np.empty(0, dtype=np.uint64)
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

    def find(self, numbers: Sequence[int]) -> Found:
        """For each number the slots that hold it, in no order; some may be gone."""
        sought = np.array(numbers, dtype=np.uint64) << np.uint64(32)
        ends = self._entries.searchsorted(np.concatenate([sought, sought | _SLOT])).tolist()
        parts = []
        lengths = []
        for number, first, last in zip(numbers, ends[: len(numbers)], ends[len(numbers) :], strict=True):
            recent = self._recent.get(number, _NONE)
            parts += [self._entries[first:last], np.array(recent, dtype=np.uint64)]
            lengths.append(last - first + len(recent))
        found = np.concatenate(parts) if parts else np.empty(0, dtype=np.uint64)
        return Found((found & _SLOT).astype(np.int32), lengths)

    def sort(self) -> None:
        """Sort all entries, and take out those of the slots that were removed."""
        recent = np.fromiter(
            (number << 32 | slot for number, slots in self._recent.items() for slot in slots), dtype=np.uint64
        )
        entries = np.concatenate([self._entries, np.sort(recent)])
        if self._gone:
            gone = np.fromiter(self._gone, dtype=np.uint64, count=len(self._gone))
            entries = entries[~np.isin(entries & _SLOT, gone)]
        # Two sorted runs, which this merges.
        entries.sort(kind="stable")
        self._entries = entries
        self._recent.clear()
        self._gone.clear()
        self._unsorted = 0
