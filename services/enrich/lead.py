"""Where a report tells its news: its first sentence, after the dateline, and the two or three that make its lead."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from schemas.annotations import Written
from schemas.message import Span

LEAD = 400
"""Characters in which the news is told that a report brings: two or three sentences."""

SHORTEST = 20
"""Characters of a first sentence: a stop that comes sooner is that of an abbreviation."""

FEW_WORDS = 6
"""Words before the verb of a sentence that says at once what its subject did."""

SHORT_LINE = 60
LONGEST_CAPTION = 500
"""Characters of a line: a shorter one that is no sentence is a byline or a heading; no longer one is a caption."""

_STOPS = tuple('.!?"”’:,;')
_CREDIT = re.compile(
    r"\b(?:REUTERS|Getty|AFP|EPA|AP|Shutterstock)\s?/|/(?:REUTERS|Reuters|Getty|AFP|AP|EPA)\b|\((?:AP\s)?Photo\b"
    r"|\bvia (?:AP|Getty)\b|\bImage (?:caption|copyright)\b|\btoggle caption\b|\bGetty Images\b"
    r"|\b(?:Photo|Image|Picture) (?:by|credit)\b"
)
# One of these stands in all that the pattern finds.
_CREDITED = ("REUTERS", "Reuters", "Getty", "AFP", "EPA", "AP", "Shutterstock", "Photo", "Image", "Picture", "caption")
_SUBORDINATE = frozenset("that who which whom when after before while because if said says as".split())  # noqa: SIM905
_FRONTED = re.compile(r"(?:in|on|at|by|during|under|within|for|with|after|before|as|since|late|early)\s", re.IGNORECASE)
_ENDS = re.compile(r"[.!?][”\"’')]*(?=\s)|\n")


@dataclass(frozen=True)
class Lead:
    """The places in a text at which its lead begins and ends."""

    text: str
    written: Written | None

    @cached_property
    def begins(self) -> int:
        """Where the text begins, after its dateline."""
        head = max((span.end for span in self.written.apart if span.start < 5), default=0) if self.written else 0
        return head + len(self.text[head:]) - len(self.text[head:].lstrip(" —–-:\n"))

    @cached_property
    def first_sentence(self) -> int:
        """Where the first sentence ends."""
        return self._end_after(self.begins + SHORTEST)

    @cached_property
    def ends(self) -> int:
        """Where the sentence ends in which the lead does."""
        return self._end_after(LEAD)

    def sentence_of(self, span: Span) -> int:
        """Where the sentence of these words begins."""
        at = bisect_right(self._ends, span.start)
        return self._ends[at - 1] if at else self.begins

    def sentence_around(self, span: Span) -> str:
        """The sentence of these words, whole."""
        at = bisect_left(self._ends, span.end)
        return self.text[self.sentence_of(span) : self._ends[at] if at < len(self._ends) else len(self.text)]

    def is_apart(self, span: Span) -> bool:
        """Do these words stand in a caption, or in a line of names before the text, and not in what it tells?"""
        begins = self.text.rfind("\n", 0, span.start) + 1
        ends = self.text.find("\n", span.end)
        line = self.text[begins : ends if ends >= 0 else len(self.text)].strip()
        is_name_alone = span.start < self.begins + LEAD and len(line) < SHORT_LINE and line[-1:] not in _STOPS
        return is_name_alone or (
            len(line) < LONGEST_CAPTION and any(one in line for one in _CREDITED) and _CREDIT.search(line) is not None
        )

    def says_at_once(self, verb: Span) -> bool:
        """Is it what a sentence of the lead says of its subject: "The agency ordered", "He accused"?"""
        if verb.start >= self.ends:
            return False
        before = self.text[self.sentence_of(verb) : verb.start].lstrip()
        if _FRONTED.match(before):
            # "In less than an hour on Friday, parliament passed": what stands before the comma only says when or where.
            before = before.rpartition(",")[2]
        words = before.replace("known as", "called").split()
        return len(words) <= FEW_WORDS and not _SUBORDINATE.intersection(word.lower().strip(",") for word in words)

    @cached_property
    def _ends(self) -> list[int]:
        return [match.end() for match in _ENDS.finditer(self.text)]

    def _end_after(self, place: int) -> int:
        return next((match.end() for match in _ENDS.finditer(self.text, min(place, len(self.text)))), len(self.text))
