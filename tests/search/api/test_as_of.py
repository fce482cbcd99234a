"""Hindsight: what was known at a moment is one more thing that is asked."""

import pytest

from services.search.api.as_of import as_known
from services.search.api.problems import Problem
from services.search.asked import All, When, Word
from services.search.criteria import Criteria


def test_it_is_asked_beside_whatever_else_is_asked() -> None:
    seen = When(field="seen", high="2026-03-04")
    assert as_known(Criteria(q="pact"), None) == Criteria(q="pact")
    assert as_known(Criteria(q="pact"), "2026-03-04").asks[1:] == (seen,)
    tree = Word(text="pact")
    assert as_known(Criteria(query=tree), "2026-03-04").query == All(of=(tree, seen))


def test_what_is_no_moment_is_refused_where_it_was_given() -> None:
    with pytest.raises(Problem) as raised:
        as_known(Criteria(), "yesterday")
    assert raised.value.errors[0].parameter == "as_of"
    with pytest.raises(Problem) as raised:
        as_known(Criteria(), "yesterday", "pointer")
    assert raised.value.errors[0].pointer == "#/as_of"
