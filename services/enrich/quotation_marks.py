"""Find where words stand in quotation marks: curly or straight, over several paragraphs where each opens anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Few words in quotation marks are a word's use or a title, and take their speaker from the sentence around.
LEAST_WORDS = 3

_OPENS = re.compile(r"(?:^|[\s(\[–—-])\"(?=\S)")
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class QuotedWords:
    """Words in marks, marks and all; the paragraph they stand in, and whether they go on from the one before."""

    start: int
    end: int
    paragraph: int
    paragraph_end: int
    goes_on: bool


def quoted_words(text: str) -> Iterator[QuotedWords]:
    """Give the stretches between marks, in order.

    A mark that is not closed in its paragraph counts only if the next one opens with the same: so long speeches are
    set. Single marks are not read: they are mostly apostrophes, or quotations in a quotation.
    """
    left_open = False
    for line in _LINE.finditer(text):
        goes_on = left_open and line.group().lstrip()[:1] in ("“", '"')
        left_open = False
        at = line.start()
        while (start := _opening(text, at, line.end())) is not None:
            closing = "”" if text[start] == "“" else '"'
            end = text.find(closing, start + 1, line.end())
            if end < 0:
                left_open = True
                if text[line.end() : line.end() + 40].lstrip()[:1] == text[start]:
                    yield QuotedWords(start, line.end(), line.start(), line.end(), goes_on)
                break
            if text.count(" ", start, end) >= LEAST_WORDS - 1:
                yield QuotedWords(start, end + 1, line.start(), line.end(), goes_on)
            goes_on = False
            at = end + 1


def _opening(text: str, first: int, last: int) -> int | None:
    curly = text.find("“", first, last)
    straight = text.find('"', first, last) >= 0 and _OPENS.search(text, max(0, first - 1), last)
    places = [curly] if curly >= 0 else []
    if straight and straight.end() - 1 >= first:
        places.append(straight.end() - 1)
    return min(places, default=None)
