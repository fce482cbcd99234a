"""The errors drawn for reading are those that the scorer counts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evaluate.errors import drawn

TEXT = "Odera left Paris for Lima."
ODERA, PARIS, LIMA = (0, 5), (11, 16), (21, 25)


def at(span: tuple[int, int], **rest: object) -> dict[str, Any]:
    return {"start": span[0], "end": span[1], **rest}


def told(score: str, field: str, gold: list[dict[str, Any]], said: list[dict[str, Any]]) -> list[str]:
    answers = "places" if score == "geo" else "entities"
    _, errors = drawn(score, [{"id": 1, "text": TEXT, field: gold}], {"1": {answers: said}}, 10, 1)
    return [f"{error.kind}: {error.told.strip()} [{error.text[error.start : error.end]}]" for error in errors]


@pytest.mark.parametrize(
    ("gold", "said", "errors"),
    [
        ([at(ODERA, kind="person")], [at(ODERA, kind="person")], []),
        ([at(ODERA, kind="person")], [at(ODERA, kind="other")], ["kind: other, should be person [Odera]"]),
        ([at(ODERA, kind="person")], [], ["missed: person [Odera]"]),
        ([], [at(ODERA, kind="person")], ["invented: person [Odera]"]),
        ([at(ODERA, kind="person")], [at((0, 10), kind="person")], ["cut: person ['Odera left'] [Odera]"]),
    ],
)
def test_errors_of_names(gold: list[dict[str, Any]], said: list[dict[str, Any]], errors: list[str]) -> None:
    assert told("ner", "entities", gold, said) == errors


@pytest.mark.parametrize(
    ("gold", "said", "errors"),
    [
        ([at(PARIS, uri="http://x/Q90")], [at(PARIS, wikidata="Q90")], []),
        (
            [at(PARIS, uri="http://x/Q90", name="Paris")],
            [at(PARIS, wikidata="Q1", name="Paree")],
            ["wrong: Q1 Paree, should be Q90 Paris [Paris]"],
        ),
        ([at(PARIS, uri="Q90", name="P")], [at(PARIS, wikidata=None)], ["missed: Q90 P: no id [Paris]"]),
        ([at(PARIS, uri="Q90", name="P")], [], ["missed: Q90 P: not found as a name [Paris]"]),
        ([at(PARIS, uri=None)], [at(PARIS, wikidata="Q90", name="P")], ["extra: Q90 P [Paris]"]),
        ([at(PARIS, uri="Q90", optional=True)], [at(PARIS, wikidata="Q1")], []),
        ([at(PARIS, uri="Q90", coref=True)], [], []),
    ],
)
def test_errors_of_links(gold: list[dict[str, Any]], said: list[dict[str, Any]], errors: list[str]) -> None:
    assert told("link", "entities", gold, said) == errors


def test_errors_of_places() -> None:
    gold = [at(PARIS, lat=48.9, lon=2.3, name="Paris"), at(LIMA, lat=-12.0, lon=-77.0, name="Lima")]
    texas = at(PARIS, lat=33.7, lon=-95.6, name="Paris", country="US")
    said = [texas, at(ODERA, lat=0.0, lon=0.0, name="Odera", country="KE")]
    assert told("geo", "toponyms", gold, said) == [
        "far: Paris US at 33.7, -95.6, should be Paris at 48.9, 2.3 [Paris]",
        "missed: Lima at -12.0, -77.0 [Lima]",
        "invented: Odera KE [Odera]",
    ]


def test_one_seed_draws_the_same_errors() -> None:
    rows = [{"id": n, "text": TEXT, "entities": [at(ODERA, kind="person")]} for n in range(50)]
    total, errors = drawn("ner", rows, {}, 7, 3)
    assert (total, len(errors)) == (50, 7)
    assert errors == drawn("ner", rows, {}, 7, 3)[1]
