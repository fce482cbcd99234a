"""Say whose words each sentence is, where it stands in quotation marks and does not name its speaker."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.annotations import Entity
from schemas.message import Span
from services.enrich.quotes import Quotation

_ONESELF = re.compile(r"\b(?:I|[Ww]e)\b")

# A cue further away is in another paragraph: shown with it, the words between would be taken for evidence.
NEAR = 300


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence's speaker, the words that name him where he is told of, and the quotation that it stands in."""

    speaker: Entity
    cue: Span
    words: Span


def spoken(sentences: Sequence[Span], actors: Sequence[Entity], quotations: Sequence[Quotation]) -> dict[int, Spoken]:
    """For each sentence that a quotation reaches, by its number, who says it."""
    by_id = {actor.id: actor for actor in actors}
    found: dict[int, Spoken] = {}
    at = 0
    for quotation in quotations:
        while at < len(sentences) and sentences[at].end <= quotation.span.start:
            at += 1
        speaker = by_id.get(quotation.speaker) if quotation.speaker else None
        for number in range(at, len(sentences)):
            if sentences[number].start >= quotation.span.end:
                break
            if speaker is not None and quotation.cue is not None:
                found.setdefault(number, Spoken(speaker, quotation.cue, quotation.span))
    return found


def shown_with_cue(sentence: Span, said: Spoken) -> Span:
    """The sentence together with who says it, where that stands near."""
    first, last = min(sentence.start, said.cue.start), max(sentence.end, said.cue.end)
    return Span(start=first, end=last) if last - first <= (sentence.end - sentence.start) + NEAR else sentence


def oneself(text: str, said: Spoken, sentence: Span) -> list[Span]:
    """Where a speaker speaks of himself: "I" and "we" in his own words."""
    first, last = max(sentence.start, said.words.start), min(sentence.end, said.words.end)
    return [Span(start=found.start(), end=found.end()) for found in _ONESELF.finditer(text, first, last)]
