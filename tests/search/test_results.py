"""What a reader is answered, from documents as the index keeps them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.story import EnrichedArticle
from services.search.document import document
from services.search.query import MARKS
from services.search.results import article_shown, article_whole, excerpts

EXAMPLE = Path(__file__).parents[2] / "schemas" / "examples" / "articles.enriched.v1" / "water-pact.json"
OPEN, CLOSE = MARKS


@pytest.fixture
def enriched() -> EnrichedArticle:
    return EnrichedArticle.model_validate_json(EXAMPLE.read_text())


def test_the_whole_article_points_at_the_words_of_every_statement(enriched: EnrichedArticle) -> None:
    whole = article_whole(document(enriched))
    assert whole.text == enriched.article.text
    for shown, entity in zip(whole.entities, enriched.annotated.entities, strict=True):
        assert shown.spans == entity.spans
    for stance in whole.stances:
        assert stance.evidence
        assert all(span.of(whole.text) for span in stance.evidence)
    assert [place.reason for place in whole.places] == [place.reason for place in enriched.annotated.places]


def test_an_article_without_annotations_is_shown_with_empty_lists(enriched: EnrichedArticle) -> None:
    bare = enriched.model_copy(
        update={
            "annotated": enriched.annotated.model_copy(
                update={"annotated": False, "entities": (), "places": (), "stances": (), "focus": None}
            )
        }
    )
    whole = article_whole(document(bare))
    assert (whole.entities, whole.places, whole.stances, whole.focus) == ((), (), (), None)
    assert not whole.annotated


def test_a_list_has_no_spans_since_it_has_no_text(enriched: EnrichedArticle) -> None:
    source = {name: value for name, value in document(enriched).items() if name not in ("text", "vector", "shown")}
    shown = article_shown({"_source": source})
    assert shown.entities
    assert all(entity.spans is None for entity in shown.entities)
    assert not hasattr(shown, "text")


def test_an_excerpt_says_by_offsets_what_matched() -> None:
    (text, title) = excerpts(
        {"title": [f"A {OPEN}pact{CLOSE}"], "text": [f"The {OPEN}pact{CLOSE}s were {OPEN}made{CLOSE}."]}
    )
    assert (text.field, text.text) == ("text", "The pacts were made.")
    assert [mark.of(text.text) for mark in text.marks] == ["pact", "made"]
    assert (title.field, title.text) == ("title", "A pact")


def test_a_title_in_which_nothing_matched_is_no_excerpt() -> None:
    assert excerpts({"title": ["A pact"], "text": ["It begins."]})[0].text == "It begins."
    assert len(excerpts({"title": ["A pact"], "text": ["It begins."]})) == 1


@given(st.lists(st.sampled_from([OPEN, CLOSE, "a", " ", "<b>"]), max_size=30).map("".join))
def test_marks_out_of_order_are_still_plain_text_with_marks_inside(fragment: str) -> None:
    for excerpt in excerpts({"text": [fragment]}):
        assert OPEN not in excerpt.text
        assert CLOSE not in excerpt.text
        assert all(mark.end <= len(excerpt.text) for mark in excerpt.marks)
