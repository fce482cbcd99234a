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
    TITLE,
    UPPER,
    WordPieces,
    around,
    marked,
    row_of,
    shape,
    shifted,
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


def test_of_a_word_too_long_to_be_read_only_the_beginning_is_looked_at() -> None:
    pieces = READER.read("a" * 100 + "B" * 10)
    assert (pieces.shapes, pieces.spans) == ([LOWER], [(0, 110)])


def test_curly_quotes_read_like_straight_ones() -> None:
    assert READER.read("Ruiz’s “no”").ids == READER.read('Ruiz\'s "no"').ids


def test_a_mark_is_the_first_and_last_piece_of_what_it_marks() -> None:
    pieces = READER.read("Lukashenko met Putin.")
    marks = marked(pieces, (15, 20), (0, 10))
    row = row_of(pieces, 0, len(pieces.ids))
    assert (row.ids[0], row.ids[-1]) == (CLS, SEP)
    lukashenko, putin = READER.read("Lukashenko").ids, READER.read("Putin").ids
    assert row.ids[marks[0] : marks[1] + 1] == putin
    assert row.ids[marks[2] : marks[3] + 1] == lukashenko


def test_without_a_source_it_has_no_mark() -> None:
    assert marked(READER.read("Merkel met Putin."), (0, 6), None)[2:] == (0, 0)


@given(st.integers(0, 200), st.integers(0, 30), st.integers(0, 200), st.integers(0, 30))
def test_however_long_the_sentence_the_target_is_in_its_row(start: int, length: int, other: int, size: int) -> None:
    pieces = READER.read("word " * 300)
    marks = marked(pieces, (5 * start, 5 * start + length), (5 * other, 5 * other + size))
    first, last = around(len(pieces.ids), marks, 64)
    assert 0 <= first < last <= len(pieces.ids)
    assert last - first == 64
    opens, closes, source_opens, source_closes = shifted(marks, first, last)
    assert 0 < opens <= closes <= 64
    assert (source_opens, source_closes) == (0, 0) or 0 < source_opens <= source_closes <= 64
    assert row_of(pieces, first, last).ids[opens] == pieces.ids[marks[0] - 1]
