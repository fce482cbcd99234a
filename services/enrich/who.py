"""Decide which of those who have a name is meant, or that it cannot be told: no id is better than a wrong one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from schemas.annotations import EntityKind
from services.enrich.knowledge import Knowledge, Known, folded

ONE_OF_MANY = frozenset({"member of parliament", "senator", "representative"})
"""Offices that hundreds hold: a family name alone does not tell which of them, even with the country."""

SURE = 0.5
"""Share of the likelihood, nobody known among the rivals, from which a name is linked."""


@dataclass(frozen=True)
class Meant:
    """Who is meant, and how sure that is."""

    known: Known
    confidence: float


def meant(name: str, kind: EntityKind, countries: Mapping[str, int], knowledge: Knowledge) -> Meant | None:
    """Who is meant by a name of that kind, in an article that speaks of these countries."""
    rivals = [known for known in knowledge.called(name) if _may_be_so_called(known, name, kind)]
    if not rivals and kind == "person":
        rivals = misspelt(name, countries, knowledge)
    if not rivals:
        return None
    likely = {known: math.exp(evidence(known, name, kind, countries)) for known in rivals}
    best = max(rivals, key=lambda known: (likely[known], -int(known.wikidata[1:])))
    # "Somebody whom we do not know" is a rival too, with evidence of 0.
    share = likely[best] / (1.0 + sum(likely.values()))
    return Meant(best, round(share, 3)) if share >= SURE else None


def _may_be_so_called(known: Known, name: str, kind: EntityKind) -> bool:
    if known.how == "surname":
        return kind == "person"
    # "Inc." is no one's initials.
    return known.how != "acronym" or name.replace(".", "").isupper()


def evidence(known: Known, name: str, kind: EntityKind, countries: Mapping[str, int]) -> float:
    """The logit that this one is meant, against somebody unknown."""
    # Weights set by hand on the linking sets for development; each says what it is for.
    told = -2.0
    told += 0.6 * min(known.sources, 6)
    told += 0.5 * math.log10(1 + known.reports)
    told -= 0.6 * max(0.0, math.log10(int(known.wikidata[1:])) - 4)
    told += _kinds_agree(known, kind)
    named = known.country is not None and countries.get(known.country, 0) > 0
    told += 1.0 if named else 0.0
    if known.how == "surname":
        told += _by_family_name(known, named=named)
    elif known.how == "acronym":
        told -= 1.5
    elif known.kind == "person" and " " in folded(name):
        # Full names are rarely shared by two who are in the news.
        told += 1.5
    return told


def _kinds_agree(known: Known, kind: EntityKind) -> float:
    if known.how == "demonym":
        return 3.0 if kind == "other" else -1.0
    if known.kind == kind:
        return 1.5
    if "other" in (known.kind, kind):
        return -0.5
    if (known.kind, kind) == ("organization", "location"):
        # An institution is called by its building: the Kremlin, the White House. The reverse is a town's team.
        return -1.0
    # A country's team or government is tagged as an organization, and "Pyongyang says" as a person: still the place.
    return -0.5 if known.role in ("country", "capital") else -3.0


def _by_family_name(known: Known, *, named: bool) -> float:
    if named and known.role is not None and known.role not in ONE_OF_MANY:
        return 0.5
    # Without the country, only those whom every reader knows: some hundred reports of 8,000.
    return -0.5 if known.reports >= 300 else -3.0


def misspelt(name: str, countries: Mapping[str, int], knowledge: Knowledge) -> list[Known]:
    """Office-holders of the countries spoken of whose full name is one letter off."""
    asked = folded(name)
    words = asked.split()
    if len(words) < 2 or len(asked) < 8:
        return []
    close = {
        known.wikidata: replace(known, how="alias")
        for family in (words[0], words[-1])
        for known in knowledge.called(family)
        if known.how == "surname"
        and known.role is not None
        and countries.get(known.country or "", 0) > 0
        and one_letter_off(asked, folded(known.name))
    }
    return list(close.values())


def one_letter_off(one: str, other: str) -> bool:
    """Do the two differ by one letter changed, added or left out?"""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return one[start + (len(one) == len(other)) :] == other[start + 1 :]
