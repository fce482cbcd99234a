"""How one speaks of another over time: what Elasticsearch is asked, and what a reader is answered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal

from pydantic import Field

from schemas.annotations import Act
from schemas.message import Span
from services.search.criteria import Criteria
from services.search.query import Clause, stance_clauses
from services.search.results import Hit, Shown
from services.search.stance_sums import SUMS, Said, answered, articles_asked, asked_of_stances
from services.search.values import StanceAsk

Interval = Literal["hour", "day", "week", "month"]

MOST_BUCKETS = 750
"""Buckets of one series: a month of hours, two years of days. Each has its sums, countries and sentences."""

SENTENCES = 3
"""Sentences shown of each bucket: enough to see why, few enough to read."""

COUNTRIES = 10
"""Outlets' countries of each bucket, those with most articles first."""

LINKED = ["url", "title", "published", "outlet"]
"""Fields of the article that a sentence is shown with."""


class SaidIn(Said):
    """What the outlets of one country said."""

    country: str | None = Field(description="of the outlet, ISO 3166-1 alpha-2; null where it is not known")


class SentenceShown(Shown):
    """A sentence that shows a stance: `text` stands at `span` of the article's text."""

    article: str
    url: str
    title: str
    outlet: str = Field(description="its domain")
    published: datetime
    holder: str
    holder_name: str
    target: str
    target_name: str
    polarity: float
    confidence: float
    quoted: bool
    act: Act | None = None
    text: str
    span: Span


class Bucket(Said):
    """What was said in one hour, day, week (from Monday) or month."""

    begins: datetime
    by_outlet_country: tuple[SaidIn, ...] | None = Field(
        default=None, description=f"where it was asked for: the {COUNTRIES} countries with most articles"
    )
    strongest: tuple[SentenceShown, ...] = Field(description="polarity times confidence, strongest first")


class Series(Shown):
    """A curve of how one speaks of another; a bucket in which nothing was said is left out."""

    interval: Interval
    time_zone: str
    whole: Said
    by_outlet_country: tuple[SaidIn, ...] | None = None
    buckets: tuple[Bucket, ...] = Field(description="oldest first")


def series_body(
    criteria: Criteria, interval: Interval, time_zone: str, *, by_country: bool, duplicates: bool = True
) -> dict[str, Any]:
    """One search that sums the stances asked for, whole and by bucket; one bucket more than a series may have."""
    clauses = stance_clauses(criteria.stance or StanceAsk())
    sums = _sums(clauses, by_country=by_country)
    strongest = {"top_hits": {"size": SENTENCES, "sort": [{"stances.strength": "desc"}]}}
    begins = {"field": "published", "calendar_interval": interval, "time_zone": time_zone}
    return {
        "query": articles_asked(criteria, duplicates=duplicates),
        "size": 0,
        "track_total_hits": False,
        "aggs": {
            **sums,
            "buckets": {
                # Composite, since a histogram makes every empty hour of ten years before it says how many those are.
                "composite": {"size": MOST_BUCKETS + 1, "sources": [{"begins": {"date_histogram": begins}}]},
                "aggs": {**sums, "said": asked_of_stances(clauses, {**SUMS, "strongest": strongest})},
            },
        },
    }


def linked_body(found: Mapping[str, Any]) -> dict[str, Any] | None:
    """The search for the articles whose sentences the answer to `series_body` points at; none where there are none."""
    articles = sorted({hit["_id"] for bucket in found["buckets"]["buckets"] for hit in _strongest(bucket)})
    if not articles:
        return None
    return {
        "query": {"ids": {"values": articles}},
        "size": len(articles),
        "track_total_hits": False,
        "source": {"includes": LINKED},
    }


def series_shown(
    found: Mapping[str, Any], linked: Iterable[Hit], interval: Interval, time_zone: str, zone: tzinfo
) -> Series:
    """The series, of the answers to `series_body` and `linked_body`."""
    articles = {hit["_id"]: hit["_source"] for hit in linked}
    return Series(
        interval=interval,
        time_zone=time_zone,
        whole=Said.of(answered(found["said"])),
        by_outlet_country=_by_country(found),
        buckets=tuple(_bucket(bucket, articles, zone) for bucket in found["buckets"]["buckets"]),
    )


def is_too_long(found: Mapping[str, Any]) -> bool:
    """Whether there are more buckets than a series may have."""
    return len(found["buckets"]["buckets"]) > MOST_BUCKETS


def _sums(clauses: list[Clause], *, by_country: bool) -> dict[str, Clause]:
    said = asked_of_stances(clauses, SUMS)
    if not by_country:
        return {"said": said}
    order = [{"_count": "desc"}, {"_key": "asc"}]
    # Each shard tells of all countries that there are, so that their counts are exact.
    terms = {"field": "outlet.country", "missing": "", "size": COUNTRIES, "shard_size": 300, "order": order}
    return {"said": said, "countries": {"terms": terms, "aggs": {"said": said}}}


def _bucket(found: Mapping[str, Any], articles: Mapping[str, Mapping[str, Any]], zone: tzinfo) -> Bucket:
    begins = datetime.fromtimestamp(found["key"]["begins"] / 1000, UTC)
    return Bucket(
        begins=begins.astimezone(zone),
        **Said.of(answered(found["said"])).model_dump(),
        by_outlet_country=_by_country(found),
        strongest=tuple(_sentence(hit, articles[hit["_id"]]) for hit in _strongest(found)),
    )


def _by_country(found: Mapping[str, Any]) -> tuple[SaidIn, ...] | None:
    if "countries" not in found:
        return None
    return tuple(
        SaidIn(country=bucket["key"] or None, **Said.of(answered(bucket["said"])).model_dump())
        for bucket in found["countries"]["buckets"]
    )


def _strongest(bucket: Mapping[str, Any]) -> Sequence[Hit]:
    hits: Sequence[Hit] = answered(bucket["said"])["strongest"]["hits"]["hits"]
    return hits


def _sentence(hit: Hit, article: Mapping[str, Any]) -> SentenceShown:
    stance = hit["_source"]
    return SentenceShown(
        article=hit["_id"],
        url=article["url"],
        title=article.get("title", ""),
        outlet=article["outlet"]["domain"],
        published=article["published"],
        text=stance["sentence"],
        span=Span(start=stance["sentence_start"], end=stance["sentence_end"]),
        **{name: stance[name] for name in _STATED if name in stance},
    )


_STATED = ("holder", "holder_name", "target", "target_name", "polarity", "confidence", "quoted", "act")
