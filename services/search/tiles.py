"""How many articles speak of places where on the map: what Elasticsearch is asked, and the tiles that are answered.

Tiles are those of web maps: Web Mercator (EPSG:3857), cut into 2^zoom by 2^zoom squares counted from the north-west.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from services.search.criteria import Criteria
from services.search.query import Clause, to_query
from services.search.results import Shown

MOST_TILES = 5_000
"""Tiles of one answer: more points than a screen can show apart, in a megabyte."""

FARTHEST_ZOOM = 12
"""A tile there is ten kilometres wide at the equator; a place's point is no finer than its town."""

ALWAYS_FITS = 6
"""4^6 tiles are all that there are at this zoom, and fewer than there may be."""


class Tile(Shown):
    """A square of the map, the articles with a place in it, and the middle of those places."""

    zoom: int
    x: int = Field(description="from the west, 0 first")
    y: int = Field(description="from the north, 0 first")
    articles: int
    north: float
    west: float
    south: float
    east: float
    lat: float = Field(description="the centroid of the places inside, each as often as articles name it")
    lon: float


class Tiles(Shown):
    """How many articles speak of places where."""

    zoom: int
    total: int = Field(description="articles that were found, exactly")
    located: int = Field(description="those with a place that is shown; the rest have none, or none inside `box`")
    tiles: tuple[Tile, ...] = Field(description="an article is counted once in each tile; most articles first")


def to_tiles(criteria: Criteria, zoom: int, now: datetime) -> dict[str, Any]:
    """The search that counts the articles by tile; one tile more than there may be."""
    # Asked of the places one by one: the centroid of whole articles would lie outside of the tile.
    inside: dict[str, Clause] = {
        "centroid": {"geo_centroid": {"field": "places.location"}},
        "articles": {"reverse_nested": {}},
    }
    return _of_places(criteria, now, {"tiles": _grid(zoom, inside), "located": {"reverse_nested": {}}})


def to_tile_numbers(criteria: Criteria, zoom: int, now: datetime) -> dict[str, Any]:
    """The search that says how many tiles there would be at the zooms below this one; `fitting_zoom` reads it."""
    nearer = {f"{each}": _grid(each, {}) for each in range(ALWAYS_FITS + 1, zoom)}
    return _of_places(criteria, now, nearer)


def fitting_zoom(found: Mapping[str, Any]) -> int:
    """The largest zoom below at which the tiles are no more than there may be."""
    grids = found["aggregations"]["places"]["shown"]
    fitting = [
        int(zoom) for zoom, grid in grids.items() if isinstance(grid, Mapping) and len(grid["buckets"]) <= MOST_TILES
    ]
    return max([ALWAYS_FITS, *fitting])


def tiles_shown(found: Mapping[str, Any], zoom: int) -> Tiles | None:
    """The answer to `to_tiles`, or none where there are more tiles than there may be."""
    shown = found["aggregations"]["places"]["shown"]
    buckets = shown["tiles"]["buckets"]
    if len(buckets) > MOST_TILES:
        return None
    tiles = [_tile(bucket) for bucket in buckets]
    return Tiles(
        zoom=zoom,
        total=found["hits"]["total"]["value"],
        located=shown["located"]["doc_count"],
        tiles=tuple(sorted(tiles, key=lambda tile: (-tile.articles, tile.y, tile.x))),
    )


def corners(zoom: int, x: int, y: int) -> tuple[float, float, float, float]:
    """North, west, south and east of a tile."""
    across = 2**zoom
    return _latitude(y / across), x / across * 360 - 180, _latitude((y + 1) / across), (x + 1) / across * 360 - 180


def _latitude(down: float) -> float:
    """The latitude at this share of the map's height from the north, by the inverse of Mercator's projection."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))


def _of_places(criteria: Criteria, now: datetime, aggregations: Mapping[str, Clause]) -> dict[str, Any]:
    shown = {"filter": {"bool": {"filter": list(_in_view(criteria))}}, "aggs": dict(aggregations)}
    return {
        "query": {"bool": {"filter": [to_query(criteria, now)]}},
        "size": 0,
        "track_total_hits": True,
        "aggs": {"places": {"nested": {"path": "places"}, "aggs": {"shown": shown}}},
    }


def _in_view(criteria: Criteria) -> Iterable[Clause]:
    """A box is what the reader looks at: other places of the same articles lie outside of it."""
    if box := criteria.box:
        edges = {"top": box.north, "left": box.west, "bottom": box.south, "right": box.east}
        yield {"geo_bounding_box": {"places.location": edges}}


def _grid(zoom: int, inside: Mapping[str, Clause]) -> Clause:
    grid: Clause = {"geotile_grid": {"field": "places.location", "precision": zoom, "size": MOST_TILES + 1}}
    return {**grid, "aggs": dict(inside)} if inside else grid


def _tile(bucket: Mapping[str, Any]) -> Tile:
    zoom, x, y = map(int, bucket["key"].split("/"))
    north, west, south, east = (round(edge, 6) for edge in corners(zoom, x, y))
    middle = bucket["centroid"]["location"]
    return Tile(
        zoom=zoom,
        x=x,
        y=y,
        articles=bucket["articles"]["doc_count"],
        north=north,
        west=west,
        south=south,
        east=east,
        lat=round(middle["lat"], 6) + 0.0,
        lon=round(middle["lon"], 6) + 0.0,
    )
