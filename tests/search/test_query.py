"""A question as Elasticsearch is asked it."""

from typing import Any

import pytest

from services.search.criteria import Criteria
from services.search.query import to_highlight, to_query, to_sort


def filters(asked: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = to_query(Criteria.model_validate(asked))["bool"]["filter"]
    return found


def test_no_criteria_ask_for_everything() -> None:
    assert to_query(Criteria()) == {"bool": {"must": [{"match_all": {}}], "filter": []}}


def test_words_must_all_stand_in_title_or_text_and_phrases_whole_in_one() -> None:
    (together,) = to_query(Criteria(q='pact "North Korea" signed'))["bool"]["must"]
    words, phrase = together["bool"]["must"]
    assert words["multi_match"]["query"] == "pact signed"
    assert words["multi_match"]["type"] == "cross_fields"
    assert words["multi_match"]["operator"] == "and"
    assert phrase["multi_match"]["query"] == "North Korea"
    assert phrase["multi_match"]["type"] == "phrase"


@pytest.mark.parametrize(
    ("asked", "clause"),
    [
        ({"country": ["KP", "RU"]}, {"terms": {"countries": ["KP", "RU"]}}),
        ({"outlet": "kcna.kp"}, {"terms": {"outlet.domain": ["kcna.kp"]}}),
        ({"outlet_country": "ke"}, {"terms": {"outlet.country": ["KE"]}}),
        ({"language": "en"}, {"terms": {"language": ["en"]}}),
        ({"development": "new_actor"}, {"terms": {"development_kinds": ["new_actor"]}}),
        (
            {"story": "s1"},
            {
                "bool": {
                    "should": [{"terms": {"story": ["s1"]}}, {"terms": {"merged": ["s1"]}}],
                    "minimum_should_match": 1,
                }
            },
        ),
        ({"novelty_min": 0}, {"range": {"novelty": {"gte": 0}}}),
        (
            {"near": {"lat": 39.0, "lon": 125.75, "km": 50}},
            {"geo_distance": {"distance": "50.0km", "locations": {"lat": 39.0, "lon": 125.75}}},
        ),
        (
            {"box": {"north": 2, "west": 170, "south": 1, "east": -170}},
            {"geo_bounding_box": {"locations": {"top": 2, "left": 170, "bottom": 1, "right": -170}}},
        ),
        (
            {"published_from": "2026-11-21", "published_to": "2026-11-21"},
            {"range": {"published": {"gte": "2026-11-21T00:00:00.000+00:00", "lt": "2026-11-22T00:00:00.000+00:00"}}},
        ),
    ],
)
def test_each_criterion_is_a_filter(asked: dict[str, Any], clause: dict[str, Any]) -> None:
    assert filters(asked) == [clause]


def test_every_entity_must_be_there_by_id_or_by_name() -> None:
    assert filters({"entity": ["Q7747", "Kim Jong-un"]}) == [
        {"bool": {"should": [{"term": {"entity_ids": i}}, {"term": {"entity_names": n}}], "minimum_should_match": 1}}
        for i, n in (("Q7747", "q7747"), ("Kim Jong-un", "kim jong un"))
    ]


def test_a_stance_is_asked_of_one_and_the_same_stance() -> None:
    (nested,) = filters({"stance": {"holder": "outlet", "target": "Q423", "polarity_min": 0.3}})
    assert nested["nested"]["path"] == "stances"
    holder, target, polarity = nested["nested"]["query"]["bool"]["filter"]
    assert {"term": {"stances.holder": "outlet"}} in holder["bool"]["should"]
    assert {"term": {"stances.target": "Q423"}} in target["bool"]["should"]
    assert polarity == {"range": {"stances.polarity": {"gte": 0.3, "lte": 1.0}}}


@pytest.mark.parametrize(
    ("asked", "terms"),
    [
        ("country:ke", [{"stances.holder_country": "KE"}]),
        ("KE", [{"stances.holder": "KE"}, {"stances.holder_folded": "ke"}, {"stances.holder_country": "KE"}]),
        ("Ke", [{"stances.holder": "Ke"}, {"stances.holder_folded": "ke"}]),
    ],
)
def test_a_country_asks_for_all_who_act_for_it(asked: str, terms: list[dict[str, str]]) -> None:
    (nested,) = filters({"stance": {"holder": asked}})
    holder, _ = nested["nested"]["query"]["bool"]["filter"]
    assert holder["bool"]["should"] == [{"term": term} for term in terms]


def test_whether_it_is_quoted_is_asked_only_where_it_is_said() -> None:
    for asked, clauses in (({"quoted": False}, [{"term": {"stances.quoted": False}}]), ({}, [])):
        (nested,) = filters({"stance": {"holder": "Q1", **asked}})
        assert nested["nested"]["query"]["bool"]["filter"][2:] == clauses


@pytest.mark.parametrize("sort", ["relevance", "date"])
def test_every_order_ends_with_the_id_so_that_it_is_total(sort: Any) -> None:
    assert to_sort(sort)[-1] == {"id": "asc"}


def test_without_words_nothing_is_marked() -> None:
    assert to_highlight(Criteria(country=("KP",)))["highlight_query"] == {"match_none": {}}
