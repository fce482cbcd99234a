"""Plain text is cut as the whole tokenizer cuts it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.search import english
from services.search.plain_text import tokens_of_plain

HARD = "ab12_.,;:'’‘·-é \"#*@"
PLAIN = [chr(code) for code in (*range(0x20, 0x250), *range(0x2010, 0x2030)) if tokens_of_plain(chr(code)) is not None]


def test_every_plain_character_is_cut_alike() -> None:
    assert len(PLAIN) > 500
    for character in PLAIN:
        assert tokens_of_plain(f"a{character}b") == english._TOKEN.findall(f"a{character}b")


@settings(max_examples=2_000)
@given(st.text(st.sampled_from(HARD), max_size=16) | st.text(st.sampled_from(PLAIN), max_size=40))
def test_plain_text_is_cut_as_any_is(line: str) -> None:
    assert tokens_of_plain(line) == english._TOKEN.findall(line)


@given(st.text(max_size=40))
def test_lines_are_cut_as_the_whole_is(text: str) -> None:
    assert english.tokens(text) == [
        token[at : at + english.LONGEST_TOKEN]
        for token in english._TOKEN.findall(text)
        for at in range(0, len(token), english.LONGEST_TOKEN)
    ]


def test_what_is_not_plain_is_left_to_the_whole_tokenizer() -> None:
    assert [tokens_of_plain(text) for text in ("©", "漢字", "e\u0301", "soft\u00adhyphen", "👍")] == [None] * 5
