"""Put streets, buildings and villages that no gazetteer has where the text says they are: at the town around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.annotations import Place
from schemas.message import Span
from services.enrich.boundaries import Bounds
from services.enrich.gazetteer import Candidate

SPOT = re.compile(
    r"""^(?:
        Interstate|Highway|Route|State\ Route|County\ Road|Autoroute|Lake|Mount|Camp|Fort|Port|Cape|RAF|Hotel|Calle|
        Rue|Plaza|Barangay
    )\ .+|^(?:I-|US-|M|A|B|E|N)\d{1,4}$|\b(?:
        Street|St\.?|Avenue|Ave\.?|Road|Rd\.?|Boulevard|Blvd\.?|Drive|Lane|Parade|Terrace|Crescent|Highway|Parkway|
        Freeway|Turnpike|Expressway|Bridge|Tunnel|Square|Plaza|Park|Gardens?|Airport|Airfield|Airbase|Air\ Base|
        Station|Stadium|Arena|Ballpark|Racecourse|Speedway|Hospital|Hotel|Motel|Inn|Cathedral|Church|Mosque|Temple|
        Synagogue|Chapel|Abbey|Castle|Palace|Mall|Market|Court|Courthouse|Hall|Theat(?:re|er)|Museum|Library|Prison|
        Jail|Beach|Bay|Harbou?r|Lake|Creek|River|Canal|Falls|Reservoir|Dam|Pier|Cent(?:re|er)|Campus|Cemetery|Zoo|
        Farm|Quarter|Heights|Islands?|Hills?|Mountains?|Valley|Forest|Woods|School|Ward|Village|Estate|Barracks|
        Cave|Mine
    )$""",
    re.VERBOSE,
)
"""Names of streets, roads, buildings and waters, by the word that says so."""
_IN_TOWN = re.compile(
    r"^(?:,? (?:in|at|near|outside|of|on [A-Z][\w ]{2,24} in)(?: the)?(?: downtown| nearby| central| northern| southern"
    r"| eastern| western| city of| town of| village of)?|,| \(|,? in the \w+ of) $|^ \($"
)
_OF_TOWN = re.compile(r"^['’]s (?:\w+ )?$|^ $")
_REACH = 400  # characters back to the last town named; further off a street is hardly in it
# Of the spots that LGL and GWN mark, the share whose town's point was right: said to hold it; named last before it.
_SAID, _BESIDE = 0.85, 0.67


@dataclass(frozen=True)
class Anchor:
    """A mention that was put on the map: where it stands, how surely, and whether a spot can lie in it."""

    start: int
    end: int
    confidence: float
    holds: bool
    is_town: bool
    number: int


@dataclass(frozen=True)
class Spot:
    """Words for a spot, which anchor it lies in, and whether the text says so or it only stands beside."""

    start: int
    end: int
    number: int
    confidence: float
    is_said: bool


def find_spots(text: str, mentions: Sequence[Bounds], anchors: Sequence[Anchor]) -> list[Spot]:
    """For each name that the gazetteer has not, and that is a spot or said to lie in a town, the town's number."""
    whole = {(anchor.start, anchor.end) for anchor in anchors}
    told = {at for anchor in anchors for at in range(anchor.start, anchor.end)}
    spots = []
    for mention in mentions:
        if mention.kind != "location" or (mention.start, mention.end) in whole:
            continue
        inner = [a for a in anchors if mention.start <= a.start and a.end <= mention.end]
        if not inner and (mention.start in told or mention.end - 1 in told):
            continue
        found = _spot(text, mention, inner, anchors)
        if found is not None:
            spots.append(found)
    return spots


def spot_place(text: str, spot: Spot, town: Candidate) -> Place:
    """A spot as a place: under its own name, at the point of its town."""
    name = text[spot.start : spot.end]
    because = "the text says so" if spot.is_said else "it was named last before"
    return Place(
        name=name,
        spans=(Span(start=spot.start, end=spot.end),),
        lat=town.lat,
        lon=town.lon,
        country=town.country,
        admin1=town.admin1,
        feature="spot",
        confidence=round(spot.confidence, 3),
        reason=f"{name}: a spot in {town.name}, whose point stands for it, because {because}",
        approximate=True,
    )


def _spot(text: str, mention: Bounds, inner: Sequence[Anchor], anchors: Sequence[Anchor]) -> Spot | None:
    start, end = mention.start, mention.end
    name = text[start:end]
    is_spot = bool(SPOT.search(name)) and (" " in name or any(sign.isdigit() for sign in name))
    # "R-Texas" and "Miami area" are the places inside them, and no spots there
    if (inner and not is_spot) or (" " not in name and len(name) < 4):
        return None
    said = _holder(text, start, end, anchors) or next((a for a in inner if a.holds), None)
    if said is not None:
        return Spot(start, end, said.number, _SAID * said.confidence, True)
    if not is_spot or inner:
        return None
    before = [a for a in anchors if a.is_town and start - _REACH <= a.start < start]
    return Spot(start, end, before[-1].number, _BESIDE * before[-1].confidence, False) if before else None


def _holder(text: str, start: int, end: int, anchors: Sequence[Anchor]) -> Anchor | None:
    """The town in "Collins Avenue in Miami Beach", "Knockhill, Fife" and "Seoul's Jamsil Stadium"."""
    for anchor in anchors:
        if 0 < anchor.start - end < 48 and _IN_TOWN.match(text[end : anchor.start]):
            return anchor
        if 0 < start - anchor.end < 24 and anchor.holds and _OF_TOWN.match(text[anchor.end : start]):
            return anchor
    return None
