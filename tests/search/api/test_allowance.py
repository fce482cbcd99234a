"""A reader may ask so often and no oftener, whatever others do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.api import allowance as module
from services.search.api.allowance import Allowance


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_full_bucket_is_emptied_and_fills_again() -> None:
    clock = Clock()
    allowance = Allowance(60, clock)
    turns = [allowance.take("a") for _ in range(61)]
    assert [turn and turn.wait for turn in turns] == [0.0] * 60 + [1.0]
    clock.now += 1
    again = allowance.take("a")
    assert again is not None
    assert (again.wait, again.left) == (0.0, 0)


def test_one_reader_takes_nothing_from_another() -> None:
    allowance = Allowance(1, Clock())
    assert [turn and turn.wait for turn in map(allowance.take, ("a", "a", "b"))] == [0.0, 60.0, 0.0]


def test_none_is_counted_where_nothing_is_asked_for() -> None:
    assert Allowance(0, Clock()).take("a") is None


def test_what_is_left_is_said_as_the_draft_has_it() -> None:
    allowance = Allowance(2, Clock())
    first, _, refused = (allowance.take("a") for _ in range(3))
    assert first
    assert refused
    assert first.headers() == {"RateLimit-Policy": '"default";q=2;w=60', "RateLimit": '"default";r=1;t=30'}
    assert refused.headers()["RateLimit"] == '"default";r=0;t=60'
    assert refused.headers()["Retry-After"] == "30"


def test_no_more_readers_are_kept_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_READERS", 2)
    allowance = Allowance(1, Clock())
    for reader in "abc":
        allowance.take(reader)
    assert len(allowance._buckets) == 2


@given(st.lists(st.floats(min_value=0, max_value=90), max_size=60), st.integers(min_value=1, max_value=20))
def test_in_no_minute_is_more_taken_than_twice_the_limit(pauses: list[float], limit: int) -> None:
    # A bucket full at the minute's beginning, and what flows into it meanwhile.
    clock = Clock()
    allowance, taken = Allowance(limit, clock), []
    for pause in pauses:
        clock.now += pause
        turn = allowance.take("a")
        assert turn is not None
        assert 0 <= turn.left <= limit
        if not turn.wait:
            taken.append(clock.now)
    for moment in taken:
        assert sum(moment <= other < moment + 60 for other in taken) <= 2 * limit
