"""Say how much two articles are alike: in their words, in their meaning, and in the very sentences."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import snowballstemmer
import zstandard

Hashes = npt.NDArray[np.uint32]

MOST_TERMS = 64
"""Terms kept of an article, the heaviest first: the rest weigh too little to change a cosine by 0.01."""

MOST_SHINGLES = 128
"""Shingles kept of an article: containment is then told to within 0.05, and the gap between copies (0.90 and more)
and quotations (at most 0.59, on the near-duplicate pairs) is far wider."""

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_stemmer = snowballstemmer.stemmer("english")


class Rarity:
    """How rare each term is in the news: a table of inverse document frequencies, made once and never moving."""

    def __init__(self, frequencies: Mapping[int, int], documents: int) -> None:
        self._unseen = math.log(documents + 1)
        self._of = {term: math.log((documents + 1) / (seen + 0.5)) for term, seen in frequencies.items()}

    @classmethod
    def read(cls, path: Path) -> Rarity:
        """Read the table: little-endian uint32, first the number of documents, then pairs of term and frequency."""
        numbers = np.frombuffer(zstandard.decompress(path.read_bytes()), dtype="<u4")
        pairs = numbers[1:].reshape(-1, 2)
        return cls(dict(zip(pairs[:, 0].tolist(), pairs[:, 1].tolist(), strict=True)), int(numbers[0]))

    def of(self, term: int) -> float:
        """The term's inverse document frequency; of one never seen, the highest."""
        return self._of.get(term, self._unseen)


def terms(text: str) -> list[int]:
    """The text's words in order, stemmed and hashed."""
    return [*map(_term, _WORD.findall(text.lower()))]


# 100,000 words are the vocabulary of some weeks of news; a hash is cheaper to keep than a word.
@lru_cache(maxsize=100_000)
def _term(word: str) -> int:
    return zlib.crc32(_stemmer.stemWord(word.replace("’", "'").removesuffix("'s")).encode())


LAST_PLACE = 0xFFFF


class Shelf(NamedTuple):
    """Where each of an article's terms stands: at the place of its bits is its number, counted from 1."""

    shift: int
    places: npt.NDArray[np.uint8]
    terms: Hashes
    weights: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Words:
    """An article's heaviest terms with their weights, at unit length; sorted by weight."""

    terms: tuple[int, ...]
    weights: tuple[float, ...]

    def cosine(self, other: Words) -> float:
        """1 for the same words, 0 for none shared."""
        theirs = dict(zip(other.terms, other.weights, strict=True))
        return sum(
            weight * theirs[term] for term, weight in zip(self.terms, self.weights, strict=True) if term in theirs
        )

    @cached_property
    def shelf(self) -> Shelf:
        """Its terms, each at the place that its own bits tell, to look up many at once."""
        terms = np.array((0, *self.terms), dtype=np.uint32)
        # Sixteen bits tell 64 terms apart nearly always; if not, another sixteen do.
        shift = next((bits for bits in range(17) if _are_told_apart(self.terms, bits)), 0)
        shelf = np.zeros(LAST_PLACE + 1, dtype=np.uint8)
        shelf[terms[1:] >> shift & LAST_PLACE] = range(1, len(terms))
        return Shelf(shift, shelf, terms, np.array((0.0, *self.weights)))


def _are_told_apart(terms: tuple[int, ...], shift: int) -> bool:
    return len({term >> shift & LAST_PLACE for term in terms}) == len({*terms})


MOST_OFTEN = 100
"""A word said so often says no more when it is said again."""

_OFTEN = [1 + math.log(count) if count else 0.0 for count in range(MOST_OFTEN + 1)]


def words(title: str, lede: str, rarity: Rarity) -> Words:
    """Weigh the terms of a title and a lede."""
    # A title's word counts once more: it says what the report is about, and a lede repeats it in other words.
    counts = Counter(terms(lede))
    counts.update(set(terms(title)))
    found = np.array([*counts], dtype=np.int64)
    weights = np.array([_OFTEN[min(count, MOST_OFTEN)] * rarity.of(term) for term, count in counts.items()])
    heaviest = np.lexsort((found, -weights))[:MOST_TERMS]
    weights = weights[heaviest]
    length = math.sqrt(float(weights @ weights)) or 1.0
    return Words(tuple(found[heaviest].tolist()), tuple((weights / length).round(4).tolist()))


@dataclass(frozen=True)
class Print:
    """A fingerprint of a text: the smallest hashes of its three-word shingles, and how many shingles it has in all."""

    hashes: Hashes
    shingles: int

    def contained(self, other: Print) -> float:
        """The share of the shorter text that stands word for word in the longer one, estimated."""
        if not len(self.hashes) or not len(other.hashes):
            return 0.0
        # Below the smaller of the two thresholds both prints are complete, so what they share there is a fair sample.
        most = min((int(one.hashes[-1]) for one in (self, other) if one.shingles > len(one.hashes)), default=0xFFFFFFFF)
        # Hashes are sorted.
        ours, theirs = (one.hashes[: one.hashes.searchsorted(most, side="right")] for one in (self, other))
        fewer = min(len(ours), len(theirs))
        if fewer < FEWEST_SHINGLES:
            return 0.0
        there = theirs.searchsorted(ours)
        return int(np.count_nonzero(theirs.take(there, mode="clip") == ours)) / fewer


FEWEST_SHINGLES = 8
"""Ten words: shorter texts are alike by chance."""


def fingerprint(text: str) -> Print:
    """Take a text's fingerprint; case, signs and line breaks do not change it."""
    # Words as they stand: stems would make no more copies alike, and cost more than all else here.
    read = np.array([*map(zlib.crc32, map(str.encode, _WORD.findall(text.lower())))], dtype=np.uint32)
    if len(read) < 3:
        return Print(np.empty(0, dtype=np.uint32), 0)
    shingles = np.sort(_mixed(read[:-2], read[1:-1], read[2:]))
    shingles = shingles[np.insert(shingles[1:] != shingles[:-1], 0, values=True)]
    return Print(shingles[:MOST_SHINGLES].copy(), len(shingles))


def _mixed(first: Hashes, second: Hashes, third: Hashes) -> Hashes:
    """One hash of three, spread evenly, so that the smallest ones are a fair sample."""
    mixed = first.astype(np.uint64)
    for following in (second, third):
        mixed = (mixed * np.uint64(0x9E3779B97F4A7C15) + following.astype(np.uint64)) ^ (mixed >> np.uint64(29))
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def cosines(one: Words, terms: Hashes, weights: npt.NDArray[np.float16]) -> npt.NDArray[np.float64]:
    """How alike an article's words are to those of many; terms, weights: articles × terms, padded with noughts."""
    if not one.terms:
        return np.zeros(len(terms))
    shelf = one.shelf
    at = shelf.places.take(terms >> shelf.shift & LAST_PLACE)
    shared: npt.NDArray[np.float64] = ((shelf.terms.take(at) == terms) * shelf.weights.take(at) * weights).sum(axis=1)
    return shared
