"""The models say of the API what the API says of itself."""

import json
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from pydantic import BaseModel

from dateline_client import alerts, articles, counts, deliveries, filters, problem, searches, stances, stories
from dateline_client.growing import Growing

DESCRIBED = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text("utf-8"))
SCHEMAS: dict[str, Any] = DESCRIBED["components"]["schemas"]
THEIRS = {"Near": "services__search__values__Near", "Box": "services__search__values__Box"}
OURS = {"AlertEvent", "DevelopmentEvent", "Gap"}
"""Events, which OpenAPI does not describe."""
MODELS = sorted(
    {
        one
        for module in (alerts, articles, counts, deliveries, problem, searches, stances, stories)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Growing) and one.__module__ == module.__name__
    },
    key=lambda model: model.__name__,
)


@pytest.mark.parametrize("model", [model for model in MODELS if model.__name__ not in OURS])
def test_a_model_asks_of_an_answer_no_more_than_the_api_promises(model: type[BaseModel]) -> None:
    schema = SCHEMAS[THEIRS.get(model.__name__, model.__name__)]
    assert set(model.model_fields) <= set(schema["properties"]), "a field that is not there"
    needed = {name for name, field in model.model_fields.items() if field.is_required()}
    assert needed <= set(schema.get("required", ())), "a field that may be left out"
    for name in needed:
        assert "null" not in json.dumps(schema["properties"][name].get("anyOf", [])), name


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        (filters.ArticlesAsked, "/articles"),
        (filters.HistogramAsked, "/articles/histogram"),
        (filters.TilesAsked, "/articles/tiles"),
        (filters.SeriesAsked, "/stances"),
        (filters.NetworkAsked, "/stances/network"),
        (filters.StoriesAsked, "/stories"),
        (filters.DevelopmentsAsked, "/developments"),
        (filters.DevelopmentsFollowed, "/developments/stream"),
    ],
)
def test_every_filter_is_a_parameter_of_the_path(asked: type, path: str) -> None:
    parameters = {one["name"] for one in DESCRIBED["paths"][path]["get"]["parameters"] if one["in"] == "query"}
    names = {{"published_from": "from", "published_to": "to"}.get(name, name) for name in get_type_hints(asked)}
    inherited = {"q", "cursor", "after"}  # said by the methods themselves
    # An article of some fields would be none of the client's own.
    assert names == parameters - inherited - {"fields"}, "client/dateline_client/filters.py says what can be asked"
