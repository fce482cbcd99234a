"""Whom a name can mean before it is met in a text: the candidates, with the numbers that no text changes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from schemas.annotations import EntityKind
from services.enrich.entities import Mention
from services.enrich.knowledge import Knowledge, Known, folded
from services.enrich.personal_names import other_given_names
from services.enrich.roles import SpokenOf

Numbers = NDArray[np.float64]

MOST_CANDIDATES = 8
"""A name that more can mean is judged among its best known, and as many of its kind: the others are never meant."""

HOWS = ("name", "alias", "anchor", "short", "surname", "demonym", "acronym", "team")
KINDS: tuple[EntityKind, ...] = ("person", "organization", "location", "other")
SORTS = (
    "country", "place", "team", "player", "politician", "artist", "scholar", "party", "media", "school", "company",
    "office", "body", "work", "event",
)  # fmt: skip


class Named(Protocol):
    """One actor as an article names it."""

    @property
    def kind(self) -> EntityKind: ...
    @property
    def name(self) -> str: ...
    @property
    def forms(self) -> Sequence[str]: ...
    @property
    def mentions(self) -> Sequence[Mention]: ...
    @property
    def roles(self) -> Sequence[SpokenOf]: ...


@dataclass(frozen=True)
class Sense:
    """A name before it is met in a text: whom it can mean, with the numbers that no text changes."""

    candidates: tuple[Known, ...]
    rows: Numbers
    own: tuple[Known, ...] = ()
    """Those whom this house's own list calls so; they are not judged."""


NO_SENSE = Sense((), np.zeros((0, 0)))


class Senses:
    """Whom names can mean, over one knowledge; what it made of a name before it answers from memory."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._edition = knowledge.edition
        self._sense = self._remembering()

    def of(self, named: Sequence[Named]) -> list[Sense]:
        """Whom each of them can mean by the first of its forms that means anyone, best known first."""
        if self._knowledge.edition != self._edition:
            self._edition, self._sense = self._knowledge.edition, self._remembering()
        return [self._first(one) for one in named]

    def _first(self, one: Named) -> Sense:
        # One word of a full name is anyone's; "Mrs Clinton" must not be looked up as "Clinton".
        others = [form for form in one.forms[:4] if one.kind != "person" or " " in form]
        forms = [one.name, *others] if one.name in one.forms else [one.name]
        senses = (self._sense(form, one.kind) for form in forms)
        return next((sense for sense in senses if sense.candidates or sense.own), NO_SENSE)

    def _remembering(self) -> Callable[[str, EntityKind], Sense]:
        return lru_cache(maxsize=20_000)(self._made)

    def _made(self, name: str, kind: EntityKind) -> Sense:
        own = tuple(known for known in self._knowledge.called(name) if known.how == "own")
        found = candidates(name, kind, self._knowledge)
        return Sense(found, np.array(static_rows(found, name, kind)), own)


def candidates(name: str, kind: EntityKind, knowledge: Knowledge) -> tuple[Known, ...]:
    """Those whom the name, or the name without what may be left out, can mean."""
    for way in ways_to_ask(name, kind):
        found = [known for known in knowledge.called(way) if _may_be_so_called(known, name, kind)]
        if found:
            # Of the less known, those of the mention's kind: a country's name has many teams behind it.
            ranked = sorted(found, key=lambda known: (-fame(known), known.id))
            same = [known for known in ranked[MOST_CANDIDATES:] if known.kind == kind or known.sort == "team"]
            return (*ranked[:MOST_CANDIDATES], *same[:MOST_CANDIDATES])
    return ()


def ways_to_ask(name: str, kind: EntityKind) -> list[str]:
    """The name, and then what it may be written for."""
    ways = [name]
    if kind == "person":
        plain = re.sub(r"(?<=\s)[A-Z]\.?\s+(?=\w)", "", name)
        ways += [plain, *other_given_names(plain)]
    if kind == "organization":
        plain = _AMERICAN.sub("", name)
        ways += [_LEGAL.sub("", name), plain]
        if department := _DEPARTMENT.fullmatch(plain):
            ways.append(f"US Department of {department.group(1) or department.group(2)}")
    if kind == "other" and name.endswith("s"):
        ways.append(name[:-1])
    if name.endswith(("-based", "-born", "-led", "-backed", "-held")):
        ways.append(name.rsplit("-", 1)[0])
    return [way for place, way in enumerate(ways) if way and way not in ways[:place]]


_LEGAL = re.compile(
    r"[\s,]+(?:Inc|Incorporated|Corp|Corporation|Co|Company|Ltd|Limited|plc|PLC|AG|SA|S\.A|NV|N\.V|GmbH|LLC|LP|Group|"
    r"Holdings?|Bancorp)\.?$"
)


_AMERICAN = re.compile(r"^(?:U\.S\.|US|United States|American)\s+(?=[A-Z])")
_DEPARTMENT = re.compile(r"([A-Z]\w+) Department|Department of (?:the )?([A-Z]\w+)")


def _may_be_so_called(known: Known, name: str, kind: EntityKind) -> bool:
    if known.how == "own":
        return False
    if known.how == "surname":
        return kind == "person"
    # "Inc." is no one's initials.
    return known.how != "acronym" or name.replace(".", "").isupper()


def fame(known: Known) -> float:
    """How well known somebody is, in no unit."""
    return math.log1p(known.anchors) + 0.5 * min(known.sources, 8) + 0.5 * math.log1p(known.reports)


def static_rows(found: Sequence[Known], name: str, kind: EntityKind) -> list[list[float]]:
    """What no text changes: how known each is, how the name leads to it, and how it stands among the others."""
    fames = [fame(known) for known in found]
    key = folded(name)
    top = max((known.share for known in found), default=0.0)
    rows = []
    for place, known in enumerate(found):
        others = [index for index in range(len(found)) if index != place]
        rival = max((fames[index] for index in others), default=-1.0)
        alike = max((fames[index] for index in others if found[index].kind == kind), default=-1.0)
        rows.append(
            [
                known.share,
                top - known.share,
                float(known.share > 0 and known.share == top),
                math.log1p(known.anchors),
                float(min(known.sources, 8)),
                math.log1p(known.reports),
                math.log10(int(known.id[1:])) if known.wikidata else 0.0,
                math.log10(known.people + 1),
                fames[place],
                fames[place] - rival,
                fames[place] - alike,
                math.log1p(known.namesakes),
                float(place),
                math.log(len(found)),
                float(key == folded(known.name)),
                float(len(key.split())),
                float(len(key)),
                *(float(known.how == how) for how in HOWS),
                *(float(known.kind == each) for each in KINDS),
                *(float(known.sort == sort) for sort in SORTS),
                float(bool(known.sport)),
                float(known.role == "country"),
                float(known.role == "capital"),
                float(known.role not in (None, "country", "capital")),
                float(known.country is not None),
                float(len(known.words)),
            ]
        )
    return rows
