"""The gallery of hard cases: each sentence is read by the shipped models as a person would read it.

A case that does not hold yet is expected to fail, and says why. Once it holds, that is struck out by
`python -m tests.enrich.gallery --settle`.
"""

from __future__ import annotations

import pytest

from services.enrich.annotate import Tools
from services.enrich.tools import Models
from tests.enrich.gallery.cases import Case, cases, faults
from tests.enrich.gallery.reading import of_names_and_places, read

GALLERY = cases()


@pytest.fixture(scope="module")
def tools(models: Models) -> Tools:
    return of_names_and_places(models)


def expected(case: Case) -> object:
    marks = [pytest.mark.xfail(strict=True, reason=case.fails)] if case.fails else []
    return pytest.param(case, id=case.name, marks=marks)


@pytest.mark.parametrize("case", [expected(case) for case in GALLERY])
def test_a_hard_case_is_read_as_a_person_would(case: Case, tools: Tools) -> None:
    assert faults(case, read(case, tools)) == []


def test_there_are_sixty_cases_at_least() -> None:
    assert len(GALLERY) >= 60
