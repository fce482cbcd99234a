"""A place is found by its name where somebody would look for it."""

import gzip

import pytest

from models.train.place_points import gazetteer
from services.search.points import TABLE, UnknownPlace, point_of


@pytest.mark.parametrize(
    ("name", "country", "lat", "lon"),
    [
        ("Pyongyang", "KP", 39.03, 125.75),
        ("PYONGYANG", "KP", 39.03, 125.75),
        ("Kyiv", "UA", 50.45, 30.52),  # the city, and not the larger division around it
        ("Kiev", "UA", 50.45, 30.52),
        ("St. Louis", "US", 38.63, -90.20),
        ("the Hague", "NL", 52.08, 4.30),
        ("Paris", "FR", 48.85, 2.35),
        ("Paris, Texas", "US", 33.66, -95.56),
        ("Georgia, GE", "GE", 42.0, 43.5),
        ("Tōkyō", "JP", 35.69, 139.69),
        ("北京", "CN", 39.91, 116.40),
    ],
)
def test_a_name_is_the_most_populous_place_that_is_called_so(name: str, country: str, lat: float, lon: float) -> None:
    found = point_of(name)
    assert (found.country, round(found.lat, 2), round(found.lon, 2)) == (country, lat, lon)


@pytest.mark.parametrize(("name", "like"), [("Pyongyong", "Pyongyang"), ("Nairbi", "Nairobi")])
def test_a_name_that_is_misspelt_is_unknown_and_another_is_suggested(name: str, like: str) -> None:
    with pytest.raises(UnknownPlace) as unknown:
        point_of(name)
    assert unknown.value.like[0] == like


@pytest.mark.parametrize("name", ["", "|", "\n", "\t", "qqqqqqqqqq", "́"])
def test_what_is_no_name_is_no_place(name: str) -> None:
    with pytest.raises(UnknownPlace):
        point_of(name)


def test_the_table_is_drawn_from_the_gazetteer_that_there_is() -> None:
    drawn_from, _, places = gzip.decompress(TABLE.read_bytes()).decode().partition("\n")
    assert drawn_from == gazetteer(), "run python -m models.train.place_points"
    assert places.count("\n") == 181_434
