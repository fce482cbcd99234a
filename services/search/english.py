"""Read text as the index's `english` analyzer does: words, without possessives, case, stop words and endings.

The alerter judges by these terms what Elasticsearch will find by its own, so the two must never differ; a test on
the real server holds them together.
"""

from functools import lru_cache

import regex

from services.search.older_unicode import FORMATS, LATER, PICTURES
from services.search.plain_text import tokens_of_plain
from services.search.porter import stem

_STOP_WORDS = (
    "a an and are as at be but by for if in into is it no not of on or such "
    "that the their then there these they this to was will with"
)
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""The analyzer's own list."""

LONGEST_TOKEN = 255
"""Characters; the tokenizer cuts a longer run of letters into pieces of this length."""


def _known(*properties: str, also: str = "", but: str = "") -> str:
    """A character class of these properties, without what is newer than the tokenizer."""
    inside = "".join(rf"\p{{{name}}}" for name in properties)
    return rf"[[{inside}{also}]--[{LATER}{FORMATS}{but}]]"


_WIDE = r"\uFF10-\uFF19"
_MARK = rf"[{_known('WB=Format', 'WB=Extend', 'WB=ZWJ')}{FORMATS}]"
_S = rf"{_MARK}*"
_THAM = r"\u19DA"  # a digit that it takes for a letter of a script without spaces
_NUMBER = rf"(?:{_known('WB=Numeric', also=_WIDE, but=_THAM)}{_S})"
_LETTER = rf"(?:{_known('WB=ALetter', 'WB=Hebrew_Letter')}{_S})"
_HEBREW = rf"(?:\p{{WB=Hebrew_Letter}}{_S})"
_KATAKANA = rf"(?:{_known('WB=Katakana')}{_S})"
_IN_WORD = rf"(?:{_known('WB=MidLetter', 'WB=MidNumLet', 'WB=Single_Quote')}{_S})"
_IN_NUMBER = rf"(?:[\p{{WB=MidNum}}\p{{WB=MidNumLet}}\p{{WB=Single_Quote}}\uFE10\uFE14]{_S})"
_JOIN = rf"(?:\p{{WB=ExtendNumLet}}{_S})"
_NUMBERS = rf"(?:{_NUMBER}(?:(?:{_JOIN}*|{_IN_NUMBER}){_NUMBER})*)"
# A Hebrew letter takes a geresh along, and a gershayim before another; not one that an apostrophe has joined.
_GERESH = rf"(?:{_HEBREW}(?:'{_S}|\"{_S}{_HEBREW}))"
_LETTERS = rf"(?:{_LETTER}(?:{_JOIN}*(?!{_GERESH}){_LETTER}|{_IN_WORD}{_LETTER})*)"
_KATAKANAS = rf"(?:{_KATAKANA}(?:{_JOIN}*{_KATAKANA})*)"
_WORD = rf"(?:{_KATAKANAS}|(?:{_GERESH}|{_NUMBERS}|{_LETTERS})+)"
# Pictures joined by joiners are one token, and so is a digit in its keycap; text style (U+FE0E) ends either.
_ALONG = rf"(?:(?![\uFE0E\uFE0F]){_MARK})*"
_MODIFIER = r"\p{Emoji_Modifier}"
_PICTURE = rf"[[\p{{Extended_Pictographic}}{PICTURES}]--[\p{{Emoji_Modifier}}]]"
_NEXT = rf"(?:{_PICTURE}|{_MODIFIER}){_ALONG}"
_PICTURES = rf"(?:\u200D*{_PICTURE}|{_MODIFIER}){_ALONG}(?:(?<=\u200D){_NEXT})*"
_FIRST = rf"(?:\u200D*{_PICTURE}{_ALONG}|{_MODIFIER}{_ALONG}(?<=\u200D){_NEXT})"
_STYLED = rf"{_FIRST}(?:(?<=\u200D){_NEXT})*\uFE0F(?:\u200D{_NEXT}(?:(?<=\u200D){_NEXT})*\uFE0F?)*"
_KEYCAP = rf"[0-9#*]{_ALONG}\uFE0F?\u20E3{_ALONG}"

# The word boundaries of Unicode's annex 29, put as Lucene's standard tokenizer puts them: what is one token.
_TOKEN = regex.compile(
    rf"{_JOIN}*{_WORD}(?:{_JOIN}+{_WORD})*{_JOIN}*"
    rf"|(?:{_known('LB=Complex_Context', also=_THAM)}{_S})+"
    rf"|{_known('Script=Han', 'Script=Hiragana')}{_S}"
    rf"|\p{{RI}}{_S}\p{{RI}}{_S}"
    rf"|{_KEYCAP}|{_STYLED}|{_PICTURES}",
    regex.V1,
)


def terms(text: str) -> list[tuple[str, int]]:
    """Each term with its position; a stop word is no term, but takes a position."""
    return [(term, position) for position, term in enumerate(in_order(text)) if term]


def in_order(text: str) -> list[str]:
    """The term at each position; an empty one where a stop word stands."""
    return [*map(_term, tokens(text))]


def spans(text: str) -> list[tuple[str, int, int, int]]:
    """Each term with its position, and its first character in the text and the one after its last."""
    found, position = [], 0
    for token in _TOKEN.finditer(text):
        for start in range(token.start(), token.end(), LONGEST_TOKEN):
            end = min(start + LONGEST_TOKEN, token.end())
            if term := _term(text[start:end]):
                found.append((term, position, start, end))
            position += 1
    return found


def tokens(text: str) -> list[str]:
    """The pieces that words are made of, as they stand: stop words too, and nothing of their form changed."""
    found: list[str] = []
    # No token goes beyond its line.
    for line in text.split("\n"):
        plain = tokens_of_plain(line)
        found += _TOKEN.findall(line) if plain is None else plain
    if len(text) <= LONGEST_TOKEN or max(map(len, found), default=0) <= LONGEST_TOKEN:
        return found
    return [token[at : at + LONGEST_TOKEN] for token in found for at in range(0, len(token), LONGEST_TOKEN)]


def lowered(text: str) -> str:
    """In small letters, as the index makes them."""
    return "".join(map(_lower, text))


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
