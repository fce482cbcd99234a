"""Articles over time: the search that it takes, and the answer read."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.search.criteria import Criteria
from services.search.histogram import MOST_BUCKETS, histogram_shown, to_histogram

NOON_MS = 1_772_452_800_000  # 2026-03-02 12:00 UTC


def found(buckets: int) -> dict[str, Any]:
    counted = [{"key": {"begins": NOON_MS + number * 60_000}, "doc_count": 2} for number in range(buckets)]
    return {"hits": {"total": {"value": 2 * buckets}}, "aggregations": {"buckets": {"buckets": counted}}}


def test_it_asks_for_one_bucket_more_than_there_may_be_and_for_every_article() -> None:
    body = to_histogram(Criteria(q="pact"), "minute", "Asia/Tokyo", datetime(2026, 3, 3, tzinfo=UTC))
    assert body["aggs"]["buckets"]["composite"]["size"] == MOST_BUCKETS + 1
    assert body["track_total_hits"] is True


def test_buckets_begin_as_their_zone_has_it() -> None:
    shown = histogram_shown(found(2), "minute", "Asia/Tokyo", ZoneInfo("Asia/Tokyo"))
    assert shown is not None
    assert shown.total == 4
    assert shown.buckets[1].begins.isoformat() == "2026-03-02T21:01:00+09:00"


def test_more_buckets_than_there_may_be_are_no_answer() -> None:
    assert histogram_shown(found(MOST_BUCKETS), "minute", "UTC", UTC) is not None
    assert histogram_shown(found(MOST_BUCKETS + 1), "minute", "UTC", UTC) is None
