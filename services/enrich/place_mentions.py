"""Say which words of a text may name a place: what was tagged as one, and what the gazetteer knows in other names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.enrich.boundaries import Bounds
from services.enrich.gazetteer import Candidate, Gazetteer
from services.enrich.toponyms import short_form

_PHRASE = re.compile(r"\b[A-Z][\w’'-]*(?:\.[A-Z]\.?)*(?:(?:\.? | of | and )[A-Z][\w’'-]*)*")
IDLE = frozenset(
    """the a an in on at for and but of with he she it they we his her this that these as by from to may march most
    january february april june july august september october november december monday tuesday wednesday many
    thursday friday saturday sunday mr mrs ms dr president police department university college school high
    court church house senate union street road avenue drive park center north south east west new former state
    county city news reading mobile why what when where who how post press time times independence world
    international national democrats republican republicans democrat congress hospital airport game league
    northern southern eastern western central main first second third capital district board council if so no yes
    will can all one two three four five six seven eight nine ten not our your their its up out over after before
    during under while since until then there here more some any each both than because although just only now
    still even also such other another every much own same god bill grant mark lord lady king queen prince pope
    center centre club museum library hotel bank fund group company service services office bureau agency
    commission committee ministry minister authority association society foundation institute academy army navy
    force forces air guard marine marines bay lake river island beach mount mountain valley hill hills
    christmas easter passover thanksgiving hanukkah internet best sunday good nice orange""".split()  # noqa: SIM905
)
"""Capitalised words that are towns somewhere, and in news are almost never."""

_WORD = re.compile(r"[^\s,()/;:“”\"–—]+")
_HALF = re.compile(r"[^\s,()/;:“”\"–—-]+")
_MOST_WORDS = 4  # of a place's name inside a longer one; one in a thousand of the gazetteer's has more
_WELL_KNOWN = 100_000  # people; what only some other name means is known by it if it is as large


@dataclass(frozen=True, slots=True)
class Possible:
    """Words that may name a place: what they were tagged as ("none" if not at all), and the longer name around them."""

    start: int
    end: int
    tagged: str
    confidence: float
    around: tuple[int, int]

    @property
    def is_part(self) -> bool:
        """Whether the words stand inside a longer name, as Georgia in "Georgia Bureau of Investigation"."""
        return self.around != (self.start, self.end)


def possible_places(text: str, mentions: Sequence[Bounds], gazetteer: Gazetteer) -> list[Possible]:
    """What may name a place, in order and apart from one another; people's names never do."""
    found = [each for mention in _joined(text, mentions, gazetteer) for each in _in_mention(text, mention, gazetteer)]
    taken = sorted((mention.start, mention.end) for mention in mentions)
    found += _untagged(text, taken, gazetteer)
    return sorted(found, key=lambda each: each.start)


@dataclass(frozen=True, slots=True)
class _Joined:
    """Two mentions that are one name in the gazetteer, as "Lake" and "Victoria"."""

    start: int
    end: int
    kind: str
    confidence: float


def _joined(text: str, mentions: Sequence[Bounds], gazetteer: Gazetteer) -> list[Bounds]:
    joined: list[Bounds] = []
    for mention in sorted(mentions, key=lambda each: each.start):
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.kind == mention.kind == "location"
            and text[last.end : mention.start] == " "
            and gazetteer.named(text[last.start : mention.end])
        ):
            sure = min(float(getattr(each, "confidence", 1.0)) for each in (last, mention))
            joined[-1] = _Joined(last.start, mention.end, "location", sure)
        else:
            joined.append(mention)
    return joined


@lru_cache(maxsize=8)
def phrases_of(text: str) -> tuple[tuple[int, int], ...]:
    """Where capitalised words stand together; two steps ask for those of the same article."""
    return tuple(phrase.span() for phrase in _PHRASE.finditer(text))


def _in_mention(text: str, mention: Bounds, gazetteer: Gazetteer) -> Iterator[Possible]:
    start, end, kind = mention.start, mention.end, mention.kind
    if kind == "person":
        return
    sure = float(getattr(mention, "confidence", 1.0))
    name = text[start:end]
    if _meant(text, start, end, gazetteer) if kind != "location" else _whole(name, gazetteer):
        yield Possible(start, end, kind, sure, (start, end))
        return
    inner = list(_inside(text, start, end, gazetteer))
    for one in inner:
        yield Possible(*one, kind, sure, (start, end))
    if not inner and kind == "location":
        yield Possible(start, end, kind, sure, (start, end))


def _whole(name: str, gazetteer: Gazetteer) -> bool:
    return bool(gazetteer.candidates(name) or (short_form(name + ".") and gazetteer.named(name + ".")))


def _untagged(text: str, taken: Sequence[tuple[int, int]], gazetteer: Gazetteer) -> Iterator[Possible]:
    """Names that the tagger passed over; a headline's capitals hide them, and a firm's name that it half saw."""
    at = 0
    for start, end in phrases_of(text):
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        if at < len(taken) and taken[at][0] < end:
            continue
        for one in _inside(text, start, end, gazetteer):
            yield Possible(*one, "none", 0.0, (start, end))


def _inside(text: str, start: int, end: int, gazetteer: Gazetteer) -> Iterator[tuple[int, int]]:
    """The longest names of places within some words, from the left; then again between hyphens."""
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    at = 0
    while at < len(words):
        length = next(
            (n for n in range(min(_MOST_WORDS, len(words) - at), 0, -1) if _known(text, words[at : at + n], gazetteer)),
            0,
        )
        if length:
            yield _trimmed(text, words[at][0], words[at + length - 1][1], gazetteer)
        elif "-" in text[slice(*words[at])]:
            for half in _HALF.finditer(text, *words[at]):
                if _known(text, [half.span()], gazetteer):
                    yield _trimmed(text, *half.span(), gazetteer)
        at += max(1, length)


def _known(text: str, words: Sequence[tuple[int, int]], gazetteer: Gazetteer) -> bool:
    start, end = words[0][0], words[-1][1]
    if not text[start].isupper():
        return False
    return bool(_meant(text, start, end, gazetteer))


def _meant(text: str, start: int, end: int, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    """What these words mean as the name of a place, passing over words that hardly ever do."""
    name = text[start:end]
    if name.strip(".").lower() in IDLE or (len(name) < 4 and short_form(name) is None):
        return ()
    meant = gazetteer.named(name)
    if not meant and text[end : end + 1] == "." and short_form(name + "."):
        meant = gazetteer.named(name + ".")
    return meant if any(c.how != "other" or c.population > _WELL_KNOWN for c in meant) else ()


_ARTICLE = re.compile(r"The\s+(?=\w)")
_POSSESSIVE = re.compile(r"(?:['’]s|['’])$", re.IGNORECASE)


def _trimmed(text: str, start: int, end: int, gazetteer: Gazetteer) -> tuple[int, int]:
    """Without "The", without a possessive, and without the full stop where the name does not need it."""
    if article := _ARTICLE.match(text, start, end):
        start = article.end()
    if found := _POSSESSIVE.search(text, start, end):
        end = found.start()
    name = text[start:end]
    if name.endswith("."):
        bare, pointed = gazetteer.named(name[:-1]), gazetteer.named(name)
        end -= bool(bare) and (not pointed or bare[0].id == pointed[0].id)
    return start, end
