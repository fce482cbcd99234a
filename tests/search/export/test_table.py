"""CSV: a row an article, read again as it was written, and nothing in it that a spreadsheet would run."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from schemas.annotations import Entity
from schemas.message import Span
from schemas.story import EnrichedArticle
from services.search.document import document
from services.search.export.table import COLUMNS, FIELDS, STARTS_A_FORMULA, guarded, header, row
from tests.search.reports import report, reports


def read(*articles: EnrichedArticle) -> list[dict[str, str]]:
    written = header() + "".join(row(document(article)) for article in articles)
    return list(csv.DictReader(io.StringIO(written, newline="")))


def test_a_row_says_what_an_article_is() -> None:
    (found,) = read(report(1))
    assert list(found) == list(COLUMNS)
    assert found["outlet"] == "savannah-post.example"
    assert (found["focus"], found["focus_country"], found["lat"], found["lon"]) == (
        "Nairobi",
        "KE",
        "-1.28333",
        "36.81667",
    )
    assert found["entities"] == "Kenya; Ethiopia"
    assert found["stances"] == "Kenya → Ethiopia +0.80"


def test_what_is_missing_is_an_empty_cell() -> None:
    (found,) = read(report(1, focus=None, entities=(), stances=(), places=(), outlet={"domain": "a.example"}))
    assert (found["focus"], found["lat"], found["entities"], found["outlet_country"]) == ("", "", "", "")


def test_a_title_that_is_a_formula_and_a_name_that_is_one_are_text() -> None:
    span = (Span(start=0, end=1),)
    evil = Entity(id="local:evil", name='@SUM(1+1)*cmd|" /C calc"!A0', kind="other", spans=span)
    (found,) = read(report(1, title='=HYPERLINK("https://evil.example")', entities=(evil,), stances=()))
    assert found["title"] == '\'=HYPERLINK("https://evil.example")'
    assert found["entities"].startswith("'@")


@given(st.text())
def test_no_text_begins_a_formula_and_every_other_is_as_it_was(text: str) -> None:
    assert not guarded(text).startswith(STARTS_A_FORMULA)
    assert guarded(text) in (text, f"'{text}")


@given(st.lists(reports(), max_size=3))
def test_any_article_is_one_row_whose_numbers_are_numbers(articles: list[EnrichedArticle]) -> None:
    found = read(*articles)
    assert [one["id"] for one in found] == [article.article.id for article in articles]
    for one in found:
        float(one["novelty"])
        assert all(not cell.startswith(STARTS_A_FORMULA) for name, cell in one.items() if name not in ("lat", "lon"))


def test_the_fields_are_all_that_the_columns_need() -> None:
    whole = document(report(1, duplicate_of="f" * 32))
    tops = {field.partition(".")[0] for field in FIELDS}
    assert row({name: value for name, value in whole.items() if name in tops}) == row(whole)
