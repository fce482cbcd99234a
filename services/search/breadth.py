"""Say of a saved search that it asks for very much: it is taken all the same, and its owner told what that comes to."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.search.criteria import Criteria
from services.search.query import to_query
from services.search.ways import ways_of

DAYS = 7
"""Days by whose articles it is counted."""

BROAD = 0.05
"""The share of all articles from which a search is told to be broad: one in twenty is more than anybody reads."""

MANY = 100
"""Articles a week from which that is told: fewer are soon read, whatever their share of a small archive."""


def to_share(criteria: Criteria, now: datetime) -> dict[str, Any]:
    """The search that counts the articles of the last days, and those of them that answer."""
    seen = {"range": {"seen": {"gte": (now - timedelta(days=DAYS)).isoformat(), "lte": now.isoformat()}}}
    return {
        "query": seen,
        "size": 0,
        "track_total_hits": True,
        "aggs": {"answering": {"filter": to_query(criteria, now)}},
    }


def is_put_to_every(criteria: Criteria) -> bool:
    """Is there nothing by which the matcher could tell beforehand that an article does not answer?"""
    return frozenset() in ways_of(criteria).ways


def warnings_of(criteria: Criteria, found: Mapping[str, Any] | None) -> tuple[str, ...]:
    """What its owner is told, with the figures; `found` is the answer to `to_share`, none if it could not be had."""
    put = (
        ("It names nothing that an article must have, so that it is put to every one.",)
        if is_put_to_every(criteria)
        else ()
    )
    if found is None:
        return put
    every, answering = found["hits"]["total"]["value"], found["aggregations"]["answering"]["doc_count"]
    share = answering / every if every else 0.0
    if not put and (share < BROAD or answering < MANY):
        return ()
    return (*put, f"{answering:,} of the {every:,} articles of the last {DAYS} days answer it ({share:.0%}).")
