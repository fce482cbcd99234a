"""When a story's articles come much faster than they did."""

from __future__ import annotations

import pytest

from services.enrich.chronicle import HOUR, Chronicle
from services.enrich.surge import FEWEST_IN_SURGE, find_surge


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
