"""The parameters of `GET /articles`, read as the question they ask."""

import pytest

from services.search.api.parameters import ArticlesQuery, criteria_of
from services.search.api.problems import Problem
from services.search.criteria import Criteria


def test_parameters_ask_what_the_same_criteria_ask() -> None:
    query = ArticlesQuery.model_validate(
        {
            "q": "pact",
            "entity": ["Q7747", "Q16580"],
            "near": "39.03, 125.75",
            "km": 100,
            "box": "46,122,30,146",
            "stance_holder": "outlet",
            "polarity_min": 0.3,
            "stance_target": "country:ru",
            "stance_quoted": "true",
            "stance_act": ["aid,SANCTION"],
            "outlet_country": ["gb, ke"],
            "from": "2026-11-21",
            "to": "2026-11-22",
        }
    )
    assert criteria_of(query) == Criteria.model_validate(
        {
            "q": "pact",
            "entity": ["Q7747", "Q16580"],
            "near": {"lat": 39.03, "lon": 125.75, "km": 100},
            "box": {"north": 46, "west": 122, "south": 30, "east": 146},
            "stance": {
                "holder": "outlet",
                "target": "country:RU",
                "polarity_min": 0.3,
                "quoted": True,
                "act": ["AID", "SANCTION"],
            },
            "outlet_country": ["GB", "KE"],
            "published_from": "2026-11-21",
            "published_to": "2026-11-22",
        }
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("facets", ["outlet", "country"]),
        ("country", ["KP", "RU"]),
        ("outlet", ["a.example", "b.example"]),
        ("outlet_country", ["KP", "RU"]),
        ("language", ["en", "fr"]),
        ("development", ["new_actor", "new_place"]),
    ],
)
def test_several_values_may_be_given_with_commas_or_one_by_one(name: str, values: list[str]) -> None:
    together, apart = ({name: given} for given in ([", ".join(values)], values))
    assert ArticlesQuery.model_validate(together) == ArticlesQuery.model_validate(apart)
    assert getattr(ArticlesQuery.model_validate(together), name) == values


def test_a_name_may_have_a_comma_in_it() -> None:
    assert ArticlesQuery.model_validate({"entity": ["Paris, Texas"]}).entity == ["Paris, Texas"]


def test_nothing_given_asks_for_everything() -> None:
    assert criteria_of(ArticlesQuery()) == Criteria()


@pytest.mark.parametrize(
    ("given", "parameter", "expected"),
    [
        ({"near": "Pyongyang", "km": 1}, "near", "lat,lon is expected"),
        ({"near": "1,2"}, "km", "how many kilometres"),
        ({"km": 1}, "near", "around which point"),
        ({"near": "100,2", "km": 1}, "near", "lat: "),
        ({"near": "1,2", "km": 0}, "km", "greater than 0"),
        ({"near": "1.2.3,2", "km": 1}, "near", "lat: "),
        ({"box": "1,2,3"}, "box", "north,west,south,east is expected"),
        ({"box": "1,2,3,4"}, "box", "must not be below south"),
        ({"country": ["Kenya"]}, "country", "as in KP"),
        ({"language": ["english"]}, "language", "as in en"),
        ({"development": ["news"]}, "development", "'new_actor'"),
        ({"from": "soon"}, "from", "2026-11-22"),
        ({"from": "2026-11-22", "to": "2026-11-01"}, "from", "from must be before to"),
        ({"polarity_min": 2}, "polarity_min", "less than or equal to 1"),
        ({"polarity_min": 1, "polarity_max": 0}, "polarity_min", "must not be above"),
        ({"stance_target": "country:Russia"}, "stance_target", "as in country:RU"),
        ({"stance_act": ["HUG"]}, "stance_act", "'SANCTION'"),
        ({"outlet_country": ["Kenya"]}, "outlet_country", "as in KP"),
        ({"stance_holder": ""}, "stance_holder", "at least 1 character"),
        ({"novelty_min": -1}, "novelty_min", "greater than or equal to 0"),
        ({"q": "a OR b c"}, "q", "need brackets (character 1)"),
    ],
)
def test_what_cannot_be_meant_names_its_parameter(given: dict[str, object], parameter: str, expected: str) -> None:
    with pytest.raises(Problem) as raised:
        criteria_of(ArticlesQuery.model_validate(given))
    (fault,) = raised.value.errors
    assert fault.parameter == parameter
    assert expected in fault.detail
