"""The gallery of stances: sentences of our own, read by the shipped model and rules as a reader would.

A case that does not hold yet is expected to fail, and says why; `python -m tests.enrich.gallery.stances --settle`
judges anew. What must hold of any sentence is tried on all of them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from schemas.annotations import Entity
from schemas.message import Span
from services.enrich.batch import stance_lines
from services.enrich.language_model import LanguageModel
from services.enrich.sentences import split_sentences
from services.enrich.settings import EnrichSettings
from services.enrich.stance import find_stances
from tests.enrich.gallery.cases import BadCase
from tests.enrich.gallery.stances import StanceCase, departures, read_stances, settled, stance_cases

GALLERY = stance_cases()

# Of 190 renamed sentences (five pairs of names) 10 lost or gained a stance when this was written; none turned around.
MOST_THAT_CHANGE = 0.15

OTHER_NAMES = ("Leyla Haddad", "Tomas Novak")


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel()


def expected(case: StanceCase) -> object:
    marks = [pytest.mark.xfail(strict=True, reason=case.fails)] if case.fails else []
    return pytest.param(case, id=case.name, marks=marks)


@pytest.mark.parametrize("case", [expected(case) for case in GALLERY])
def test_a_sentence_is_read_as_a_reader_would(case: StanceCase, model: LanguageModel) -> None:
    assert departures(case, read_stances(case, model)) == []


def test_there_are_eighty_cases_at_least() -> None:
    assert len(GALLERY) >= 80


def of_two_people(cases: list[StanceCase]) -> list[StanceCase]:
    return [case for case in cases if len(case.entities) == 2 and {one.kind for one in case.entities} == {"person"}]


def renamed(case: StanceCase, names: tuple[str, ...]) -> StanceCase:
    """The same sentence of two other people."""
    given = dict(zip((one.name for one in case.entities), names, strict=True))

    def put(told: str) -> str:
        return re.sub("|".join(map(re.escape, sorted(given, key=len, reverse=True))), lambda m: given[m.group()], told)

    return StanceCase(case.name, put(case.marked), tuple(map(put, case.expected)))


def sides(case: StanceCase, model: LanguageModel) -> set[tuple[int, int, bool]]:
    """The stances by the places of the two in the sentence, whatever they are called."""
    places = {one.id: at for at, one in enumerate(case.entities)}
    return {(places[one.holder], places[one.target], one.polarity > 0) for one in read_stances(case, model)}


def test_other_names_seldom_change_a_side(model: LanguageModel) -> None:
    cases = of_two_people(GALLERY)
    changed = [case.name for case in cases if sides(renamed(case, OTHER_NAMES), model) != sides(case, model)]
    assert len(changed) <= MOST_THAT_CHANGE * len(cases), changed


def test_other_names_never_turn_a_side_around(model: LanguageModel) -> None:
    for case in of_two_people(GALLERY):
        before, after = sides(case, model), sides(renamed(case, OTHER_NAMES), model)
        turned = {(holder, target, not favour) for holder, target, favour in before}
        assert not turned & after, case.name


def test_two_who_change_places_change_their_parts(model: LanguageModel) -> None:
    cases = [case for case in of_two_people(GALLERY) if not case.fails]
    one_way = 0
    for case in cases:
        first, second = (one.name for one in case.entities)
        swapped = renamed(case, (second, first))
        one_way += sides(swapped, model) == sides(case, model)
    assert one_way >= (1 - MOST_THAT_CHANGE) * len(cases)


def actor(name: str, *spans: tuple[int, int]) -> Entity:
    given = {"id": name, "name": name, "kind": "person", "spans": [{"start": a, "end": b} for a, b in spans]}
    return Entity.model_validate(given)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("", []),
        ("Ruiz condemned Holm.", [actor("Ruiz", (90, 94)), actor("Holm", (15, 19))]),
        ("Ana Ruiz of Oslo condemned it.", [actor("Ana Ruiz of Oslo", (0, 16)), actor("Oslo", (12, 16))]),
        ("Ruiz condemned Holm " + "and so on " * 3300 + ".", [actor("Ruiz", (0, 4)), actor("Holm", (15, 19))]),
        ("Руис осудил Хольма.", [actor("Руис", (0, 4)), actor("Хольм", (12, 17))]),
        ("鲁伊斯谴责霍尔姆。", [actor("鲁伊斯", (0, 3)), actor("霍尔姆", (5, 8))]),
        ("“" * 400 + "Ruiz" + "”" * 400 + " said Holm", [actor("Ruiz", (400, 404)), actor("Holm", (810, 814))]),
    ],
    ids=["empty", "outside", "inside", "long", "russian", "chinese", "marks"],
)
def test_what_cannot_be_read_harms_nothing(text: str, entities: list[Entity], model: LanguageModel) -> None:
    for stance in find_stances(text, split_sentences(text), entities, model):
        assert all(isinstance(span, Span) and span.end <= len(text) for span in stance.evidence)


def test_an_asked_stance_that_cannot_be_read_gives_a_line_that_says_so(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {
            "id": 1,
            "text": "Ruiz condemned Holm.",
            "target_start": 15,
            "target_end": 19,
            "source_start": 0,
            "source_end": 4,
        },
        {"id": 2, "text": "Ruiz condemned Holm.", "target_start": 900, "target_end": 990},
        {"id": 3, "text": "Ruiz condemned Holm."},
        {"id": 4, "text": None, "target_start": 0, "target_end": 1},
        {"id": 5, "text": "Ana Ruiz spoke.", "target_start": 4, "target_end": 8, "source_start": 0, "source_end": 8},
        {"id": 6, "text": "word " * 10_000, "target_start": 10, "target_end": 14, "source_start": 0, "source_end": 4},
    ]
    lines = [json.dumps(row) for row in rows] + ["no json"]
    answers = list(stance_lines(lines, EnrichSettings(cache=tmp_path)))
    assert [answer["id"] for answer in answers] == [1, 2, 3, 4, 5, 6, None]
    assert answers[0]["label"] == -1
    assert all("error" in answer or answer["label"] in (-1, 0, 1) for answer in answers)
    assert all("error" in answers[at] for at in (2, 3, 6))


def test_what_holds_loses_its_reason_and_what_departs_gets_one() -> None:
    text = '[[case]]\nname = "a"\ntext = "x"\nstances = []\nfails = "old"\n\n[[case]]\nname = "b"\nstances = []\n'
    now = settled(text, {"a": [], "b": ["is not found"]})
    assert now.count("fails") == 1
    assert 'fails = "is not found"' in now


def test_a_stance_between_unmarked_names_is_no_case() -> None:
    with pytest.raises(BadCase, match="Moe"):
        stance_cases('[[case]]\nname = "a"\ntext = "[Ruiz](person) slept."\nstances = ["Ruiz for Moe"]')
