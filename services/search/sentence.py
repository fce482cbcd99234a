"""Widen the words that carry a stance to the sentence they stand in, for a reader to see them in their place."""

import re

from schemas.message import Span

LONGEST_SENTENCE = 600
"""Characters: some hundred words. What is longer is a list or a page without full stops, and is cut."""

# Where a sentence ends: at its mark and what closes after that, before a space; or at the end of a line.
_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s|\Z)|(?=\n)")


def sentence_around(text: str, span: Span) -> Span:
    """The sentence that holds the span, its first `LONGEST_SENTENCE` characters from the span on where it is longer.

    A span that is a sentence already, as most evidence is, stays as it is.
    """
    start, end = _begins(text, span.start), _ends(text, span)
    if end - start > LONGEST_SENTENCE:
        start = span.start
        end = min(end, start + LONGEST_SENTENCE)
    return Span(start=start, end=end)


def _begins(text: str, at: int) -> int:
    start = max(0, at - LONGEST_SENTENCE)
    for found in _END.finditer(text, start):
        if found.end() >= at:
            break
        start = found.end()
    while start < at and text[start].isspace():
        start += 1
    return start


def _ends(text: str, span: Span) -> int:
    latest = min(len(text), span.end + LONGEST_SENTENCE)
    return next((found.end() for found in _END.finditer(text, span.start) if found.end() >= span.end), latest)
