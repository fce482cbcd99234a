"""Who and what is named with a question more than elsewhere: what Elasticsearch is asked, and what is answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from schemas.annotations import EntityKind
from services.search.asked import Named
from services.search.criteria import Criteria
from services.search.query import to_query
from services.search.results import Shown
from services.search.trees import leaves
from services.search.values import fold

SAMPLE = 1_000
"""Articles of each shard that are looked at, those that answer best: beyond, it is no longer about the question."""

FEWEST = 2
"""Articles that must name somebody: one alone is chance."""

SPARE = 20
"""Names asked for beside those wanted, for those that the question asked by itself."""


class RelatedName(Shown):
    """Somebody or something that is named there more than elsewhere."""

    id: str
    name: str
    kind: EntityKind
    articles: int = Field(description="of the sample that name it")
    articles_in_all: int = Field(description="of the whole index that name it")
    score: float = Field(description="how much more it is named there than elsewhere, without a bound")


class Related(Shown):
    """The names that belong to a question."""

    sampled: int = Field(description="articles that were looked at: those that answer best")
    names: tuple[RelatedName, ...] = Field(description="the most telling first; without those that were asked for")


def to_related(criteria: Criteria, size: int, now: datetime) -> dict[str, Any]:
    """The search for the ids that the best answers name more than all articles do."""
    ids = {"significant_terms": {"field": "entity_ids", "size": size + SPARE, "min_doc_count": FEWEST}}
    return {
        "query": to_query(criteria, now),
        "size": 0,
        "track_total_hits": False,
        "aggs": {"sample": {"sampler": {"shard_size": SAMPLE}, "aggs": {"ids": ids}}},
    }


def related_ids(found: Mapping[str, Any]) -> list[str]:
    """The ids in the answer to `to_related`."""
    return [bucket["key"] for bucket in found["aggregations"]["sample"]["ids"]["buckets"]]


def to_names(ids: Sequence[str]) -> dict[str, Any]:
    """The search for how these are called, and of which kind they are, most often."""
    commonest = {name: {"terms": {"field": f"entities.{name}", "size": 1}} for name in ("name", "kind")}
    each = {"terms": {"field": "entities.id", "include": list(ids), "size": len(ids)}, "aggs": commonest}
    return {
        "query": {"bool": {"filter": [{"terms": {"entity_ids": list(ids)}}]}},
        "size": 0,
        "track_total_hits": False,
        "aggs": {"entities": {"nested": {"path": "entities"}, "aggs": {"ids": each}}},
    }


def related_shown(found: Mapping[str, Any], named: Mapping[str, Any] | None, criteria: Criteria, size: int) -> Related:
    """The answers to `to_related` and `to_names`."""
    called = {}
    if named is not None:
        called = {bucket["key"]: bucket for bucket in named["aggregations"]["entities"]["ids"]["buckets"]}
    asked = _asked(criteria)
    sample = found["aggregations"]["sample"]
    names = [_name(bucket, called[bucket["key"]]) for bucket in sample["ids"]["buckets"] if bucket["key"] in called]
    others = [one for one in names if asked.isdisjoint((one.id, fold(one.name)))]
    return Related(sampled=sample["doc_count"], names=tuple(others[:size]))


def _asked(criteria: Criteria) -> set[str]:
    """By id and by name, whom the question names itself."""
    inside = (leaf.who for ask in criteria.asks for leaf in leaves(ask) if isinstance(leaf, Named))
    return {form for who in (*criteria.entity, *inside) for form in (who, fold(who))}


def _name(bucket: Mapping[str, Any], called: Mapping[str, Any]) -> RelatedName:
    (name,), (kind,) = (called[what]["buckets"] for what in ("name", "kind"))
    return RelatedName(
        id=bucket["key"],
        name=name["key"],
        kind=kind["key"],
        articles=bucket["doc_count"],
        articles_in_all=bucket["bg_count"],
        score=round(bucket["score"], 4),
    )
