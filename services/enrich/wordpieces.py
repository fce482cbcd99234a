"""Read words as the encoder reads them: wordpieces, each with its place in the text and the shape of its word.

Training and inference both come through here, so that the model is asked in the very form it was taught.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

CLS, SEP = 101, 102

# The vocabulary's [unused0] to [unused3]: ids that no text can produce.
TARGET_OPENS, TARGET_CLOSES, SOURCE_OPENS, SOURCE_CLOSES = 1, 2, 3, 4

NO_SHAPE, DIGITS, SIGNS, LOWER, UPPER, LETTER, TITLE, MIXED = range(8)
SHAPES = 8

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
class Asked:
    """One row for the encoder, special tokens and markers in place; a mark that is not there has position 0."""

    ids: list[int]
    shapes: list[int]
    target: int = 0
    source: int = 0


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
        shapes = {word: shape(text[start:end]) for word, (start, end) in bounds.items()}
        return Pieces(encoding.ids, [shapes[word] for word in words], encoding.offsets, words)


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


def asked_for_names(pieces: Pieces, first: int, last: int) -> Asked:
    """Give the encoder the pieces from first to last (exclusive), to be tagged."""
    return Asked([CLS, *pieces.ids[first:last], SEP], [NO_SHAPE, *pieces.shapes[first:last], NO_SHAPE])


def asked_for_stance(
    pieces: Pieces, target: tuple[int, int], source: tuple[int, int] | None = None, most: int = 128
) -> Asked:
    """Mark who is spoken of, and by whom if anyone is named, and give the encoder the words around them.

    Offsets are in characters and may cut a word: any piece that they touch is inside the mark. Of a sentence longer
    than `most` pieces, the part around the target is kept.
    """
    marks = [(*_touched(pieces, target), TARGET_OPENS, TARGET_CLOSES)]
    if source is not None:
        marks.append((*_touched(pieces, source), SOURCE_OPENS, SOURCE_CLOSES))
    first, last = _window(
        len(pieces.ids), [(opens, closes) for opens, closes, _, _ in marks], most - 2 - 2 * len(marks)
    )
    ids, shapes, places = [CLS], [NO_SHAPE], {TARGET_OPENS: 0, SOURCE_OPENS: 0}
    for at in range(first, last + 1):
        # Marks close before others open; of two that open at one piece, the longer opens first.
        signs = [closing for _, closes, _, closing in marks if closes == at]
        signs += [opening for opens, closes, opening, _ in sorted(marks, key=lambda mark: -mark[1]) if opens == at]
        for sign in signs:
            if sign in places:
                places[sign] = len(ids)
            ids.append(sign)
            shapes.append(NO_SHAPE)
        if at < last:
            ids.append(pieces.ids[at])
            shapes.append(pieces.shapes[at])
    return Asked([*ids, SEP], [*shapes, NO_SHAPE], places[TARGET_OPENS], places[SOURCE_OPENS])


def _touched(pieces: Pieces, span: tuple[int, int]) -> tuple[int, int]:
    """The pieces that a span of characters touches, first and one past the last; if none, the nearest."""
    start, end = span
    touched = [at for at, (opens, closes) in enumerate(pieces.spans) if opens < end and closes > start]
    if touched:
        return touched[0], touched[-1] + 1
    after = next((at for at, (opens, _) in enumerate(pieces.spans) if opens >= start), len(pieces.spans) - 1)
    return max(after, 0), min(max(after, 0) + 1, len(pieces.spans))


def _window(length: int, marks: list[tuple[int, int]], most: int) -> tuple[int, int]:
    if length <= most:
        return 0, length
    opens, closes = min(mark[0] for mark in marks), max(mark[1] for mark in marks)
    if closes - opens > most:
        opens, closes = marks[0]
    first = max(0, min((opens + closes) // 2 - most // 2, length - most))
    return first, first + most
