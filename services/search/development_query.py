"""A question for developments: which articles Elasticsearch is asked for, and which of theirs are meant."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from services.search.criteria import Asked, Criteria, Kinds
from services.search.query import Clause, to_query

NEWEST_FIRST: list[Clause] = [{"published": "desc"}, {"id": "asc"}]

SOURCE = ["id", "url", "title", "text", "outlet", "published", "story", "story_title", "developments"]
"""What of an article a feed of its developments shows; the text, for the words that carry them."""


class DevelopmentCriteria(Asked):
    """What is asked of a development itself: one of these kinds, so much weight, told by so many outlets."""

    kind: Kinds = ()
    min_score: float | None = Field(default=None, ge=0, le=1)
    min_support: int | None = Field(default=None, ge=1, le=1_000_000)


def to_developments(criteria: Criteria, asked: DevelopmentCriteria) -> Clause:
    """The query that finds every article that meets the question and brings such a development, whoever tells it."""
    inner: list[Clause] = [{"exists": {"field": "developments.kind"}}]
    if asked.kind:
        inner.append({"terms": {"developments.kind": list(asked.kind)}})
    if asked.min_score is not None:
        inner.append({"range": {"developments.score": {"gte": asked.min_score}}})
    brings = {"nested": {"path": "developments", "query": {"bool": {"filter": inner}}}}
    return {"bool": {"filter": [to_query(criteria), brings]}}


def is_meant(development: Mapping[str, Any], asked: DevelopmentCriteria) -> bool:
    """Say whether it is one of those that are asked for, its support aside."""
    return (not asked.kind or development["kind"] in asked.kind) and (
        asked.min_score is None or development["score"] >= asked.min_score
    )


def is_supported(support: int | None, asked: DevelopmentCriteria) -> bool:
    """Say whether enough outlets tell it; where it is not known how many do, none but the one is taken for sure."""
    return asked.min_support is None or (support or 1) >= asked.min_support
