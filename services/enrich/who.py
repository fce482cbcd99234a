"""Decide which of those who have a name is meant, or that it cannot be told: no id is better than a wrong one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary, proxy

import numpy as np

from schemas.annotations import Place
from schemas.article import Article
from services.enrich.actor_evidence import evidence, read
from services.enrich.actor_ranker import SPORTIVE, Ranker
from services.enrich.candidates import Named, Numbers, Senses
from services.enrich.knowledge import Knowledge, Known, Term, folded
from services.enrich.whereabouts import at, contradicts, is_listed_elsewhere, place_of

OWN = 0.99
"""How sure a name of the house's own list is: whoever wrote it there knows, and names can still be shared."""

LIKELY = 0.25
"""The chance from which a country is meant by its own name where no sports are: so were all 11 of which the ranker was
unsure in unseen articles; in short ones it often is."""

IN_OFFICE = 0.8
"""How sure a family name alone is that of the one who holds an office in a country that the article speaks of."""

FAR_BETTER_KNOWN = 10
"""So many times as many reports name the one of two office-holders by whom a family name alone is understood."""

LOCAL_OFFICE = "member of parliament"
"""Of these there are tens of thousands: no sign that one is meant."""

BY_WHOLE_NAME = 0.9
"""How sure the whole name of the only one so called is that office-holder, where the article speaks of the country."""

COMMON = 1.0
"""From so many people who would bear a name by chance, another of that name may well be meant."""

MISSPELT = 0.8
"""How sure it is that a full name one letter off is that of the country's office-holder."""

_SENSES: WeakKeyDictionary[Knowledge, Senses] = WeakKeyDictionary()


@dataclass(frozen=True)
class Meant:
    """Who is meant, and how sure that is."""

    known: Known
    confidence: float


def meant(
    named: Sequence[Named],
    text: str,
    article: Article,
    knowledge: Knowledge,
    ranker: Ranker | None = None,
    places: Sequence[Place] = (),
) -> list[Meant | None]:
    """Who is meant by each of the actors that an article names; None where that is not sure.

    All of them are judged together: who else is named tells who is meant. The mentions' offsets are into `text`.
    """
    ranker = ranker or _shipped()
    senses = _senses_of(knowledge).of(named)
    published = article.published.year if article.published_raw else None
    reading = read(text, article.title, published, named, senses)
    chances = ranker.chances(evidence(named, senses, reading, knowledge), named, senses)
    is_sports = reading.sportive > SPORTIVE
    found: list[Meant | None] = []
    start = 0
    for one, sense in zip(named, senses, strict=True):
        share = chances[start : start + len(sense.candidates)]
        start += len(share)
        judged = _surest(one, sense.candidates, share, ranker.sure(reading.sportive), sportive=is_sports)
        found.append(
            _own(one, sense.own)
            or there(one, judged, sense.candidates, share, () if is_sports else places)
            or by_the_maps_name(one, () if is_sports else places, knowledge)
            or by_whole_name(one, sense.candidates, reading.countries)
            or in_office(one, sense.candidates, reading.countries, published)
            or (None if sense.candidates else misspelt(one, reading.countries, knowledge))
        )
    # In sports a country's or a town's name is mostly its team's.
    return _parted_from_teams(named, found) if is_sports else _in_one_sense(named, found)


def _senses_of(knowledge: Knowledge) -> Senses:
    """Made once a knowledge, and gone with it: they hold it weakly, as a key that its value holds is never let go."""
    senses = _SENSES.get(knowledge)
    if senses is None:
        senses = _SENSES[knowledge] = Senses(proxy(knowledge))
    return senses


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


def there(
    one: Named, judged: Meant | None, candidates: Sequence[Known], chances: Numbers, places: Sequence[Place]
) -> Meant | None:
    """What was judged, unless the map says that it cannot be; then, or where nothing was, whoever lies there.

    A town that the lists put elsewhere gives way only to a namesake that they put there: they do not tell all.
    """
    place = place_of(one, places) if one.kind == "location" else None
    if place is None:
        return judged
    known = at(one, place, candidates, chances)
    lying = Meant(known, place.confidence) if known is not None else None
    if judged is None or contradicts(judged.known, place):
        # The region around Belgrade, which has its name and no other bearer, is no reason to doubt the capital.
        is_around = lying is None and judged is not None and judged.known.country == place.country
        return judged if is_around else lying
    is_told = lying is not None and lying.known.country == place.country
    return lying if is_told and is_listed_elsewhere(judged.known, place) else judged


def by_the_maps_name(one: Named, places: Sequence[Place], knowledge: Knowledge) -> Meant | None:
    """The one town or province of the name that the map gives it, in the same country: Arbil is Erbil.

    The gazetteer has towns under more spellings than the lists do.
    """
    place = place_of(one, places) if one.kind == "location" else None
    # "Florida State" is no other spelling of Florida.
    if place is None or place.feature not in ("city", "division") or _share_a_word(place.name, one.name):
        return None
    towns = {
        known.id: known
        for known in knowledge.called(place.name)
        if known.kind == "location" and known.how == "name" and known.role != "country"
    }
    told = [known for known in towns.values() if known.country == place.country] or [
        known for known in towns.values() if known.country is None
    ]
    return Meant(told[0], place.confidence) if len(told) == 1 else None


def _share_a_word(one: str, other: str) -> bool:
    return not set(folded(one).split()).isdisjoint(folded(other).split())


def in_office(one: Named, candidates: Sequence[Known], countries: Mapping[str, int], year: int | None) -> Meant | None:
    """The one who then held an office in a country spoken of, by the family name: "Kim", where North Korea is named.

    Of two of that name who did, only one whom far more reports name can be told. An article without a date is taken to
    be of today.
    """
    if one.kind != "person" or " " in folded(one.name):
        return None
    holders = {
        known.id: known
        for known in candidates
        if known.how == "surname"
        and countries.get(known.country or "", 0) > 0
        and any(_in_force(term, year) for term in known.terms)
    }
    ranked = sorted(holders.values(), key=lambda known: (-known.reports, known.id))
    if not ranked or any(known.reports * FAR_BETTER_KNOWN > ranked[0].reports for known in ranked[1:]):
        return None
    return Meant(ranked[0], IN_OFFICE)


def by_whole_name(one: Named, candidates: Sequence[Known], countries: Mapping[str, int]) -> Meant | None:
    """The only one of a whole, uncommon name, who holds or held an office in a country spoken of: "Emmanuel Macron".

    Who came to office since others' links were counted has none that lead to him, and the ranker learned from years
    when such a name was mostly somebody else's.
    """
    if one.kind != "person" or len(candidates) != 1 or " " not in folded(one.name):
        return None
    [known] = candidates
    is_meant = (
        known.kind == "person"
        and known.how in ("name", "alias", "short")
        and known.role not in (None, LOCAL_OFFICE)
        and known.namesakes < COMMON
        and countries.get(known.country or "", 0) > 0
    )
    return Meant(known, BY_WHOLE_NAME) if is_meant else None


def _in_force(term: Term, year: int | None) -> bool:
    return term.until is None if year is None else term.since <= year <= (term.until or year)


def _parted_from_teams(named: Sequence[Named], found: Sequence[Meant | None]) -> list[Meant | None]:
    """Where the tagger tells a town from its team of the same name, the town is not the team."""
    teams = {who.known.id for one, who in zip(named, found, strict=True) if who and one.kind == "organization"}
    return [
        None if who and one.kind == "location" and who.known.kind == "organization" and who.known.id in teams else who
        for one, who in zip(named, found, strict=True)
    ]


def _in_one_sense(named: Sequence[Named], found: Sequence[Meant | None]) -> list[Meant | None]:
    """Where a capital or country is surely meant, so it is where the tagger took the same name for an organization."""
    places = {
        folded(one.name): who
        for one, who in zip(named, found, strict=True)
        if who is not None and who.known.role in ("country", "capital")
    }
    return [
        who or (places.get(folded(one.name)) if one.kind == "organization" else None)
        for one, who in zip(named, found, strict=True)
    ]


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
