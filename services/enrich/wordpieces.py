"""Read words as the encoder reads them: wordpieces, each with its place in the text and the shape of its word.

Training and inference both come through here, so that the model is asked in the very form it was taught.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tokenizers import Tokenizer

CLS, SEP = 101, 102

NO_SHAPE, DIGITS, SIGNS, LOWER, UPPER, LETTER, TITLE, MIXED = range(8)
SHAPES = 8

# News says the same words over and over: looking one up is ten times as fast as looking at its letters.
WORDS_KEPT = 20_000
# Of a longer word the tokenizer reads nothing; nor are such ones kept whole.
LONGEST = 100

# Training text has straight quotes; newspapers print curly ones. One character for one, so that no offset moves.
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text's wordpieces in order: parallel lists, without the special tokens."""

    ids: list[int]
    shapes: list[int]
    spans: list[tuple[int, int]]
    words: list[int]
    """The number of the word that each piece belongs to; it never falls."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row for the encoder, special tokens in place."""

    ids: list[int]
    shapes: list[int]


Marks = tuple[int, int, int, int]
"""Where a row's target begins and ends, then its source: the places of their first and last pieces, 0 for no source."""


class WordPieces:
    """The tokenizer, with its offsets and shapes."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def read(self, text: str) -> Pieces:
        """Cut a text into wordpieces; `text[start:end]` of a piece's span is what it stands for."""
        encoding = self._tokenizer.encode(text.translate(_STRAIGHT), add_special_tokens=False)
        bounds: dict[int, tuple[int, int]] = {}
        words = [-1 if word is None else word for word in encoding.word_ids]
        for (start, end), word in zip(encoding.offsets, words, strict=True):
            bounds[word] = (bounds[word][0] if word in bounds else start, end)
        shapes = {word: shape(text[start : min(end, start + LONGEST)]) for word, (start, end) in bounds.items()}
        return Pieces(encoding.ids, [shapes[word] for word in words], encoding.offsets, words)


@lru_cache(WORDS_KEPT)
def shape(word: str) -> int:
    """Say how a word is written: the encoder's vocabulary is lower case, and names are told by their capitals."""
    if not any(character.isalpha() for character in word):
        return DIGITS if any(character.isdigit() for character in word) else SIGNS
    if word.islower():
        return LOWER
    if word.isupper():
        return UPPER if len(word) > 1 else LETTER
    if word[0].isupper() and word[1:].islower():
        return TITLE
    return MIXED


def row_of(pieces: Pieces, first: int, last: int) -> Row:
    """Give the encoder the pieces from first to last (exclusive)."""
    return Row([CLS, *pieces.ids[first:last], SEP], [NO_SHAPE, *pieces.shapes[first:last], NO_SHAPE])


def marked(pieces: Pieces, target: tuple[int, int], source: tuple[int, int] | None) -> Marks:
    """Where the row of all these pieces has its target, and its source if it has one.

    Offsets are in characters and may cut a word: any piece that they touch is inside the mark.
    """
    opens, closes = _touched(pieces, target)
    source_opens, source_closes = (-1, 0) if source is None else _touched(pieces, source)
    return opens + 1, closes, source_opens + 1, source_closes


def _touched(pieces: Pieces, span: tuple[int, int]) -> tuple[int, int]:
    """The pieces that a span of characters touches, first and one past the last; if none, the nearest."""
    start, end = span
    touched = [at for at, (opens, closes) in enumerate(pieces.spans) if opens < end and closes > start]
    if touched:
        return touched[0], touched[-1] + 1
    after = next((at for at, (opens, _) in enumerate(pieces.spans) if opens >= start), len(pieces.spans) - 1)
    return max(after, 0), min(max(after, 0) + 1, len(pieces.spans))


def around(length: int, marks: Marks, most: int) -> tuple[int, int]:
    """Of more pieces than a row may have, those around the marks, or around the target where both do not fit.

    Marks count from 1, since the row's first piece is a special token.
    """
    if length <= most:
        return 0, length
    there = [place - 1 for place in marks if place]
    opens, closes = min(there), max(there) + 1
    if closes - opens > most:
        opens, closes = marks[0] - 1, marks[1]
    first = max(0, min((opens + closes) // 2 - most // 2, length - most))
    return first, first + most


def shifted(marks: Marks, first: int, last: int) -> Marks:
    """The same marks in a row that begins at this piece; a mark that lies outside is cut to the row, or is none."""
    found = []
    for opens, closes in (marks[:2], marks[2:]):
        inside = opens and opens <= last and closes > first
        found += [max(opens - first, 1), min(closes, last) - first] if inside else [0, 0]
    return found[0], found[1], found[2], found[3]
