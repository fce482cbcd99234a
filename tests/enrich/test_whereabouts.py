"""Where a name was put on the map tells which of its namesakes is meant."""

from dataclasses import replace

import numpy as np
import pytest

from schemas.annotations import FeatureClass, Place
from schemas.message import Span
from services.enrich.coreference import Group
from services.enrich.entities import Mention
from services.enrich.knowledge import Known
from services.enrich.whereabouts import at, contradicts, is_listed_elsewhere, place_of

LAND = Known("Q230", "Georgia", "location", "GE", 6, 200, "country", "name")
STATE = Known("Q1428", "Georgia", "location", None, 6, 200, None, "name")
CAPITAL = Known("Q90", "Paris", "location", "FR", 6, 200, "capital", "name")
TOWN = Known("Q2256", "Birmingham", "location", "GB", 6, 33, None, "name")
NAMED = Group([Mention(0, 7, "location", "Georgia", 0.9)])


def place(country: str, feature: FeatureClass, *, confidence: float = 0.9, start: int = 0) -> Place:
    return Place(
        name="Georgia", spans=(Span(start=start, end=start + 7),), lat=33.0, lon=-83.0, country=country,
        feature=feature, confidence=confidence, reason="Atlanta",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("known", "country", "feature", "wrong"),
    [
        (LAND, "GE", "country", False),
        (LAND, "US", "division", True),
        (CAPITAL, "FR", "city", False),
        (CAPITAL, "US", "city", True),
        (CAPITAL, "FR", "country", True),
        (STATE, "FR", "city", False),
    ],
)
def test_only_of_countries_and_capitals_it_is_sure_that_they_lie_elsewhere(
    known: Known, country: str, feature: FeatureClass, *, wrong: bool
) -> None:
    assert contradicts(known, place(country, feature)) is wrong


def test_of_a_name_shared_by_a_country_and_a_state_the_map_decides() -> None:
    chances = np.array([0.5, 0.1])
    assert at(NAMED, place("US", "division"), (LAND, STATE), chances) == STATE
    assert at(NAMED, place("GE", "country"), (LAND, STATE), chances) == LAND


def test_a_town_of_which_no_list_tells_the_country_is_believed_only_where_it_is_likely() -> None:
    town = Known("Q5", "Georgia", "location", None, 6, 200, None, "name")
    assert at(NAMED, place("US", "city"), (town,), np.array([0.1])) is None
    assert at(NAMED, place("US", "city"), (town,), np.array([0.4])) == town


def test_one_that_a_list_puts_there_comes_before_one_that_no_list_puts_anywhere() -> None:
    told = Known("Q7", "Georgia", "location", "US", 6, 200, None, "name")
    assert at(NAMED, place("US", "division"), (STATE, told), np.array([0.4, 0.1])) == told
    assert at(NAMED, place("US", "division"), (STATE, replace(STATE, id="Q8")), np.array([0.4, 0.1])) is None


def test_a_place_that_is_unsure_or_of_another_mention_tells_nothing() -> None:
    assert place_of(NAMED, [place("US", "division", confidence=0.5)]) is None
    assert place_of(NAMED, [place("US", "division", start=20)]) is None
    assert place_of(NAMED, [place("US", "division")]) is not None


def test_a_town_may_be_listed_elsewhere_than_the_map_has_it() -> None:
    assert is_listed_elsewhere(TOWN, place("US", "city"))
    assert not is_listed_elsewhere(TOWN, place("GB", "city"))
    assert not is_listed_elsewhere(STATE, place("US", "division"))


def test_a_state_that_is_one_city_is_meant_and_no_namesake_in_it() -> None:
    state = Known("Q334", "Georgia", "location", "SG", 11, 77, "country", "name")
    city = Known("Q191698", "Georgia", "location", "SG", 1, 77, None, "name")
    assert not contradicts(state, place("SG", "city"))
    assert contradicts(state, place("SG", "division"))
    assert at(NAMED, place("SG", "city"), (city, state), np.array([0.1, 0.4])) == state
