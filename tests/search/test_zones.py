"""Time zones as readers write them, and days in them."""

from datetime import UTC, datetime, timedelta

import pytest

from services.search.zones import NotAZone, day_in, zone_of


@pytest.mark.parametrize(
    ("written", "hours"), [("UTC", 0), ("Asia/Tokyo", 9), ("+05:45", 5.75), ("-03:30", -3.5), ("+00:00", 0)]
)
def test_a_zone_is_a_name_or_hours_from_utc(written: str, hours: float) -> None:
    assert datetime(2026, 3, 2, tzinfo=zone_of(written)).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    "written", ["", "Tokyo", "asia/tokyo", "+9", "+19:00", "09:00", "EST", "../UTC", "Asia/Tokyo\n"]
)
def test_what_is_no_zone_is_refused(written: str) -> None:
    with pytest.raises(NotAZone, match="is expected"):
        zone_of(written)


def test_a_day_is_the_zones_own_even_where_it_has_23_hours() -> None:
    berlin = zone_of("Europe/Berlin")
    begins, ends = day_in("2026-03-29", berlin), day_in("2026-03-29", berlin, end=True)
    assert isinstance(begins, datetime)
    assert isinstance(ends, datetime)
    assert begins.astimezone(UTC) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(hours=23)


@pytest.mark.parametrize("value", [None, "2026-03-02T10:00:00Z", "soon", "2026-02-30", "9999-12-31"])
def test_what_is_no_day_is_left_to_whoever_reads_dates(value: str | None) -> None:
    assert day_in(value, UTC, end=True) == value
