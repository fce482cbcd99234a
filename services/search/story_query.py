"""A question for stories as Elasticsearch is asked it: of the stories themselves, and of the articles in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Self

from pydantic import AwareDatetime, Field, field_validator, model_validator

from services.search.criteria import Criteria
from services.search.query import Clause, to_query
from services.search.values import Asked, moment_of

StorySort = Literal["recency", "size", "growth"]

MOST_STORIES = 20_000
"""Stories whose articles may meet a question: their ids are a clause of the next. More are refused, never cut off."""

_BY: Mapping[StorySort, str] = {"recency": "last_published", "size": "articles", "growth": "growth"}


class StoryCriteria(Asked):
    """What is asked of a story itself; it is active from its first article to its last one."""

    min_articles: int | None = Field(default=None, ge=1, le=1_000_000)
    min_outlets: int | None = Field(default=None, ge=1, le=1_000_000)
    active_from: AwareDatetime | None = None
    active_to: AwareDatetime | None = None

    @field_validator("active_from", mode="before")
    @classmethod
    def _day_begins(cls, value: Any) -> Any:
        return None if value is None else moment_of(value, end_of_day=False)

    @field_validator("active_to", mode="before")
    @classmethod
    def _day_ends(cls, value: Any) -> Any:
        return None if value is None else moment_of(value, end_of_day=True)

    @model_validator(mode="after")
    def _time_runs_forward(self) -> Self:
        if self.active_from and self.active_to and self.active_from >= self.active_to:
            raise ValueError("active_from must be before active_to")
        return self


def to_stories(asked: StoryCriteria, ids: Sequence[str] | None) -> Clause:
    """The query that finds the stories that meet it; of those only that go, or went, by one of the ids, if given."""
    filters: list[Clause] = []
    if ids is not None:
        either = [{"terms": {field: list(ids)}} for field in ("id", "merged")]
        filters.append({"bool": {"should": either, "minimum_should_match": 1}})
    for field, least in (("articles", asked.min_articles), ("outlet_count", asked.min_outlets)):
        if least is not None:
            filters.append({"range": {field: {"gte": least}}})
    if asked.active_from:
        filters.append({"range": {"last_published": {"gte": _moment(asked.active_from)}}})
    if asked.active_to:
        filters.append({"range": {"first_published": {"lt": _moment(asked.active_to)}}})
    return {"bool": {"filter": filters, "must_not": [{"exists": {"field": "merged_into"}}]}}


def to_stories_sort(sort: StorySort) -> list[Clause]:
    """The order of the answer, most or latest first; total, since the id comes last."""
    by = [{_BY[sort]: "desc"}]
    if sort != "recency":
        by.append({_BY["recency"]: "desc"})
    return [*by, {"id": "asc"}]


def stories_of(criteria: Criteria, now: datetime | None = None) -> Mapping[str, Any]:
    """The search of articles that says in which stories those are that meet the question; `story_ids` reads it."""
    ids = {"terms": {"field": "story", "size": MOST_STORIES, "order": {"_key": "asc"}}}
    return {"query": to_query(criteria, now), "size": 0, "track_total_hits": False, "aggs": {"stories": ids}}


def story_ids(found: Mapping[str, Any]) -> list[str] | None:
    """The ids of all those stories, or none where they are more than can be taken."""
    counted = found["aggregations"]["stories"]
    if counted["sum_other_doc_count"]:
        return None
    return [bucket["key"] for bucket in counted["buckets"]]


def _moment(moment: AwareDatetime) -> str:
    return moment.isoformat(timespec="milliseconds")
