"""Tell namesakes apart by where the name was put on the map: Georgia by Atlanta is a state, and no country."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.annotations import Place
from services.enrich.candidates import Named, Numbers
from services.enrich.knowledge import Known, folded

SURE = 0.7
"""The confidence from which a place on the map is believed."""

LEANING = 0.3
"""The chance from which a town is believed whose country no list tells."""


def place_of(one: Named, places: Sequence[Place]) -> Place | None:
    """The place on the map that the mentions of this name were surely put at; none where they were not."""
    starts = {mention.start for mention in one.mentions}
    return next(
        (
            place
            for place in places
            if place.confidence >= SURE
            and place.used_as == "name"
            and any(span.start in starts for span in place.spans)
        ),
        None,
    )


def contradicts(known: Known, place: Place) -> bool:
    """Is this a country or a capital, and lies elsewhere? Of other places the lists do not tell it well enough."""
    if known.role == "country":
        return not is_city_state(known, place) and (place.feature != "country" or known.country != place.country)
    if known.role == "capital":
        return known.country != place.country or place.feature in ("country", "division")
    return False


def is_city_state(known: Known, place: Place) -> bool:
    """Is this the country of the name of a city in it? Singapore is one thing, however it is mapped.

    A division of that name is no such thing: the state of Mexico is not all of Mexico.
    """
    return (
        known.role == "country"
        and place.feature == "city"
        and known.country == place.country
        and folded(known.name) == folded(place.name)
    )


def is_listed_elsewhere(known: Known, place: Place) -> bool:
    """Is this a place for which a list has another country?"""
    return known.kind == "location" and known.country is not None and known.country != place.country


def at(one: Named, place: Place, candidates: Sequence[Known], chances: Numbers) -> Known | None:
    """The one candidate by its own name that lies there, if there is but one; a state before its city of that name."""
    called = folded(one.name)
    if state := next((known for known in candidates if is_city_state(known, place)), None):
        return state
    lying = {
        known.id: known
        for known, chance in zip(candidates, chances, strict=True)
        if known.kind == "location" and not contradicts(known, place) and _lies(known, place, float(chance))
        if folded(known.name) == called or known.role == "country"
    }
    # One of whom a list says that it lies there comes before one of whom none says where.
    told = [known for known in lying.values() if known.country is not None] or list(lying.values())
    return told[0] if len(told) == 1 else None


def _lies(known: Known, place: Place, chance: float) -> bool:
    if (known.role == "country") != (place.feature == "country"):
        return False
    if known.country is not None:
        return known.country == place.country
    # No list tells the country of most states and towns of the United States: of one name there is one state.
    return place.feature == "division" or chance >= LEANING
