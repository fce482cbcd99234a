"""Each part of a question is told by itself, with the words that carry it."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from schemas.saved_search import SavedSearch
from schemas.story import Development, EnrichedArticle
from services.search import english
from services.search.criteria import Criteria
from services.search.explain import explained, why
from services.search.match import match
from tests.search import worlds
from tests.search.reports import NOON, questions, report, reports


def words_of(enriched: EnrichedArticle, **criteria: Any) -> list[str]:
    """The words that carry the only part of the question."""
    (clause,) = explained(Criteria.model_validate(criteria), enriched)
    return [
        (enriched.article.title if spot.field == "title" else enriched.article.text)[spot.start : spot.end]
        for spot in clause.spots
    ]


SAID = report(title="A water pact", text="Kenya signed the pact on waters. The pact holds, Kenyans say.")


@pytest.mark.parametrize(
    ("criteria", "words"),
    [
        ({"q": "pacts"}, ["pact", "pact", "pact"]),
        ({"q": "title:pacts"}, ["pact"]),
        ({"q": '"pact on water"'}, ["pact on waters"]),
        ({"q": "kenya*"}, ["Kenya", "Kenyans"]),
        ({"q": "mars"}, []),
        ({"q": "NOT mars"}, []),
        ({"entity": "Q114"}, ["K"]),
    ],
)
def test_a_part_that_is_met_shows_by_which_words(criteria: dict[str, Any], words: list[str]) -> None:
    kenya = report().annotated.entities[0]
    annotated = SAID.annotated.model_copy(update={"entities": (kenya,)})
    assert words_of(SAID.model_copy(update={"annotated": annotated}), **criteria)[: len(words)] == words


@settings(max_examples=150, deadline=None)
@given(questions, reports())
def test_an_article_answers_exactly_when_every_part_is_met(asked: dict[str, Any], article: EnrichedArticle) -> None:
    criteria = Criteria.model_validate(asked)
    assert all(clause.met for clause in explained(criteria, article)) == match(criteria, article)


def test_every_spot_lies_in_its_text_and_none_is_told_of_what_is_not_met() -> None:
    world = worlds.World(3)
    articles = world.articles(25)
    for _ in range(120):
        criteria = Criteria.model_validate(world.question())
        for article in articles:
            clauses = list(explained(criteria, article))
            for clause in clauses:
                clauses += clause.parts
                assert clause.met or not clause.spots
                for spot in clause.spots:
                    text = article.article.title if spot.field == "title" else article.article.text
                    assert 0 <= spot.start < spot.end <= len(text)


def test_spans_are_of_the_terms() -> None:
    for text in worlds.World(9).articles(30):
        found = english.spans(text.article.text)
        assert [(term, position) for term, position, _, _ in found] == english.terms(text.article.text)


@pytest.mark.parametrize(
    ("search", "changes", "counts", "said"),
    [
        ({"criteria": {"q": "water"}}, {}, True, "A new story."),
        ({"criteria": {"q": "water AND (mars OR venus)"}}, {}, False, "It does not answer mars OR venus."),
        ({"criteria": {"q": "water"}}, {"developments": ()}, False, "It answers, and tells nothing new in its story."),
        ({"criteria": {}, "on": "any", "min_novelty": 0.95}, {}, False, "It answers, and does not count"),
        (
            {"criteria": {}, "kinds": ("surge",)},
            {},
            False,
            "nothing in it counts: it brings new_story; asked for are surge",
        ),
        ({"criteria": {}}, {"duplicate_of": "0" * 32}, False, "It answers, and is a copy of 0000"),
    ],
)
def test_it_says_whether_that_counts_and_why(
    search: dict[str, Any], changes: dict[str, Any], counts: bool, said: str
) -> None:
    saved = SavedSearch(id="s", name="S", created=NOON, **search)
    enriched = report(title="A water pact", **changes)
    found = why(saved, enriched, explained(Criteria.model_validate(saved.criteria), enriched))
    assert (found[0], said in found[1]) == (counts, True), found


def test_now_is_when_the_article_was_seen() -> None:
    seen = report().article.seen
    (clause,) = explained(Criteria(q="seen:>now-1m"), report())
    assert clause.met
    (clause,) = explained(Criteria(q="seen:>now-1m"), report(), seen + timedelta(hours=1))
    assert not clause.met


def test_a_development_that_enough_outlets_tell_counts() -> None:
    saved = SavedSearch(id="s", name="S", created=NOON, criteria={}, min_outlets=2)
    told = Development(id="d-1", kind="new_story", reason="A new story.", score=1.0)
    assert why(saved, report(developments=(told,)), ())[0] is False
