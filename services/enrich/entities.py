"""Find the names in an article: where each stands, to the character, and what kind of thing it names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol, cast
from zlib import crc32

from schemas.message import Span
from services.enrich.language_model import TaggedSpan

Kind = Literal["person", "organization", "location", "other"]

# About 95 wordpieces: with the longest sentence of its group, a passage still fits what the encoder was taught to see.
MOST_CHARACTERS = 400

SURE = 0.8
# Two mentions of three settle the third; of two that differ, neither does.
MOST_AGREE = 0.6

_POSSESSIVE = re.compile(r"(?:['’]s|['’])$", re.IGNORECASE)
_OUTSIDE = " \t\n\r\"'“”‘’`()[]{}<>,;:!?…–—-_*•|/\\"
_INITIALS = re.compile(r"(?:^|[\s.])(?:[A-Za-z]\.)+[A-Za-z]?$")
_SYLLABLE = re.compile(r"-[a-z]{2,5}\b")
_MADE_OF_NAMES = frozenset({"-led", "-era", "-like", "-style", "-born", "-run", "-owned", "-based", "-aide", "-type"})
_ABBREVIATIONS = ("Inc", "Corp", "Co", "Ltd", "Jr", "Sr", "Bros")


@dataclass(frozen=True, slots=True)
class Mention:
    """One name as it stands in the text: `text[start:end] == name`, always."""

    start: int
    end: int
    kind: Kind
    name: str
    confidence: float


class Tagger(Protocol):
    """Whatever finds names in texts."""

    def tag(self, texts: Sequence[str]) -> list[list[TaggedSpan]]:
        """Give each text its names, in order."""
        ...


def find_entities(title: str, text: str, sentences: Sequence[Span], model: Tagger) -> list[Mention]:
    """Give the mentions in `text`, in order and apart from one another.

    The title is read too: a headline that is not part of the text still tells that a word in the text is a name.
    """
    passages = group(text, sentences)
    *found, in_title = model.tag([*(passage.of(text) for passage in passages), title])
    mentions = [
        mention
        for passage, spans in zip(passages, found, strict=True)
        for span in spans
        for mention in _mentions(text, passage.start, span, sentences)
    ]
    headline = [mention for span in in_title for mention in _mentions(title, 0, span, ())]
    return agree(_apart(mentions), headline)


def group(text: str, sentences: Sequence[Span]) -> list[Span]:
    """Put neighbouring sentences together, two on average, so that each is read with what stands around it.

    Whether a sentence ends its group hangs on its own words alone (a checksum's last bit): a copy with another first
    paragraph falls into the same groups soon after it, and these have been read before.
    """
    passages: list[Span] = []
    start: int | None = None
    end = 0
    for sentence in sentences:
        if start is not None and sentence.end - start > MOST_CHARACTERS:
            passages.append(Span(start=start, end=end))
            start = None
        start, end = (sentence.start if start is None else start), sentence.end
        if crc32(sentence.of(text).encode("utf-8", "replace")) & 1:
            passages.append(Span(start=start, end=end))
            start = None
    if start is not None:
        passages.append(Span(start=start, end=end))
    return passages


def _mentions(text: str, offset: int, span: TaggedSpan, sentences: Sequence[Span]) -> Iterator[Mention]:
    start, end = offset + span.start, offset + span.end
    # A name does not run over a sentence's end, whatever the encoder says.
    start_of_next = next((sentence.start for sentence in sentences if sentence.start > start), len(text) + 1)
    start, end = trimmed(text, start, min(end, start_of_next))
    if span.kind == "person":
        end = _with_hyphen(text, start, end)
    if any(character.isalnum() for character in text[start:end]):
        yield Mention(start, end, cast(Kind, span.kind), text[start:end], span.confidence)


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
    if text[end : end + 1] == "." and _INITIALS.search(text[start:end]):
        end += 1
    return start, end


def _with_hyphen(text: str, start: int, end: int) -> int:
    """Give a full name back the syllable after its hyphen ("Moon Jae-in"), which the encoder reads as another word."""
    syllable = _SYLLABLE.match(text, end)
    return syllable.end() if syllable and " " in text[start:end] and syllable.group() not in _MADE_OF_NAMES else end


def _keeps_full_stop(name: str) -> bool:
    return (
        bool(_INITIALS.search(name))
        or name.endswith(_ABBREVIATIONS)
        or len(name.split()[-1:] and name.split()[-1]) == 1
    )


def _apart(mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def agree(mentions: Sequence[Mention], headline: Sequence[Mention] = ()) -> list[Mention]:
    """Let an article's mentions of one name learn from each other.

    A name seldom means two kinds of thing in one article: where most of its mentions say one kind, the others follow,
    and a word by which a person is called after the full name is that person.
    """
    said = _said_of([*mentions, *headline])
    return [_settled(mention, said) for mention in mentions]


def _said_of(mentions: Sequence[Mention]) -> dict[str, dict[Kind, float]]:
    said: dict[str, dict[Kind, float]] = defaultdict(lambda: defaultdict(float))
    for mention in mentions:
        said[_key(mention.name)][mention.kind] += mention.confidence
        words = mention.name.split()
        if mention.kind == "person" and 2 <= len(words) <= 4 and mention.confidence >= SURE:
            for word in {words[0], words[-1]}:
                said[_key(word)]["person"] += mention.confidence
    return said


def _key(name: str) -> str:
    return name.casefold()


def _settled(mention: Mention, said: dict[str, dict[Kind, float]]) -> Mention:
    kinds = said[_key(mention.name)]
    whole = sum(kinds.values())
    # The kind's own name breaks a tie, so that no order of mentions does.
    kind = max(kinds, key=lambda kind: (kinds[kind], kind))
    if kind == mention.kind or kinds[kind] < MOST_AGREE * whole:
        return mention
    return replace(mention, kind=kind, confidence=round(kinds[kind] / whole, 4))
