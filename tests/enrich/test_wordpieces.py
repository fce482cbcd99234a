"""Words are read as the encoder was taught them, and offsets hold through it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.language_model import MODEL_FOLDER
from services.enrich.wordpieces import (
    CLS,
    DIGITS,
    LETTER,
    LOWER,
    MIXED,
    SEP,
    SIGNS,
    SOURCE_CLOSES,
    SOURCE_OPENS,
    TARGET_CLOSES,
    TARGET_OPENS,
    TITLE,
    UPPER,
    WordPieces,
    asked_for_stance,
    shape,
)

READER = WordPieces(MODEL_FOLDER / "tokenizer.json")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=120))
def test_pieces_stand_in_order_inside_the_text(text: str) -> None:
    pieces = READER.read(text)
    assert len(pieces.ids) == len(pieces.shapes) == len(pieces.spans) == len(pieces.words)
    assert all(0 <= start <= end <= len(text) for start, end in pieces.spans)
    assert pieces.words == sorted(pieces.words)


@pytest.mark.parametrize(
    ("word", "how"),
    [
        ("peace", LOWER),
        ("NATO", UPPER),
        ("U", LETTER),
        ("Oslo", TITLE),
        ("McKay", MIXED),
        ("1996", DIGITS),
        ("—", SIGNS),
    ],
)
def test_a_word_is_told_by_how_it_is_written(word: str, how: int) -> None:
    assert shape(word) == how


def test_curly_quotes_read_like_straight_ones() -> None:
    assert READER.read("Ruiz’s “no”").ids == READER.read('Ruiz\'s "no"').ids


def test_marks_stand_around_what_they_mark() -> None:
    pieces = READER.read("Merkel met Putin.")
    asked = asked_for_stance(pieces, (11, 16), (0, 6))
    merkel, met, putin, stop = (READER.read(word).ids for word in ("Merkel", "met", "Putin", "."))
    assert asked.ids == [
        *(CLS, SOURCE_OPENS, *merkel, SOURCE_CLOSES, *met, TARGET_OPENS, *putin, TARGET_CLOSES),
        *(*stop, SEP),
    ]
    assert asked.ids[asked.target] == TARGET_OPENS
    assert asked.ids[asked.source] == SOURCE_OPENS


def test_without_a_source_its_mark_is_the_whole() -> None:
    assert asked_for_stance(READER.read("Merkel met Putin."), (0, 6)).source == 0


@given(st.integers(0, 200), st.integers(0, 30), st.integers(0, 200), st.integers(0, 30))
def test_however_long_the_sentence_the_target_is_in_it(start: int, length: int, other: int, size: int) -> None:
    pieces = READER.read("word " * 300)
    asked = asked_for_stance(pieces, (5 * start, 5 * start + length), (5 * other, 5 * other + size), most=64)
    assert len(asked.ids) <= 64
    assert asked.ids.count(TARGET_OPENS) == asked.ids.count(TARGET_CLOSES) == 1
    assert asked.ids[asked.target] == TARGET_OPENS
