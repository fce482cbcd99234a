"""The kept description is the API's own, and complete enough to write a client from."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.search.api.openapi import description

KEPT = Path(__file__).parents[3] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(description())
    return kept


def operations(described: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_kept_description_is_the_code_s() -> None:
    assert KEPT.read_text() == description(), "run: python -m services.search.api.openapi docs/openapi.json"


def test_every_failure_is_a_problem(described: dict[str, Any]) -> None:
    for name, operation in operations(described):
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], (name, status)


def test_every_path_says_what_it_does_and_every_parameter_of_the_search_what_it_asks(described: dict[str, Any]) -> None:
    for name, operation in operations(described):
        assert operation["summary"], name
        assert operation["description"], name
    for parameter in described["paths"]["/articles"]["get"]["parameters"]:
        assert parameter.get("description"), parameter["name"]


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*(references(inner) for inner in value.values()))
        if isinstance(value, list):
            return set().union(*(references(inner) for inner in value))
        return set()

    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    assert references(described) <= known
