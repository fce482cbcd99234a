"""Articles over the map: the search that it takes, the corners of tiles, and the answer read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.search.criteria import Criteria
from services.search.tiles import (
    ALWAYS_FITS,
    FARTHEST_ZOOM,
    MOST_TILES,
    corners,
    fitting_zoom,
    tiles_shown,
    to_tile_numbers,
    to_tiles,
)

NOW = datetime(2026, 3, 3, tzinfo=UTC)


def test_the_corners_are_those_of_web_maps() -> None:
    assert corners(0, 0, 0) == pytest.approx((85.051129, -180, -85.051129, 180))
    assert corners(1, 1, 0) == pytest.approx((85.051129, 0, 0, 180))
    # The tile of Nairobi at zoom 12, from the formula that the OpenStreetMap wiki gives.
    north, west, south, east = corners(12, 2466, 2062)
    assert south < -1.28333 < north
    assert west < 36.81667 < east


def test_a_box_is_asked_of_each_place_and_not_only_of_the_article() -> None:
    criteria = Criteria.model_validate({"box": {"north": 1, "south": 0, "west": 0, "east": 1}})
    shown = to_tiles(criteria, 3, NOW)["aggs"]["places"]["aggs"]["shown"]
    assert len(shown["filter"]["bool"]["filter"]) == 1


def grids(sizes: dict[int, int]) -> dict[str, Any]:
    shown: dict[str, Any] = {str(zoom): {"buckets": [{}] * size} for zoom, size in sizes.items()}
    return {"aggregations": {"places": {"shown": {"doc_count": 9, **shown}}}}


def test_the_largest_zoom_that_fits_is_named() -> None:
    assert fitting_zoom(grids({7: 3_000, 8: MOST_TILES, 9: MOST_TILES + 1})) == 8
    assert fitting_zoom(grids({7: MOST_TILES + 1})) == ALWAYS_FITS
    assert 4**ALWAYS_FITS <= MOST_TILES
    asked = to_tile_numbers(Criteria(), FARTHEST_ZOOM, NOW)["aggs"]["places"]["aggs"]["shown"]["aggs"]
    assert list(asked) == ["7", "8", "9", "10", "11"]


def test_more_tiles_than_there_may_be_are_no_answer() -> None:
    found: dict[str, Any] = {"aggregations": {"places": {"shown": {"tiles": {"buckets": [{}] * (MOST_TILES + 1)}}}}}
    assert tiles_shown(found, 12) is None
