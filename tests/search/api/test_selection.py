"""Fields of an article: those asked for, and what is said of one that there is not."""

import pytest

from services.search.api.articles import ArticleFound
from services.search.api.problems import Problem
from services.search.api.selection import leaves_out, selected

KNOWN = tuple(ArticleFound.model_fields)


def test_the_id_is_always_there_and_nothing_asked_is_everything() -> None:
    assert selected(["title"], KNOWN, "parameter") == {"id", "title"}
    assert selected([], KNOWN, "parameter") == set()
    assert leaves_out([]) == []
    assert "places" not in leaves_out(["places"])
    assert set(leaves_out(["title"])) < set(KNOWN)


def test_each_field_that_there_is_not_is_told_with_what_may_be_meant() -> None:
    with pytest.raises(Problem) as raised:
        selected(["titel", "title", "xyzzy", "titel"], KNOWN, "parameter")
    assert [fault.suggestion for fault in raised.value.errors] == ["title", None]
    assert all(fault.parameter == "fields" for fault in raised.value.errors)
    with pytest.raises(Problem) as raised:
        selected(["titel"], KNOWN, "pointer")
    assert raised.value.errors[0].pointer == "#/fields"
