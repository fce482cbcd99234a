"""Cut an article into sentences, to the character."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

from schemas.message import Span

MOST_CHARACTERS = 1000
"""No sentence of ours is longer: what is, is a table or a list that lost its line breaks, and is cut at a pause."""

# "at 5 p.m." ends no sentence where the day follows, nor "Jan." where the number does, nor a party's or a state's
# abbreviation in brackets; sentencex knows the titles, these it does not.
_GOES_ON = re.compile(
    r"(?:\b[ap]\.m\.\s+(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:EST|EDT|ET|GMT|PST|PDT|PT|local)\b)"
    r"|\b(?:Lt|Col|Maj|Sgt|Cpl|Adm|Cmdr|Supt|Rev|Hon|Messrs|Mmes|Pvt|Brig|Amb|Atty|Asst|Dist|Reps|Sens|Govs|Drs)\."
    r"\s+[A-Z])"
)
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")


def split_sentences(text: str) -> list[Span]:
    """Give the sentences in order, without the space around them; a line break always ends one.

    The spans do not overlap, and every character that is not a space lies in one. An empty text has none.
    """
    return [
        Span(start=start, end=end)
        for line in _LINE.finditer(text)
        for first, last in _joined(line.group(), _cuts(line.group()))
        for start, end in _short(text, line.start() + first, line.start() + last)
    ]


def _cuts(line: str) -> list[int]:
    """Where sentences end in a line: the last cut is the line's end."""
    ends = sorted({min(boundary["end_index"], len(line)) for boundary in get_sentence_boundaries("en", line)})
    return ends if ends and ends[-1] == len(line) else [*ends, len(line)]


def _joined(line: str, cuts: list[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for cut in cuts:
        # The match may begin a word before the cut and must end behind it.
        near = (match for match in _GOES_ON.finditer(line, max(0, cut - 12), cut + 12))
        if cut < len(line) and any(match.start() < cut < match.end() for match in near):
            continue
        if cut > start:
            yield start, cut
            start = cut


def _short(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MOST_CHARACTERS:
        pause = max(text.rfind(sign, start + MOST_CHARACTERS // 2, start + MOST_CHARACTERS) for sign in ("; ", ", "))
        space = text.rfind(" ", start + MOST_CHARACTERS // 2, start + MOST_CHARACTERS)
        cut = pause + 1 if pause > 0 else space if space > 0 else start + MOST_CHARACTERS
        yield from _trimmed(text, start, cut)
        start = cut
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = text[start:end]
    first, last = len(words) - len(words.lstrip()), len(words.rstrip())
    if first < last:
        yield start + first, start + last
