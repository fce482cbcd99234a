"""Say whether what an article tells meets what is asked of it: a stance, a point near another, a value among others."""

import math
from collections.abc import Iterable, Mapping

from schemas.annotations import Entity, Stance
from services.search.document import countries_acted_for
from services.search.reading import LAT_STEP, LON_STEP, Reading, down
from services.search.sides import side_of
from services.search.values import Box, Near, StanceAsk, float32, fold

EARTH_RADIUS_M = 6_371_008.7714
"""The mean radius that the index measures with."""


def any_of(wanted: tuple[str, ...], there: Iterable[str]) -> bool:
    """One of the values is there, or none is asked for."""
    return not wanted or any(value in wanted for value in there)


def any_stance(asked: StanceAsk, reading: Reading) -> bool:
    """One stance of the article meets all that is asked of it."""
    return any(_is(asked, stance, reading.by_id) for stance in reading.enriched.annotated.stances)


def _is(asked: StanceAsk, stance: Stance, by_id: Mapping[str, Entity]) -> bool:
    holder_country, target_country = countries_acted_for(stance, by_id)
    return (
        _names(asked.holder, stance.holder, stance.holder_name, holder_country)
        and _names(asked.target, stance.target, stance.target_name, target_country)
        and any_of(asked.act, (stance.act,) if stance.act else ())
        and (asked.quoted is None or asked.quoted == stance.quoted)
        and float32(asked.polarity_min) <= float32(stance.polarity) <= float32(asked.polarity_max)
    )


def _names(asked: str | None, entity_id: str, name: str, country: str | None) -> bool:
    if asked is None:
        return True
    side = side_of(asked)
    if side.name is not None and (side.name == entity_id or fold(side.name) == fold(name) != ""):
        return True
    return side.country is not None and side.country == country


def is_near(near: Near, lat: float, lon: float) -> bool:
    """Within the great-circle distance, by the haversine."""
    north, east = math.radians(lat - near.lat), math.radians(lon - near.lon)
    half = (
        math.sin(north / 2) ** 2
        + math.cos(math.radians(lat)) * math.cos(math.radians(near.lat)) * math.sin(east / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half))) <= near.km * 1000


def is_inside(box: Box, lat: float, lon: float) -> bool:
    """Edges included, as far as the index can tell them: to a step of its coordinates."""
    if not down(box.south, LAT_STEP, 90.0) <= lat <= down(box.north, LAT_STEP, 90.0):
        return False
    west, east = down(box.west, LON_STEP, 180.0), down(box.east, LON_STEP, 180.0)
    return west <= lon <= east if box.west <= box.east else lon >= west or lon <= east
