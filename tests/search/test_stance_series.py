"""A curve of stances: the search that it takes, and the answer read."""

from datetime import UTC, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.search.criteria import Criteria
from services.search.query import stance_clauses
from services.search.stance_series import (
    MOST_BUCKETS,
    SENTENCES,
    is_too_long,
    linked_body,
    series_body,
    series_shown,
)
from tests.search.answers import answer

CRITERIA = Criteria.model_validate(
    {"stance": {"holder": "country:KE", "target": "Q115"}, "outlet_country": ["GB"], "published_from": "2026-03-01"}
)
NOON_MS = 1_772_452_800_000  # 2026-03-02 12:00 UTC


def hit(article: str, polarity: float = 0.5) -> dict[str, Any]:
    """A stance as the index shows the strongest."""
    stance = {
        "holder": "Q114",
        "holder_name": "Kenya",
        "target": "Q115",
        "target_name": "Ethiopia",
        "polarity": polarity,
        "confidence": 0.9,
        "quoted": False,
        "sentence": "Kenya praised Ethiopia.",
        "sentence_start": 10,
        "sentence_end": 33,
    }
    return {"_id": article, "_nested": {"field": "stances", "offset": 0}, "_source": stance}


def bucket(number: int, polarities: list[float]) -> dict[str, Any]:
    said = {**answer(polarities), "strongest": {"hits": {"hits": [hit(f"a{number}")]}}}
    countries = {"buckets": [{"key": "", "said": {"asked": answer(polarities)}}]}
    return {"key": {"begins": NOON_MS + number * 3_600_000}, "said": {"asked": said}, "countries": countries}


def found(buckets: list[list[float]]) -> dict[str, Any]:
    every = [polarity for polarities in buckets for polarity in polarities]
    listed = [bucket(number, polarities) for number, polarities in enumerate(buckets)]
    return {"said": {"asked": answer(every)}, "buckets": {"buckets": listed}}


def article(name: str) -> dict[str, Any]:
    source = {
        "url": f"https://paper.example/{name}",
        "title": "A dam",
        "outlet": {"domain": "paper.example"},
        "published": "2026-03-02T12:30:00+00:00",
    }
    return {"_id": name, "_source": source}


def test_sums_are_of_the_stances_asked_for_and_not_of_the_others_in_their_articles() -> None:
    body = series_body(CRITERIA, "day", "UTC", by_country=False)
    assert CRITERIA.stance is not None
    clauses = stance_clauses(CRITERIA.stance)
    assert {"term": {"stances.holder_country": "KE"}} in clauses[0]["bool"]["should"]
    for sums in (body["aggs"], body["aggs"]["buckets"]["aggs"]):
        assert sums["said"]["nested"] == {"path": "stances"}
        assert sums["said"]["aggs"]["asked"]["filter"] == {"bool": {"filter": clauses}}
    assert body["size"] == 0


def test_the_index_cuts_the_time_and_ranks_the_sentences() -> None:
    buckets = series_body(CRITERIA, "week", "Asia/Tokyo", by_country=False)["aggs"]["buckets"]
    (source,) = buckets["composite"]["sources"]
    assert source["begins"]["date_histogram"] == {
        "field": "published",
        "calendar_interval": "week",
        "time_zone": "Asia/Tokyo",
    }
    assert buckets["composite"]["size"] == MOST_BUCKETS + 1
    strongest = buckets["aggs"]["said"]["aggs"]["asked"]["aggs"]["strongest"]["top_hits"]
    assert (strongest["size"], strongest["sort"]) == (SENTENCES, [{"stances.strength": "desc"}])


def test_countries_are_counted_only_where_they_are_asked_for() -> None:
    with_them, without = (series_body(CRITERIA, "day", "UTC", by_country=asked)["aggs"] for asked in (True, False))
    assert "countries" in with_them["buckets"]["aggs"]
    assert "countries" in with_them
    assert "countries" not in without["buckets"]["aggs"]


def test_near_duplicates_are_left_out_where_it_is_asked() -> None:
    once = series_body(CRITERIA, "day", "UTC", by_country=False, duplicates=False)["query"]["bool"]
    every = series_body(CRITERIA, "day", "UTC", by_country=False)["query"]
    assert once == {"filter": [every], "must_not": [{"exists": {"field": "duplicate_of"}}]}


def test_each_article_is_fetched_once_for_all_its_sentences() -> None:
    sums = found([[0.5], [0.6]])
    for one in sums["buckets"]["buckets"]:
        one["said"]["asked"]["strongest"]["hits"]["hits"] = [hit("b"), hit("a"), hit("b")]
    body = linked_body(sums)
    assert body is not None
    assert body["query"] == {"ids": {"values": ["a", "b"]}}
    assert body["size"] == 2
    assert linked_body(found([])) is None


def test_a_bucket_begins_in_the_readers_zone_and_has_its_sentence() -> None:
    zone = timezone(timedelta(hours=9))
    (only,) = series_shown(found([[0.5, 0.7]]), [article("a0")], "hour", "+09:00", zone).buckets
    assert only.begins.isoformat() == "2026-03-02T21:00:00+09:00"
    (sentence,) = only.strongest
    assert (sentence.article, sentence.url, sentence.title) == ("a0", "https://paper.example/a0", "A dam")
    assert (sentence.text, sentence.span.start, sentence.span.end) == ("Kenya praised Ethiopia.", 10, 33)
    assert only.by_outlet_country is not None
    assert [(one.country, one.count) for one in only.by_outlet_country] == [(None, 2)]


@given(st.lists(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=5), max_size=6))
def test_the_buckets_counts_add_up_to_the_whole(buckets: list[list[float]]) -> None:
    linked = [article(f"a{number}") for number in range(len(buckets))]
    series = series_shown(found(buckets), linked, "hour", "UTC", UTC)
    assert sum(one.count for one in series.buckets) == series.whole.count
    assert [one.begins for one in series.buckets] == sorted(one.begins for one in series.buckets)
    if buckets:
        assert series.whole.polarity is not None
        means = [one.polarity for one in series.buckets if one.polarity is not None]
        assert min(means) - 1e-6 <= series.whole.polarity <= max(means) + 1e-6


def test_a_series_is_too_long_by_one_bucket_more_than_it_may_have() -> None:
    assert not is_too_long({"buckets": {"buckets": [{}] * MOST_BUCKETS}})
    assert is_too_long({"buckets": {"buckets": [{}] * (MOST_BUCKETS + 1)}})
