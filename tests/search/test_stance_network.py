"""The graph of a period: the search that it takes, and the answer read."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.search.criteria import Criteria
from services.search.stance_network import network_body, network_shown
from tests.search.answers import answer

CRITERIA = Criteria.model_validate({"published_from": "2026-03-01", "stance": {"quoted": True}})
NAMED = {"Q114": ("Kenya", "location", "KE"), "Q115": ("Ethiopia", "location", "ET"), "local:x": ("X", "person", None)}


def listed(value: str | None) -> dict[str, Any]:
    return {"buckets": [] if value is None else [{"key": value, "doc_count": 1}]}


def pair(holder: str, target: str, polarities: list[float]) -> dict[str, Any]:
    found: dict[str, Any] = {"strength": {"value": sum(abs(polarity) for polarity in polarities)}, **answer(polarities)}
    for role, entity in (("holder", holder), ("target", target)):
        name, kind, country = NAMED[entity]
        found[role] = listed(entity)
        found[f"{role}_name"], found[f"{role}_kind"], found[f"{role}_country"] = map(listed, (name, kind, country))
    return found


def found(pairs: list[dict[str, Any]]) -> dict[str, Any]:
    stances = sum(one["polarity"]["count"] for one in pairs)
    asked = {"doc_count": stances, "pairs": {"buckets": pairs}, "distinct": {"value": len(pairs)}}
    return {"said": {"doc_count": stances, "asked": asked}}


def asked_of_stances(body: dict[str, Any]) -> list[dict[str, Any]]:
    clauses: list[dict[str, Any]] = body["aggs"]["said"]["aggs"]["asked"]["filter"]["bool"]["filter"]
    return clauses


def test_the_index_ranks_the_pairs_and_says_whether_there_are_more() -> None:
    body = network_body(CRITERIA, (), 3, 20)
    pairs = body["aggs"]["said"]["aggs"]["asked"]["aggs"]["pairs"]["terms"]
    assert (pairs["field"], pairs["size"], pairs["min_doc_count"]) == ("stances.pair", 21, 3)
    assert pairs["order"][0] == {"strength": "desc"}


def test_the_outlets_own_tone_is_no_edge() -> None:
    clauses = asked_of_stances(network_body(CRITERIA, (), 1, 20))
    assert {"bool": {"must_not": [{"term": {"stances.holder": "outlet"}}]}} in clauses
    assert {"term": {"stances.quoted": True}} in clauses


def test_a_country_is_on_either_side() -> None:
    *_, either = asked_of_stances(network_body(CRITERIA, ("KE", "ET"), 1, 20))
    assert [list(one["terms"]) for one in either["bool"]["should"]] == [
        ["stances.holder_country"],
        ["stances.target_country"],
    ]


def test_a_graph_has_each_actor_once_and_an_edge_for_each_pair() -> None:
    graph = network_shown(found([pair("Q114", "Q115", [0.5, 0.7]), pair("local:x", "Q114", [-0.2])]), 5)
    assert {node.id: (node.name, node.kind, node.country) for node in graph.nodes} == NAMED
    assert [(edge.holder, edge.target, edge.count) for edge in graph.edges] == [
        ("Q114", "Q115", 2),
        ("local:x", "Q114", 1),
    ]
    assert not graph.more


@given(st.lists(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=4), max_size=6), st.integers(1, 6))
def test_a_cut_graph_says_so_and_its_counts_never_exceed_the_whole(said: list[list[float]], size: int) -> None:
    graph = network_shown(found([pair("Q114", "Q115", polarities) for polarities in said]), size)
    assert graph.more == (len(said) > size)
    shown = sum(edge.count for edge in graph.edges)
    assert shown <= graph.stances
    assert graph.more or shown == graph.stances
    known = {node.id for node in graph.nodes}
    assert all({edge.holder, edge.target} <= known for edge in graph.edges)
