"""How many articles were published when: what Elasticsearch is asked, and the counts that a reader is answered."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal

from pydantic import Field

from services.search.criteria import Criteria
from services.search.query import to_query
from services.search.results import Shown

Interval = Literal["minute", "hour", "day", "week", "month"]

MOST_BUCKETS = 2_000
"""Buckets of one answer: a day of minutes, eleven weeks of hours, five years of days."""


class Counted(Shown):
    """The articles that were published in one minute, hour, day, week (from Monday) or month."""

    begins: datetime = Field(description="as the zone has it")
    articles: int


class Histogram(Shown):
    """How many articles were published when; a bucket without any is left out."""

    interval: Interval
    zone: str
    total: int = Field(description="articles that were found, exactly: what the buckets add up to")
    buckets: tuple[Counted, ...] = Field(description="oldest first")


def to_histogram(criteria: Criteria, interval: Interval, zone: str, now: datetime) -> dict[str, Any]:
    """The search that counts the articles by when they were published; one bucket more than there may be."""
    begins = {"field": "published", "calendar_interval": interval, "time_zone": zone}
    return {
        "query": {"bool": {"filter": [to_query(criteria, now)]}},
        "size": 0,
        "track_total_hits": True,
        "aggs": {
            # Composite, since a histogram makes every empty minute of ten years before it says how many those are.
            "buckets": {"composite": {"size": MOST_BUCKETS + 1, "sources": [{"begins": {"date_histogram": begins}}]}}
        },
    }


def histogram_shown(found: Mapping[str, Any], interval: Interval, written: str, zone: tzinfo) -> Histogram | None:
    """The answer to `to_histogram`, or none where there are more buckets than there may be."""
    buckets = found["aggregations"]["buckets"]["buckets"]
    if len(buckets) > MOST_BUCKETS:
        return None
    return Histogram(
        interval=interval,
        zone=written,
        total=found["hits"]["total"]["value"],
        buckets=tuple(
            Counted(
                begins=datetime.fromtimestamp(bucket["key"]["begins"] / 1000, UTC).astimezone(zone),
                articles=bucket["doc_count"],
            )
            for bucket in buckets
        ),
    )
