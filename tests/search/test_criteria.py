"""What may be asked, and what is refused with a reason."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.search.criteria import Criteria
from services.search.values import Box, StanceAsk, fold


@pytest.mark.parametrize("q", ["   ", "?! …", "\ufffd", "", "pact AND", "pacc:t", "a OR b c"])
def test_q_is_refused_rather_than_read_otherwise_than_meant(q: str) -> None:
    with pytest.raises(ValidationError):
        Criteria(q=q)


def test_a_place_is_kept_with_the_point_that_was_found_for_it() -> None:
    kept = Criteria(q='pact near:"Pyongyang"~200km')
    assert kept.q == 'pact near:"Pyongyang (39.03385,125.75432)"~200km'
    assert Criteria.model_validate(kept.model_dump(mode="json", exclude_defaults=True)) == kept


@pytest.mark.parametrize(
    "asked",
    [
        {"queery": "pact"},
        {"near": {"lat": 39, "lon": 125, "km": 0}},
        {"near": {"lat": 39, "lon": 125, "km": 10, "name": "Pyongyang"}},
        {"box": {"north": 1, "south": 2, "east": 3, "west": 4}},
        {"stance": {"polarity_min": 0.5, "polarity_max": 0.1}},
        {"country": ["North Korea"]},
        {"development": ["news"]},
        {"published_from": "yesterday"},
        {"published_from": 1795330396},
        {"published_to": "9999-12-31"},
        {"published_from": "9999-12-31T23:59:59-14:00"},
        {"published_to": "0001-01-01T00:00:00+14:00"},
        {"published_from": "2026-11-22", "published_to": "2026-11-21"},
        {"novelty_min": 1.5},
        {"entity": [f"Q{n}" for n in range(1, 60)]},
    ],
)
def test_what_cannot_be_meant_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Criteria.model_validate(asked)


def test_codes_and_ids_are_read_in_any_case_and_counted_once() -> None:
    asked = Criteria.model_validate(
        {"entity": ["q7747", "Q7747", "Kim Jong-un"], "country": "kp", "outlet": ["KCNA.kp"], "language": ["EN"]}
    )
    assert asked.entity == ("Q7747", "Kim Jong-un")
    assert asked.country == ("KP",)
    assert asked.outlet == ("kcna.kp",)
    assert asked.language == ("en",)
    assert StanceAsk(holder="Outlet").holder == "outlet"


def test_a_bare_date_is_the_whole_day_in_utc() -> None:
    asked = Criteria.model_validate({"published_from": "2026-11-21", "published_to": "2026-11-22"})
    assert asked.published_from == datetime(2026, 11, 21, tzinfo=UTC)
    assert asked.published_to == datetime(2026, 11, 23, tzinfo=UTC)


def test_a_moment_is_kept_in_utc_to_the_millisecond() -> None:
    asked = Criteria.model_validate({"published_from": "2026-11-21T10:00:00.123456+09:00"})
    assert asked.published_from == datetime(2026, 11, 21, 1, 0, 0, 123000, tzinfo=UTC)


def test_a_box_may_cross_the_date_line() -> None:
    assert Box(north=60, south=40, east=-170, west=170).west == 170


@pytest.mark.parametrize("spelling", ["Kim Jong-un", "kim jong un", "KIM  JONG–UN", "Kím Jong-un"])
def test_spellings_of_a_name_fold_to_one(spelling: str) -> None:
    assert fold(spelling) == "kim jong un"


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.text(max_size=80))
def test_whatever_q_is_accepted_reads_the_same_again(q: str) -> None:
    try:
        asked = Criteria(q=q)
    except ValidationError:
        return
    assert Criteria.model_validate_json(asked.model_dump_json()) == asked
