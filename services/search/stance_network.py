"""Who is for or against whom in a period, as a graph: what Elasticsearch is asked, and what a reader is answered."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from schemas.annotations import OUTLET_AS_HOLDER, EntityKind
from services.search.criteria import Criteria
from services.search.query import Clause, stance_clauses, with_stance
from services.search.results import Shown
from services.search.stance_sums import SUMS, Said, answered, articles_asked, asked_of_stances
from services.search.values import StanceAsk

MOST_EDGES = 500
"""Pairs of one graph: more than can be drawn so that a person reads it."""

TOLD_PAIRS = 5_000
"""Pairs that each shard tells of. One shard ranks exactly; several leave out what is weak in each."""

COUNTED_PAIRS = 40_000
"""Pairs that are counted nearly exactly: the most that Elasticsearch's `cardinality` can be told to."""


class Node(Shown):
    """Someone who takes a side or towards whom one is taken."""

    id: str
    name: str
    kind: EntityKind | None = None
    country: str | None = Field(default=None, description="the country that it is, or acts for")


class Edge(Said):
    """How a holder stands to a target over the whole period."""

    holder: str = Field(description="a node's id")
    target: str = Field(description="a node's id")
    strength: float = Field(description="sum of polarity, without its sign, times confidence: the order of the edges")


class Network(Shown):
    """The strongest pairs of a period. The outlets' own tone is no part of it: they are no actors of the news."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = Field(description="strongest first")
    more: bool = Field(description="there are more pairs that were named often enough")
    stances: int = Field(description="stances of the period, those of pairs that are not shown included")
    pairs: int = Field(description=f"pairs of the period; nearly exact up to {COUNTED_PAIRS:,}")


def network_body(
    criteria: Criteria, countries: tuple[str, ...], min_count: int, size: int, *, duplicates: bool = True
) -> dict[str, Any]:
    """One search for the strongest pairs, ranked by the index, and one pair more: it says whether the graph is cut."""
    clauses: list[Clause] = [
        *stance_clauses(criteria.stance or StanceAsk()),
        {"bool": {"must_not": [{"term": {"stances.holder": OUTLET_AS_HOLDER}}]}},
    ]
    if countries:
        either = [{"terms": {f"stances.{role}_country": list(countries)}} for role in ("holder", "target")]
        clauses.append({"bool": {"should": either, "minimum_should_match": 1}})
    order = [{"strength": "desc"}, {"_key": "asc"}]
    pairs = {
        "terms": {
            "field": "stances.pair",
            "size": size + 1,
            "shard_size": TOLD_PAIRS,
            "min_doc_count": min_count,
            "order": order,
        },
        "aggs": {**SUMS, "strength": {"sum": {"field": "stances.strength"}}, **_IDENTITIES},
    }
    distinct = {"cardinality": {"field": "stances.pair", "precision_threshold": COUNTED_PAIRS}}
    return {
        "query": {"bool": {"filter": [articles_asked(criteria, duplicates=duplicates), with_stance(clauses)]}},
        "size": 0,
        "track_total_hits": False,
        "aggs": {"said": asked_of_stances(clauses, {"pairs": pairs, "distinct": distinct})},
    }


def network_shown(found: Mapping[str, Any], size: int) -> Network:
    """The graph, of the answer to `network_body`; someone's name is the one that the strongest pair has for him."""
    said = answered(found["said"])
    buckets = said["pairs"]["buckets"]
    nodes: dict[str, Node] = {}
    for bucket in buckets[:size]:
        for role in ("holder", "target"):
            node = _node(bucket, role)
            nodes.setdefault(node.id, node)
    return Network(
        nodes=tuple(nodes.values()),
        edges=tuple(_edge(bucket) for bucket in buckets[:size]),
        more=len(buckets) > size,
        stances=said["doc_count"],
        pairs=said["distinct"]["value"],
    )


# Of a pair's stances the commonest of each: the ids are the same in all, a name or a kind may differ.
_IDENTITIES: dict[str, Clause] = {
    f"{role}{field}": {"terms": {"field": f"stances.{role}{field}", "size": 1}}
    for role in ("holder", "target")
    for field in ("", "_name", "_kind", "_country")
}


def _edge(bucket: Mapping[str, Any]) -> Edge:
    return Edge(
        holder=_commonest(bucket["holder"]) or "",
        target=_commonest(bucket["target"]) or "",
        strength=round(bucket["strength"]["value"], 4),
        **Said.of(bucket).model_dump(),
    )


def _node(bucket: Mapping[str, Any], role: str) -> Node:
    entity = _commonest(bucket[role]) or ""
    return Node.model_validate(
        {
            "id": entity,
            "name": _commonest(bucket[f"{role}_name"]) or entity,
            "kind": _commonest(bucket[f"{role}_kind"]),
            "country": _commonest(bucket[f"{role}_country"]),
        }
    )


def _commonest(found: Mapping[str, Any]) -> str | None:
    return next((str(bucket["key"]) for bucket in found["buckets"]), None)
