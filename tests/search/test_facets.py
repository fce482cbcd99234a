"""Facets: the counts that are asked for, and the answer read."""

from typing import get_args

from services.search.facets import Facet, facets_shown, to_facets


def test_only_the_facets_asked_for_are_counted_each_with_what_lacks_it() -> None:
    assert list(to_facets(("outlet", "entity"))) == ["outlet", "entity", "outlet_missing", "entity_missing"]
    assert to_facets(()) == {}
    assert len(to_facets(get_args(Facet))) == 2 * len(get_args(Facet))


def test_facets_name_what_has_an_id_and_count_articles() -> None:
    named = {"buckets": [{"key": "One", "doc_count": 5}]}
    one = {"key": "Q1", "doc_count": 5, "articles": {"doc_count": 4}, "named": named}
    shown = facets_shown(
        {
            "outlet": {"buckets": [{"key": "a.example", "doc_count": 3}], "sum_other_doc_count": 2},
            "outlet_missing": {"doc_count": 0},
            "entity": {"doc_count": 9, "values": {"buckets": [one], "sum_other_doc_count": 0}},
            "entity_missing": {"doc_count": 1},
        }
    )
    assert shown["outlet"].model_dump() == {
        "values": ({"value": "a.example", "name": None, "count": 3},),
        "other": 2,
        "missing": 0,
    }
    assert shown["entity"].model_dump() == {
        "values": ({"value": "Q1", "name": "One", "count": 4},),
        "other": 0,
        "missing": 1,
    }
