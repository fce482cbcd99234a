"""Find the names in an article: where each stands, to the character, and what kind of thing it names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol, cast
from zlib import crc32

from schemas.message import Span
from services.enrich.boundaries import (
    is_inside_a_word,
    is_one_name,
    parted,
    trimmed,
    with_hyphen,
    without_civil_title,
    without_small_words,
)
from services.enrich.personal_names import FAMILY_FIRST, read_name
from services.enrich.tagging import TaggedSpan

Kind = Literal["person", "organization", "location", "other"]

# About 115 wordpieces of English, of the 126 that the encoder was taught to see.
MOST_CHARACTERS = 480

SURE = 0.8
# Two mentions of three settle the third; of two that differ, neither does.
MOST_AGREE = 0.6


# A full name says more of its family name than that does alone. From 3 on: 0.2 points on news wire; 2: a tenth of it.
IN_FULL = 3.0


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


def find_entities(
    title: str,
    text: str,
    sentences: Sequence[Span],
    model: Tagger,
    is_country: Callable[[str], bool] = lambda name: False,
) -> list[Mention]:
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
    return agree(_parted(_joined(text, _apart(mentions)), is_country), headline)


def group(text: str, sentences: Sequence[Span]) -> list[Span]:
    """Put neighbouring sentences together, as many as fit, so that each is read with what stands around it.

    One sentence in eight ends its group whatever follows, and its own words alone (a checksum's last bits) say which: a
    copy with another first paragraph falls into the same groups soon after it, and these have been read before.
    """
    passages: list[Span] = []
    start: int | None = None
    end = 0
    for sentence in sentences:
        if start is not None and sentence.end - start > MOST_CHARACTERS:
            passages.append(Span(start=start, end=end))
            start = None
        start, end = (sentence.start if start is None else start), sentence.end
        if crc32(sentence.of(text).encode("utf-8", "replace")) % 8 == 0:
            passages.append(Span(start=start, end=end))
            start = None
    if start is not None:
        passages.append(Span(start=start, end=end))
    return passages


def _mentions(text: str, offset: int, span: TaggedSpan, sentences: Sequence[Span]) -> Iterator[Mention]:
    for start, end in _by_sentence(offset + span.start, offset + span.end, sentences):
        start, end = trimmed(text, start, end)
        # An event's name may well end in small letters: "2001 Italian general election".
        if span.kind != "other":
            start, end = trimmed(text, *without_small_words(text, start, end))
        if span.kind == "person":
            start, end = without_civil_title(text, start, with_hyphen(text, start, end))
        if any(character.isalnum() for character in text[start:end]) and not is_inside_a_word(text, start, end):
            yield Mention(start, end, cast(Kind, span.kind), text[start:end], span.confidence)


def _by_sentence(start: int, end: int, sentences: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """No name runs over a sentence's end: what the encoder runs together there, a headline and a text, is two names."""
    for sentence in sentences:
        if start < sentence.start < end:
            yield start, sentence.start
            start = sentence.start
    yield start, end


def _apart(mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _joined(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Join what the encoder cut: two names of one kind with but a space between, a nickname in the midst of a name."""
    joined: list[Mention] = []
    for mention in mentions:
        last = joined[-1] if joined else None
        if last is not None and last.kind == mention.kind and is_one_name(text, last, mention):
            end, confidence = mention.end, min(last.confidence, mention.confidence)
            joined[-1] = Mention(last.start, end, last.kind, text[last.start : end], confidence)
        else:
            joined.append(mention)
    return joined


def _parted(mentions: Sequence[Mention], is_country: Callable[[str], bool]) -> list[Mention]:
    """Part what the encoder took for one: "Russia-North Korea"."""
    names = {mention.name for mention in mentions}
    return [
        replace(mention, start=mention.start + start, end=mention.start + end, name=mention.name[start:end])
        for mention in mentions
        for start, end in parted(mention.name, names, is_country)
    ]


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
            family, given = (0, -1) if read_name(words[0]).family in FAMILY_FIRST else (-1, 0)
            said[_key(words[family])]["person"] += IN_FULL * mention.confidence
            said[_key(words[given])]["person"] += mention.confidence
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
