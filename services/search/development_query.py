"""A question for developments: which articles Elasticsearch is asked for, and which of theirs are meant."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from services.search.criteria import Criteria
from services.search.query import Clause, to_query
from services.search.values import Asked, Kinds

NEWEST_FIRST: list[Clause] = [{"published": "desc"}, {"id": "asc"}]

SOURCE = ["id", "url", "title", "text", "outlet", "published", "story", "story_title", "developments"]
"""What of an article a feed of its developments shows; the text, for the words that carry them."""


TOLD_BY = ("title", "developments.id", "developments.outlets")
"""What of a story says who tells its developments."""


MOST_SUPPORTED = 20_000
"""Developments that are asked for by their ids; where more have the support, each article's are looked up instead."""


class DevelopmentCriteria(Asked):
    """What is asked of a development itself: one of these kinds, so much weight, told by so many outlets."""

    kind: Kinds = ()
    min_score: float | None = Field(default=None, ge=0, le=1)
    min_support: int | None = Field(default=None, ge=1, le=1_000_000)


def to_developments(
    criteria: Criteria, asked: DevelopmentCriteria, ids: Sequence[str] | None = None, now: datetime | None = None
) -> Clause:
    """The query that finds every article that meets the question and brings such a development: of these ids, if given,
    and else whoever tells it.
    """
    inner: list[Clause] = [{"exists": {"field": "developments.kind"}}]
    if asked.kind:
        inner.append({"terms": {"developments.kind": list(asked.kind)}})
    if asked.min_score is not None:
        inner.append({"range": {"developments.score": {"gte": asked.min_score}}})
    if ids is not None:
        inner.append({"terms": {"developments.id": list(ids)}})
    brings = {"nested": {"path": "developments", "query": {"bool": {"filter": inner}}}}
    return {"bool": {"filter": [to_query(criteria, now), brings]}}


def supported(support: int) -> Mapping[str, Any]:
    """The search of stories that says which developments so many outlets tell; `supported_ids` reads it."""
    ids = {"terms": {"field": "developments.id", "size": MOST_SUPPORTED, "order": {"_key": "asc"}}}
    told = {"filter": {"range": {"developments.support": {"gte": support}}}, "aggs": {"ids": ids}}
    return {
        "size": 0,
        "track_total_hits": False,
        "aggs": {"developments": {"nested": {"path": "developments"}, "aggs": {"told": told}}},
    }


def supported_ids(found: Mapping[str, Any]) -> list[str] | None:
    """The ids of all those developments, or none where they are more than can be taken."""
    counted = found["aggregations"]["developments"]["told"]["ids"]
    return None if counted["sum_other_doc_count"] else [bucket["key"] for bucket in counted["buckets"]]


def is_meant(development: Mapping[str, Any], asked: DevelopmentCriteria) -> bool:
    """Say whether it is one of those that are asked for, its support aside."""
    return (not asked.kind or development["kind"] in asked.kind) and (
        asked.min_score is None or development["score"] >= asked.min_score
    )


def is_supported(support: int | None, asked: DevelopmentCriteria) -> bool:
    """Say whether enough outlets tell it; where it is not known how many do, none but the one is taken for sure."""
    return asked.min_support is None or (support or 1) >= asked.min_support
