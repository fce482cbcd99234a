"""The sentence around the words that carry a stance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.message import Span
from services.search.sentence import LONGEST_SENTENCE, sentence_around

TEXT = (
    "NAIROBI — The dam is full.\nMr Odera, who came late, blamed Ethiopia for it. “We will not yield,” he said.\n\n"
    "“They praised us.” Kenya's 3.5 million farmers praised nobody"
)


def spoken(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("blamed", "Mr Odera, who came late, blamed Ethiopia for it."),
        ("Mr", "Mr Odera, who came late, blamed Ethiopia for it."),
        ("it.", "Mr Odera, who came late, blamed Ethiopia for it."),
        ("yield", "“We will not yield,” he said."),
        ("praised us", "“They praised us.”"),
        ("farmers praised", "Kenya's 3.5 million farmers praised nobody"),
        ("full.\nMr", "NAIROBI — The dam is full.\nMr Odera, who came late, blamed Ethiopia for it."),
    ],
)
def test_words_are_shown_in_their_sentence(words: str, sentence: str) -> None:
    assert sentence_around(TEXT, spoken(words)).of(TEXT) == sentence


def test_a_whole_sentence_stays_as_it_is() -> None:
    whole = spoken("Mr Odera, who came late, blamed Ethiopia for it.")
    assert sentence_around(TEXT, whole) == whole


@given(st.text(alphabet="ab .!?\n”'", min_size=1, max_size=2_000), st.data())
def test_any_span_of_any_text_is_inside_or_begins_what_is_shown(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start=start, end=data.draw(st.integers(start + 1, len(text))))
    shown = sentence_around(text, span)
    assert shown.end - shown.start <= LONGEST_SENTENCE
    assert shown.end <= len(text)
    assert shown.start <= span.start < shown.end
    assert shown.end >= span.end or shown == Span(start=start, end=start + LONGEST_SENTENCE)
