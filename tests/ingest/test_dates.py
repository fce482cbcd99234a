"""The date is the one that was said most deliberately, in UTC, and never in the future."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.dates import Claim, moment_of, published

SEEN = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2026-03-04T10:00:00+02:00", datetime(2026, 3, 4, 8, tzinfo=UTC)),
        ("2026-03-04T10:00:00Z", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-03-04T10:00:00.5Z", datetime(2026, 3, 4, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-03-04 10:00:00 +0200", datetime(2026, 3, 4, 8, tzinfo=UTC)),
        ("2026-03-04", datetime(2026, 3, 4, tzinfo=UTC)),
        ("Wed, 04 Mar 2026 10:00:00 EST", datetime(2026, 3, 4, 15, tzinfo=UTC)),
        ("1772618400", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("1772618400000", datetime(2026, 3, 4, 10, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_in_the_ways_that_pages_write_it(words: str, moment: datetime) -> None:
    assert moment_of(words) == moment


@pytest.mark.parametrize(
    "words",
    ["", "yesterday", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-13-40", "9999-12-31T23:59:59-12:00"],
)
def test_what_is_no_date_of_an_article_is_none(words: str) -> None:
    assert moment_of(words) is None


@given(st.text(max_size=40))
def test_no_words_at_all_upset_the_reader(words: str) -> None:
    moment = moment_of(words)
    assert moment is None or moment.tzinfo is UTC


def test_the_first_claim_that_can_be_read_counts() -> None:
    when = published([Claim("soon", "json-ld"), Claim("2026-03-01T08:00:00Z", "feed")], SEEN)
    assert (when.moment, when.raw, when.how) == (datetime(2026, 3, 1, 8, tzinfo=UTC), "2026-03-01T08:00:00Z", "feed")


def test_a_mere_day_gives_way_to_a_time_on_that_day_but_not_on_another() -> None:
    day = Claim("2026-03-01", "meta")
    assert published([day, Claim("2026-03-01T08:00:00Z", "feed")], SEEN).how == "feed"
    assert published([day, Claim("2026-02-20T08:00:00Z", "feed")], SEEN).how == "meta"


def test_a_date_in_the_future_is_clamped_and_its_words_are_kept() -> None:
    when = published([Claim("2027-01-01T00:00:00Z", "meta")], SEEN)
    assert (when.moment, when.raw, when.clamped) == (SEEN, "2027-01-01T00:00:00Z", True)


def test_without_any_date_it_is_the_moment_it_was_seen() -> None:
    assert published([], SEEN).moment == SEEN
    assert published([], SEEN).how == "seen"


def test_a_feeds_own_reading_serves_where_the_words_do_not() -> None:
    reading = datetime(2026, 3, 1, tzinfo=UTC)
    when = published([Claim("1er mars 2026", "feed", reading)], SEEN)
    assert (when.moment, when.raw) == (reading, "1er mars 2026")
