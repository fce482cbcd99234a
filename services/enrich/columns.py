"""The articles that are remembered, side by side in arrays, so that many are compared at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from services.enrich.likeness import MOST_SHINGLES, MOST_TERMS, Print, Words
from services.enrich.remembered import Remembered
from services.enrich.vector import SIZE

TITLE_TERMS = 16
"""Terms kept of a headline: longer ones are leads that stand in the headline's place."""

MOST_NAMES = 12
"""Rare words of names kept of an article, those of its main actors first."""

MOST_COUNTRIES = 8
"""Countries kept of an article, that which it is about first."""

Slots = npt.NDArray[np.int32]


class Columns:
    """Arrays of equal length, a row of each for a slot; rows that nobody wrote take no memory.

    A row takes 1.5 kB, of which 512 are its fingerprint, 384 its vector, 480 its words and 48 its names. Weights are
    of half precision: a cosine moves by less than 0.001.
    """

    def __init__(self, rows: int) -> None:
        self.order = np.zeros(rows, dtype=np.int64)
        self.published = np.zeros(rows)
        self.seen = np.zeros(rows)
        self.there = np.zeros(rows, dtype=np.bool_)
        self.story = np.zeros(rows, dtype=np.int32)
        self.vector = np.zeros((rows, SIZE), dtype=np.int8)
        self.has_vector = np.zeros(rows, dtype=np.bool_)
        self.terms = np.zeros((rows, MOST_TERMS), dtype=np.uint32)
        self.weights = np.zeros((rows, MOST_TERMS), dtype=np.float16)
        self.title_terms = np.zeros((rows, TITLE_TERMS), dtype=np.uint32)
        self.title_weights = np.zeros((rows, TITLE_TERMS), dtype=np.float16)
        self.countries = np.zeros((rows, MOST_COUNTRIES), dtype=np.uint16)
        self.names = np.zeros((rows, MOST_NAMES), dtype=np.uint32)
        self.hashes = np.zeros((rows, MOST_SHINGLES), dtype=np.uint32)
        self.kept_hashes = np.zeros(rows, dtype=np.int32)
        self.shingles = np.zeros(rows, dtype=np.int32)

    def __len__(self) -> int:
        return len(self.order)

    def grow(self) -> None:
        """Make room for a quarter more, should there be more to remember than was said."""
        for name, column in vars(self).items():
            setattr(self, name, np.concatenate([column, np.zeros_like(column[: len(column) // 4 + 1])]))

    def put(self, slot: int, row: Remembered, story: int) -> None:
        """Write a row."""
        self.order[slot], self.published[slot], self.seen[slot] = row.order, row.published, row.seen
        self.there[slot], self.story[slot] = True, story
        self.has_vector[slot] = len(row.vector) == SIZE
        self.vector[slot] = row.vector if len(row.vector) == SIZE else 0
        for words, terms, weights in (
            (row.words, self.terms, self.weights),
            (row.title, self.title_terms, self.title_weights),
        ):
            most = min(len(words.terms), terms.shape[1])
            terms[slot], weights[slot] = 0, 0.0
            terms[slot, :most], weights[slot, :most] = words.terms[:most], words.weights[:most]
        self.countries[slot] = 0
        self.countries[slot, : len(row.countries)] = codes(row.countries)
        self.names[slot] = 0
        self.names[slot, : len(row.names)] = row.names
        kept = len(row.print.hashes)
        self.hashes[slot, :kept] = row.print.hashes
        self.kept_hashes[slot], self.shingles[slot] = kept, row.print.shingles

    def print_at(self, slot: int) -> Print:
        """The fingerprint of the row in a slot."""
        return Print(self.hashes[slot, : self.kept_hashes[slot]], int(self.shingles[slot]))

    def words_at(self, slot: int) -> tuple[Words, Words]:
        """The words and the headline's words of the row in a slot."""
        return (
            Words(tuple(self.terms[slot].tolist()), tuple(self.weights[slot].tolist())),
            Words(tuple(self.title_terms[slot].tolist()), tuple(self.title_weights[slot].tolist())),
        )

    def names_at(self, slot: int) -> tuple[int, ...]:
        """The rare words of the names of the row in a slot."""
        return tuple(number for number in self.names[slot].tolist() if number)

    def countries_at(self, slot: int) -> tuple[str, ...]:
        """The countries of the row in a slot, that which it is about first."""
        return tuple(code.to_bytes(2).decode() if code else "" for code in self.countries[slot].tolist())

    def vector_at(self, slot: int) -> npt.NDArray[np.int8]:
        """The vector of the row in a slot; empty if it has none."""
        return self.vector[slot] if self.has_vector[slot] else np.empty(0, dtype=np.int8)


def codes(countries: Sequence[str]) -> list[int]:
    """Two letters as a number; 0 for none."""
    return [int.from_bytes(country.encode()) for country in countries]
