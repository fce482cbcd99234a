"""What a bound of time means."""

from datetime import UTC, datetime

import pytest

from services.search.moments import EARLIEST, LATEST, NotAMoment, meant

NOW = datetime(2026, 3, 31, 15, 30, 45, 123456, tzinfo=UTC)  # a Tuesday


@pytest.mark.parametrize(
    ("bound", "start", "end"),
    [
        ("2026-11-22", "2026-11-22T00:00:00", "2026-11-23T00:00:00"),
        ("2026-12", "2026-12-01T00:00:00", "2027-01-01T00:00:00"),
        ("2026", "2026-01-01T00:00:00", "2027-01-01T00:00:00"),
        ("2026-11-22T10:00:00+09:00", "2026-11-22T01:00:00", "2026-11-22T01:00:00.001"),
        ("2026-11-22T10:00", "2026-11-22T10:00:00", "2026-11-22T10:00:00.001"),
        ("now", "2026-03-31T15:30:45.123", "2026-03-31T15:30:45.124"),
        ("now-90m", "2026-03-31T14:00:45.123", "2026-03-31T14:00:45.124"),
        ("now/d", "2026-03-31T00:00:00", "2026-04-01T00:00:00"),
        ("now-1w/w", "2026-03-23T00:00:00", "2026-03-30T00:00:00"),
        ("now-1M", "2026-02-28T15:30:45.123", "2026-02-28T15:30:45.124"),  # no 31st of February
        ("now-1M/M", "2026-02-01T00:00:00", "2026-03-01T00:00:00"),
        ("now/y+1y-1d", "2026-12-31T00:00:00", "2026-12-31T00:00:00.001"),
        ("now/d+9h", "2026-03-31T09:00:00", "2026-03-31T09:00:00.001"),
    ],
)
def test_a_bound_means_from_one_moment_up_to_another(bound: str, start: str, end: str) -> None:
    assert meant(bound, NOW) == (
        datetime.fromisoformat(start).replace(tzinfo=UTC),
        datetime.fromisoformat(end).replace(tzinfo=UTC),
    )


def test_what_lies_outside_the_calendar_is_its_end() -> None:
    assert meant("now-99999y", NOW)[0] == EARLIEST
    assert meant("now+99999y", NOW)[0] == LATEST
    assert meant("9999-12-31", NOW)[1] == LATEST


@pytest.mark.parametrize(
    "bound",
    ["", "today", "now-7", "now-7q", "now+123456d", "2026-13", "2026-02-30", "2026-11-22T25:00", "0000", "20261122"],
)
def test_anything_else_is_no_moment(bound: str) -> None:
    with pytest.raises(NotAMoment):
        meant(bound, NOW)
