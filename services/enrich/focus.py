"""Find the one country, and the one place in it, that an article is about."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence

from schemas.annotations import Focus, Place, Written
from schemas.message import Span
from services.enrich.boundaries import Bounds
from services.enrich.dateline import spans_of_story, stands_apart
from services.enrich.gazetteer import Gazetteer

_HEAD = 250  # characters: title and lede, where news says where it is
_ALLUSION = 0.5  # an adjective, or a firm called after it, tells of a country half as much as its name does
_DATELINE = 0.5  # where it was written; what it tells of may be elsewhere
_METONYM = 0.8  # who acts in a country's name may act elsewhere
_INSTITUTION = 0.5  # who acts in a state's name tells of it as an adjective does
_MATTER = 0.3  # "the Russia inquiry" may be held anywhere; it is seldom held in Russia
_ALLUSIONS_ALONE = 2
_FINE_ENOUGH = 0.5  # a state that carries, with its towns, this share of its country's weight is what it is about
_LEAST_SHARE = 0.25  # below it the article is about several countries, or none

_INSTITUTIONS = {
    "US": "GOP|White House|Oval Office|Capitol Hill|Pentagon|FBI|CIA|NSA|IRS|EPA|FDA|CDC|Medicare|Medicaid|Obamacare|"
    "House Judiciary Committee|Senate Judiciary Committee|House Intelligence Committee|Senate Intelligence Committee",
    "GB": "Downing Street|Whitehall|NHS|Scotland Yard|MI5|MI6",
    "RU": "Kremlin|Duma|State Duma|FSB",
    "DE": "Bundestag|Bundesbank|CDU|AfD",
    "FR": "Élysée|Elysée|Elysee|Quai d'Orsay",
    "IL": "Knesset|Likud|IDF|Mossad|Shin Bet",
    "IN": "Lok Sabha|Rajya Sabha|BJP",
}
"""What acts for a state, or in its politics, is named in news without it, and is no other state's too."""
_STATE_OF = {name: land for land, names in _INSTITUTIONS.items() for name in names.split("|")}
_IS_A_MATTER = re.compile(
    r" (?:investigation|probe|inquiry|hearings?|scandal|affair|meddling|collusion|hoax|dossier|deal|pact|agreement|"
    r"accord|policy|strategy|sanctions|tariffs|resolution|bill|vote|debate|question|issue|matter|allegations?|story|"
    r"controversy|ties|connections?|contacts|call|hawks?|experts?|envoy|desk)\b"
)


def find_focus(
    text: str,
    mentions: Sequence[Bounds],
    places: Sequence[Place],
    allusions: Sequence[Place],
    gazetteer: Gazetteer,
    frame: Written | None,
) -> Focus | None:
    """Weigh each country by its mentions, early ones more; none where nothing stands out.

    A state's institutions speak for it where it is named too: what Congress debates of Ukraine happens at home.
    A single adjective is no place of an event; where an article has nothing but several of one country, it is that
    country, at half the confidence, and never a place in it.
    """
    weights = [_weight(text, place, frame) for place in places]
    alluded = [_ALLUSION * _weight(text, allusion, frame) for allusion in allusions]
    lands: dict[str, float] = defaultdict(float)
    for place, weight in zip([*places, *allusions], [*weights, *alluded], strict=True):
        lands[place.country or f"?{place.name}"] += weight
    for mention in mentions:
        land = _STATE_OF.get(text[mention.start : mention.end])
        if land in lands and not stands_apart(mention.start, mention.end, frame):
            lands[land] += _INSTITUTION * _early(mention.start)
    if not lands:
        return None
    land, most = max(lands.items(), key=lambda item: (item[1], item[0]))
    share = most / sum(lands.values())
    if share < _LEAST_SHARE:
        return None
    confidence = round(share * (1 - math.exp(-most)), 3)
    if not any((place.country or f"?{place.name}") == land for place in places):
        alone = [allusion for allusion in allusions if allusion.country == land]
        if sum(len(each.spans) if each.used_as == "demonym" else _ALLUSIONS_ALONE for each in alone) < _ALLUSIONS_ALONE:
            return None
        confidence = round(confidence / 2, 3)
    # The town of writing is the event's place only where the story names it again.
    told = [(w, p) for p, w in zip(places, weights, strict=True) if spans_of_story(p.spans, frame)]
    inside = [(w, p) for w, p in told if (p.country or f"?{p.name}") == land]
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


def _weight(text: str, place: Place, frame: Written | None) -> float:
    """Each mention counts by how early it stands; the dateline's hardly."""
    return place.confidence * sum(_weight_at(text, span, place, frame) for span in place.spans)


def _weight_at(text: str, span: Span, place: Place, frame: Written | None) -> float:
    if stands_apart(span.start, span.end, frame):
        return _DATELINE
    if place.feature == "country" and _IS_A_MATTER.match(text, span.end):
        return _MATTER * _early(span.start)
    return _early(span.start) * (_METONYM if span in place.metonyms else 1.0)


def _early(start: int) -> float:
    """Twice in the head, then less and less."""
    return 2.0 if start < _HEAD else 0.3 + math.exp(-(start - _HEAD) / 1500.0)
