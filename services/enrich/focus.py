"""Find the one country, and the one place in it, that an article is about."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from schemas.annotations import Focus, Place
from services.enrich.gazetteer import Gazetteer

_HEAD = 250  # characters: title and lede, where news says where it is
_ADJECTIVE = 0.5  # an adjective tells of a country half as much as its name does
_FINE_ENOUGH = 0.5  # a state that carries, with its towns, this share of its country's weight is what it is about
_LEAST_SHARE = 0.34  # below it the article is about several countries, or none


def find_focus(text: str, places: Sequence[Place], demonyms: Sequence[Place], gazetteer: Gazetteer) -> Focus | None:
    """Weigh each country by its mentions, early ones more; none where nothing stands out."""
    weights = [_weight(place) for place in places]
    lands: dict[str, float] = defaultdict(float)
    for place, weight in [*zip(places, weights, strict=True), *((d, _ADJECTIVE * _weight(d)) for d in demonyms)]:
        lands[place.country or f"?{place.name}"] += weight
    if not lands:
        return None
    land, most = max(lands.items(), key=lambda item: (item[1], item[0]))
    share = most / sum(lands.values())
    if share < _LEAST_SHARE:
        return None
    confidence = round(share * (1 - math.exp(-most)), 3)
    inside = [(w, p) for p, w in zip(places, weights, strict=True) if (p.country or f"?{p.name}") == land]
    finest = _finest(inside, most if not land.startswith("?") else 0.0)
    if finest is not None:
        return Focus(
            country=finest.country,
            name=finest.name,
            lat=finest.lat,
            lon=finest.lon,
            geonames=finest.geonames,
            confidence=confidence,
        )
    whole = gazetteer.country(land)
    if whole is None:
        return None
    return Focus(
        country=land, name=whole.name, lat=whole.lat, lon=whole.lon, geonames=whole.geonames, confidence=confidence
    )


def _finest(inside: Sequence[tuple[float, Place]], most: float) -> Place | None:
    """The weightiest town, state or spot, if it, with what else lies in its division, carries enough of the country."""
    within: dict[str | None, float] = defaultdict(float)
    for weight, place in inside:
        if place.feature != "country":
            within[place.admin1 or place.name] += weight
    ranked = [
        (weight, place)
        for weight, place in inside
        if place.feature != "country" and within[place.admin1 or place.name] >= _FINE_ENOUGH * most
    ]
    return max(ranked, key=lambda each: each[0])[1] if ranked else None


def _weight(place: Place) -> float:
    """Each mention counts by how early it stands: twice in the head, then less and less."""
    return place.confidence * sum(
        2.0 if span.start < _HEAD else 0.3 + math.exp(-(span.start - _HEAD) / 1500.0) for span in place.spans
    )
