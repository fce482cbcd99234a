"""Put a name's bounds where the name begins and ends, to the character; join what was cut, part what was not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from typing import Protocol

_POSSESSIVE = re.compile(r"(?:['’]s|['’])$", re.IGNORECASE)
_OUTSIDE = " \t\n\r\"'“”‘’`()[]{}<>,;:!?…–—-_*•|/\\"
_INITIALS = re.compile(r"(?:^|[\s.])(?:[A-Za-z]\.)+[A-Za-z]?$")
_SYLLABLE = re.compile(r"-[a-z]{2,5}\b")
_MADE_OF_NAMES = frozenset({"-led", "-era", "-like", "-style", "-born", "-run", "-owned", "-based", "-aide", "-type"})
_ABBREVIATIONS = ("Inc", "Corp", "Co", "Ltd", "Jr", "Sr", "Bros")
_STATES = frozenset(
    """Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Tenn
    Tex Va Vt Wash Wis Wyo""".split()  # noqa: SIM905
)
# A name neither begins nor ends with these, whatever the encoder says; a particle may ("al-Qaida", "van der Bellen").
_NEVER_FIRST = re.compile(r"(?:(?:of|for|and|or|in|at|by|to|with|from|the|a|an|on)\s+)+")
_NEVER_LAST = re.compile(r"of|for|and|or|in|at|by|to|with|from|the|a|an|on|&")
_SMALL = re.compile(
    r"(?:(?!(?:al|el|bin|ibn|de|di|da|du|la|le|van|von|der|den|dos|ter|ten|zu|d)\b)[a-z]+\s+)+(?=[A-Z])"
)
_SMALL_LAST = re.compile(r"[a-z]+")
# "MS" is said of a name in capitals only; "Mr. T" and "Mr and Mrs Odera" are called just so.
_CIVIL_TITLE = re.compile(r"(?:(?:Messrs|Mrs|Mr|Ms)\.?\s+(?=[^\W\d_]\w)|(?:MRS|MR|MS)\.?\s+(?=[A-Z]{2}))(?=[A-ZÀ-Þ])")
_WORD = re.compile(r"\S+")
_NICKNAME = re.compile(r"\s?(?:[\"“]\s?[^\"“”\n]{1,25}[\"”]|‘[^‘’\n]{1,25}’|(?<= )'[^'\n]{1,25}'(?= ))\s?")
_SPACED_DASH = re.compile(r"\s+(?:[-–—]+\s+)+")
"""What parts a dateline from its report, "Tanzania - Zanzibar’s farmers", if a country stands before it: many
constituencies are written so too."""
_QUOTE_ENDS = re.compile(r"\s?[\"”]\s?")


class Bounds(Protocol):
    """A mention, as far as its bounds and kind go."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def kind(self) -> str: ...


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Take off what is not the name: space, quotes, brackets, a possessive; give back an abbreviation its full stop."""
    before = None
    while before != (start, end):
        before = (start, end)
        name = text[start:end]
        start += len(name) - len(name.lstrip(_OUTSIDE + "."))
        end -= len(name) - len(name.rstrip(_OUTSIDE))
        if start >= end:
            return start, start
        if match := _POSSESSIVE.search(text, start, end):
            end = match.start()
        if text[start:end].endswith(".") and not _keeps_full_stop(text[start : end - 1]):
            end -= 1
    if text[end : end + 1] == "." and (_INITIALS.search(text[start:end]) or text[start:end] in _STATES):
        end += 1
    return _bracket_closed(text, start, end)


def without_small_words(text: str, start: int, end: int, *, keeps_small: bool = False) -> tuple[int, int]:
    """Take off "and" and "of" at the ends, and words in small letters: "new England captain" names England.

    An event keeps these: they are what it is ("2019 Canadian federal election").
    """
    for small in (_NEVER_FIRST,) if keeps_small else (_NEVER_FIRST, _SMALL):
        if found := small.match(text, start, end):
            start = found.end()
    for small in (_NEVER_LAST,) if keeps_small else (_NEVER_LAST, _SMALL_LAST):
        before = _before_the_last(small, text, start, end)
        if before < end and any(c.isupper() for c in text[start:before]):
            end = before
    return start, end


def without_civil_title(text: str, start: int, end: int) -> tuple[int, int]:
    """Take "Mr" and "Ms." off a person's name: they are said of whoever bears it, and are no part of it."""
    found = _CIVIL_TITLE.match(text, start, end)
    return (found.end(), end) if found else (start, end)


def _before_the_last(small: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where the run of such words at the end begins, found backwards: a search would try it from each of them."""
    words = [word.span() for word in _WORD.finditer(text, start, end)]
    while len(words) > 1 and small.fullmatch(text, *words[-1]):
        words.pop()
    return words[-1][1] if words else end


def with_hyphen(text: str, start: int, end: int) -> int:
    """Give a full name back the syllable after its hyphen ("Moon Jae-in"), which the encoder reads as another word."""
    syllable = _SYLLABLE.match(text, end)
    return syllable.end() if syllable and " " in text[start:end] and syllable.group() not in _MADE_OF_NAMES else end


def parted(name: str, others: Set[str], is_country: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """The parts of "Russia-North Korea", or of "Acme and Ode" where both are named alone too; else the name whole."""
    dash = _SPACED_DASH.search(name)
    if dash and is_country(name[: dash.start()]):
        yield 0, dash.start()
        yield from (
            (dash.end() + first, dash.end() + last) for first, last in parted(name[dash.end() :], others, is_country)
        )
    else:
        yield from _two_or_one(name, others, is_country)


def _two_or_one(name: str, others: Set[str], is_country: Callable[[str], bool]) -> tuple[tuple[int, int], ...]:
    for sign in ("-", "–", "/", " and ", " or "):
        first, found, second = name.partition(sign)
        if not found or not first or not second or sign in second:
            continue
        is_known = is_country if len(sign) == 1 else others.__contains__
        if is_known(first.strip()) and is_known(second.strip()):
            return (0, len(first)), (len(name) - len(second), len(name))
    return ((0, len(name)),)


def is_one_name(text: str, one: Bounds, other: Bounds) -> bool:
    """Do two names of one kind stand so close that they are one: with a nickname between them, or but a space?"""
    between = text[one.end : other.start]
    if between == " ":
        return True
    if one.kind != "person" or len(between) > 30:
        return False
    is_open = (text.count('"', one.start, one.end) + text.count("“", one.start, one.end)) % 2 == 1
    return bool((_QUOTE_ENDS if is_open else _NICKNAME).fullmatch(between))


def is_inside_a_word(text: str, start: int, end: int) -> bool:
    """Do these bounds cut a word, as "assad" does "ambassador"?"""
    begins = text[max(0, start - 1) : start + 1]
    ends = text[end - 1 : end + 1]
    return (start > 0 and begins.isalnum()) or (len(ends) == 2 and ends.isalnum())


def _keeps_full_stop(name: str) -> bool:
    return (
        bool(_INITIALS.search(name))
        or name.endswith(_ABBREVIATIONS)
        or name in _STATES
        or len(name.split()[-1:] and name.split()[-1]) == 1
    )


def _bracket_closed(text: str, start: int, end: int) -> tuple[int, int]:
    """Close the bracket in "Odera (Kenya", or take it off."""
    opens = text.rfind("(", start, end)
    if opens < 0 or ")" in text[opens:end]:
        return start, end
    closing = re.compile(r"\s?\)").match(text, end)
    return start, closing.end() if closing else len(text[:opens].rstrip())
