"""Count articles instead of listing them: over time, and over the map."""

from datetime import tzinfo
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from services.search.api.as_of import KnownThen, as_known
from services.search.api.asking import asked_now
from services.search.api.parameters import FilterQuery, criteria_of
from services.search.api.parts import PartsOf
from services.search.api.problems import Fault, invalid
from services.search.histogram import MOST_BUCKETS, Histogram, Interval, histogram_shown, to_histogram
from services.search.tiles import (
    FARTHEST_ZOOM,
    MOST_TILES,
    Tiles,
    fitting_zoom,
    tiles_shown,
    to_tile_numbers,
    to_tiles,
)
from services.search.zones import NotAZone, day_in, zone_of

router = APIRouter(prefix="/articles", tags=["articles"])


class HistogramQuery(FilterQuery, KnownThen):
    """What `GET /articles/histogram` takes."""

    interval: Interval = Field(default="day", description="Length of a bucket; a week begins on Monday.")
    zone: str = Field(
        default="UTC",
        description="In which the buckets begin, and `from` and `to` if they are days: a name, or hours from UTC.",
        examples=["Asia/Tokyo", "+05:30"],
    )


class TilesQuery(FilterQuery, KnownThen):
    """What `GET /articles/tiles` takes."""

    zoom: int = Field(
        default=4,
        ge=0,
        le=FARTHEST_ZOOM,
        description="Tiles of web maps: 0 is one for the whole Earth, each next halves.",
    )


@router.get("/histogram", summary="Count articles over time")
async def read_histogram(query: Annotated[HistogramQuery, Query()], parts: PartsOf) -> Histogram:
    """How many of the articles that `GET /articles` finds were published in each minute, hour, day, week or month. The
    counts add up to the exact total; a bucket without articles is left out.
    """
    zone = _zone(query.zone)
    days = {"from_": day_in(query.from_, zone), "to": day_in(query.to, zone, end=True)}
    asked = as_known(criteria_of(query.model_copy(update=days)), query.as_of)
    criteria, now = await asked_now(asked, parts.archive)
    found = await parts.archive.find(to_histogram(criteria, query.interval, query.zone, now))
    shown = histogram_shown(found, query.interval, query.zone, zone)
    if shown is None:
        detail = (
            f"interval: articles were found in more than {MOST_BUCKETS:,} {query.interval}s; take a longer interval,"
            " or from and to closer together"
        )
        raise invalid(Fault(parameter="interval", detail=detail))
    return shown


@router.get("/tiles", summary="Count articles over the map")
async def read_tiles(query: Annotated[TilesQuery, Query()], parts: PartsOf) -> Tiles:
    """How many of the articles that `GET /articles` finds have a place in each tile of the map (Web Mercator, as web
    maps count them), with the tile's corners and the centroid of the places inside. With `box`, only places inside it
    are shown. At most 5,000 tiles: more are refused, and the zoom that fits is named.
    """
    criteria, now = await asked_now(as_known(criteria_of(query), query.as_of), parts.archive)
    shown = tiles_shown(await parts.archive.find(to_tiles(criteria, query.zoom, now)), query.zoom)
    if shown is None:
        fitting = fitting_zoom(await parts.archive.find(to_tile_numbers(criteria, query.zoom, now)))
        detail = f"zoom: these are more than {MOST_TILES:,} tiles; zoom {fitting} fits, or a smaller box"
        raise invalid(Fault(parameter="zoom", detail=detail, suggestion=str(fitting)))
    return shown


def _zone(written: str) -> tzinfo:
    try:
        return zone_of(written)
    except NotAZone as error:
        raise invalid(Fault(parameter="zone", detail=f"zone: {error}")) from error
