"""Read text as the index's `english` analyzer does: words, without possessives, case, stop words and endings.

The alerter judges by these terms what Elasticsearch will find by its own, so the two must never differ; a test on
the real server holds them together.
"""

from collections.abc import Iterator
from functools import lru_cache

import regex

from services.search.porter import stem

_STOP_WORDS = (
    "a an and are as at be but by for if in into is it no not of on or such "
    "that the their then there these they this to was will with"
)
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""The analyzer's own list."""

LONGEST_TOKEN = 255
"""Characters; the tokenizer cuts a longer run of letters into pieces of this length."""

_S = r"[\p{WB=Format}\p{WB=Extend}\p{WB=ZWJ}]*"
_NUMBER = rf"(?:[\p{{WB=Numeric}}\uFF10-\uFF19]{_S})"
_LETTER = rf"(?:[\p{{WB=ALetter}}\p{{WB=Hebrew_Letter}}]{_S})"
_HEBREW = rf"(?:\p{{WB=Hebrew_Letter}}{_S})"
_KATAKANA = rf"(?:\p{{WB=Katakana}}{_S})"
_IN_WORD = rf"(?:[\p{{WB=MidLetter}}\p{{WB=MidNumLet}}\p{{WB=Single_Quote}}]{_S})"
_IN_NUMBER = rf"(?:[\p{{WB=MidNum}}\p{{WB=MidNumLet}}\p{{WB=Single_Quote}}]{_S})"
_JOIN = rf"(?:\p{{WB=ExtendNumLet}}{_S})"
_NUMBERS = rf"(?:{_NUMBER}(?:(?:{_JOIN}*|{_IN_NUMBER}){_NUMBER})*)"
# A Hebrew letter takes a geresh along, and a gershayim before another.
_LETTER_OR_GERESH = rf"(?:{_HEBREW}(?:'{_S}|\"{_S}{_HEBREW})|{_LETTER})"
_LETTERS = rf"(?:{_LETTER_OR_GERESH}(?:(?:{_JOIN}*|{_IN_WORD}){_LETTER_OR_GERESH})*)"
_KATAKANAS = rf"(?:{_KATAKANA}(?:{_JOIN}*{_KATAKANA})*)"
_WORD = rf"(?:{_KATAKANAS}|(?:{_NUMBERS}|{_LETTERS})+)"
_PICTURE = (
    r"(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}]|[0-9#*]\uFE0F?\u20E3)"
    rf"(?:\uFE0F\p{{Emoji_Modifier}}?\u200D?|(?:(?!\uFE0F){_S[:-1]})*)"
)
_EMOJI = rf"{_PICTURE}(?:(?<=\u200D){_PICTURE})*"

# The word boundaries of Unicode's annex 29, put as Lucene's standard tokenizer puts them: what is one token.
_TOKEN = regex.compile(
    rf"{_JOIN}*{_WORD}(?:{_JOIN}+{_WORD})*{_JOIN}*"
    rf"|(?:\p{{LB=Complex_Context}}{_S})+"
    rf"|[\p{{Script=Han}}\p{{Script=Hiragana}}]{_S}"
    rf"|\p{{RI}}{_S}\p{{RI}}{_S}"
    rf"|{_EMOJI}"
)


def terms(text: str) -> Iterator[tuple[str, int]]:
    """Each term with its position; a stop word is no term, but takes a position."""
    for position, token in enumerate(_tokens(text)):
        term = _term(token)
        if term:
            yield term, position


def tokens(text: str) -> list[str]:
    """The pieces that words are made of, as they stand: stop words too, and nothing of their form changed."""
    return list(_tokens(text))


def lowered(text: str) -> str:
    """In small letters, as the index makes them."""
    return "".join(map(_lower, text))


def _tokens(text: str) -> Iterator[str]:
    for found in _TOKEN.finditer(text):
        token = found[0]
        for start in range(0, len(token), LONGEST_TOKEN):
            yield token[start : start + LONGEST_TOKEN]


# News uses the same words over and over: a language's common ones fit many times.
@lru_cache(maxsize=100_000)
def _term(token: str) -> str:
    if len(token) >= 2 and token[-1] in "sS" and token[-2] in "'’＇":
        token = token[:-2]
    word = "".join(map(_lower, token))
    return "" if word in STOP_WORDS else stem(word)


def _lower(letter: str) -> str:
    # Letter by letter, as the index does it: no final sigma, and İ becomes i without its dot beside it.
    lowered = letter.lower()
    return lowered if len(lowered) == 1 else lowered[0]
