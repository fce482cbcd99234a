"""Sentences cover the text, in order, to the character."""

from hypothesis import given
from hypothesis import strategies as st

from services.enrich.sentences import MOST_CHARACTERS, split_sentences


def words_of(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text)]


@given(
    st.text(
        alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("aA .!?\n\r\"'“”;,。U.S")),
        max_size=300,
    )
)
def test_every_character_that_is_not_a_space_lies_in_one_sentence(text: str) -> None:
    spans = split_sentences(text)
    covered = [at for span in spans for at in range(span.start, span.end)]
    assert covered == sorted(set(covered))
    assert {at for at, character in enumerate(text) if not character.isspace()} <= set(covered)
    assert all(span.of(text) == span.of(text).strip() for span in spans)
    assert all(span.end - span.start <= MOST_CHARACTERS for span in spans)


def test_an_empty_text_has_no_sentences() -> None:
    assert split_sentences("") == []
    assert split_sentences(" \n\t ") == []


def test_titles_and_abbreviations_end_no_sentence() -> None:
    assert words_of(
        "Sen. Ana Ruiz met Mr. Holm in the U.S. on Jan. 5. Then Lt. Gen. Okoro left at 5 p.m. Tuesday."
    ) == [
        "Sen. Ana Ruiz met Mr. Holm in the U.S. on Jan. 5.",
        "Then Lt. Gen. Okoro left at 5 p.m. Tuesday.",
    ]


def test_a_line_break_always_ends_a_sentence() -> None:
    assert words_of("Ministers meet in Oslo\nThe talks, long delayed, began.\r\n\r\nThey end on Friday.") == [
        "Ministers meet in Oslo",
        "The talks, long delayed, began.",
        "They end on Friday.",
    ]


def test_letters_beyond_ascii_do_not_move_the_offsets() -> None:
    assert words_of("“Genug”, sagte Müller – 朝鮮 too. 🇰🇵 Kim’s visit… was short! It ended.")[-1] == "It ended."


def test_a_very_long_sentence_is_cut_at_pauses() -> None:
    text = ", ".join(f"clause number {number} of a list" for number in range(200))
    sentences = words_of(text)
    assert len(sentences) > 4
    assert all(len(sentence) <= MOST_CHARACTERS for sentence in sentences)
    assert all(sentence.endswith(",") for sentence in sentences[:-1])


def test_a_word_without_end_is_cut_all_the_same() -> None:
    assert "".join(words_of("x" * 2500)) == "x" * 2500
