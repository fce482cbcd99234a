"""Decide which of those who have a name is meant, or that it cannot be told: no id is better than a wrong one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

import numpy as np

from schemas.article import Article
from services.enrich.actor_evidence import evidence, read
from services.enrich.actor_ranker import SPORTIVE, Ranker
from services.enrich.candidates import Named, Numbers, Senses
from services.enrich.knowledge import Knowledge, Known, folded

OWN = 0.99
"""How sure a name of the house's own list is: whoever wrote it there knows, and names can still be shared."""

LIKELY = 0.25
"""The chance from which a country is meant by its own name where no sports are: so were all 11 of which the ranker was
unsure in unseen articles; in short ones it often is."""

MISSPELT = 0.8
"""How sure it is that a full name one letter off is that of the country's office-holder."""

_SENSES: WeakKeyDictionary[Knowledge, Senses] = WeakKeyDictionary()


@dataclass(frozen=True)
class Meant:
    """Who is meant, and how sure that is."""

    known: Known
    confidence: float


def meant(
    named: Sequence[Named], text: str, article: Article, knowledge: Knowledge, ranker: Ranker | None = None
) -> list[Meant | None]:
    """Who is meant by each of the actors that an article names; None where that is not sure.

    All of them are judged together: who else is named tells who is meant. The mentions' offsets are into `text`.
    """
    ranker = ranker or _shipped()
    senses = _SENSES.setdefault(knowledge, Senses(knowledge)).of(named)
    published = article.published.year if article.published_raw else None
    reading = read(text, article.title, published, named, senses)
    chances = ranker.chances(evidence(named, senses, reading, knowledge), named, senses)
    found: list[Meant | None] = []
    start = 0
    for one, sense in zip(named, senses, strict=True):
        share = chances[start : start + len(sense.candidates)]
        start += len(share)
        found.append(
            _own(one, sense.own)
            or _surest(
                one, sense.candidates, share, ranker.sure(reading.sportive), sportive=reading.sportive > SPORTIVE
            )
            or (None if sense.candidates else misspelt(one, reading.countries, knowledge))
        )
    return found


@cache
def _shipped() -> Ranker:
    return Ranker.load()


def _surest(one: Named, candidates: Sequence[Known], chances: Numbers, sure: float, *, sportive: bool) -> Meant | None:
    if not candidates:
        return None
    best = int(np.argmax(chances))
    known, chance = candidates[best], round(float(chances[best]), 3)
    is_land = known.role == "country" and known.how == "name" and one.kind == "location" and not sportive
    if is_land and chance >= LIKELY:
        return Meant(known, max(chance, sure))
    return Meant(known, chance) if chance >= sure else None


def _own(one: Named, own: Sequence[Known]) -> Meant | None:
    """The house's own actor of that name, if it is one, and a person only where a person may be named."""
    fitting = [known for known in own if (known.kind == "person") == (one.kind == "person")]
    return Meant(fitting[0], OWN) if len(fitting) == 1 else None


def misspelt(one: Named, countries: Mapping[str, int], knowledge: Knowledge) -> Meant | None:
    """The one office-holder of the countries spoken of whose full name is one letter off."""
    asked = folded(one.name)
    words = asked.split()
    if one.kind != "person" or len(words) < 2 or len(asked) < 8:
        return None
    close = {
        known.id: known
        for family in (words[0], words[-1])
        for known in knowledge.called(family)
        if known.how == "surname"
        and known.role is not None
        and countries.get(known.country or "", 0) > 0
        and one_letter_off(asked, folded(known.name))
    }
    return Meant(next(iter(close.values())), MISSPELT) if len(close) == 1 else None


def one_letter_off(one: str, other: str) -> bool:
    """Do the two differ by one letter changed, added or left out?"""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return one[start + (len(one) == len(other)) :] == other[start + 1 :]
