"""When a story's articles come much faster than they did."""

from __future__ import annotations

import numpy as np
import pytest

from services.enrich.chronicle import HOUR, Chronicle
from services.enrich.surge import FEWEST_IN_SURGE, find_surge, rise


def story(hours: dict[int, int], outlets: int = 4) -> Chronicle:
    told = Chronicle(
        articles=sum(hours.values()),
        hours={str(hour): counted for hour, counted in hours.items()},
        outlets={f"o{number}.example": ["KE", 1] for number in range(outlets)},
    )
    told.published = (min(hours) * HOUR, max(hours) * HOUR)
    return told


QUIET = {0: 1, 8: 1, 16: 1, 24: 1}


@pytest.mark.parametrize(
    ("before", "outlets", "surges"),
    [
        (QUIET | {30: FEWEST_IN_SURGE - 1}, 4, True),
        (QUIET | {30: FEWEST_IN_SURGE - 2}, 4, False),
        (QUIET | {30: FEWEST_IN_SURGE - 1}, 1, False),
        (dict.fromkeys(range(30), 3) | {30: 5}, 4, False),
    ],
)
def test_a_surge_is_many_articles_of_several_outlets_against_the_storys_own_past(
    before: dict[int, int], outlets: int, *, surges: bool
) -> None:
    assert (find_surge(30 * HOUR + 60, story(before, outlets)) is not None) is surges


def test_a_young_story_and_a_late_article_do_not_surge() -> None:
    assert find_surge(3 * HOUR, story({2: 12})) is None
    assert find_surge(20 * HOUR, story(QUIET | {30: 12})) is None


def test_who_notices_a_surge_within_six_hours_notices_the_same() -> None:
    one, other = (find_surge(hour * HOUR, story(QUIET | {hour: 8})) for hour in (30, 35))
    assert one is not None
    assert other is not None
    assert one.began == other.began
    assert one.reason == "9 articles in two hours, against 0.3 in two hours before."


def stream(earlier: int, recent: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([*(hour * HOUR for hour in range(29) for _ in range(earlier)), *[30.0 * HOUR] * recent])


@pytest.mark.parametrize(("recent", "surges"), [(20, True), (60, True), (2000, False)])
def test_an_article_counts_for_less_where_all_outlets_publish_more(recent: int, *, surges: bool) -> None:
    grown = story(QUIET | {30: 7})
    assert (find_surge(30 * HOUR, grown, lambda: stream(10, recent)) is not None) is surges


def test_all_articles_rise_by_their_own_past() -> None:
    assert rise(30, stream(10, 20)) == 1
    assert rise(30, stream(10, 60)) == 3
    assert rise(30, stream(10, 2)) == 1
    assert rise(30, np.empty(0)) == 1
    assert rise(30, np.array([29.0 * HOUR] * 50)) == 1
