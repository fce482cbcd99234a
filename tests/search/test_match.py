"""A question finds an article in memory; tests/flow holds the same questions against the real index."""

from typing import Any

import pytest
from hypothesis import given

from schemas.story import EnrichedArticle
from services.search.criteria import Criteria
from services.search.english import terms
from services.search.match import match
from tests.search.reports import questions, report, reports


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, True),
        ({"q": "signing pacts nairobi"}, True),  # some in the title, some in the text
        ({"q": "signing treaties"}, False),
        ({"q": '"water sharing pact"'}, True),
        ({"q": '"pact sharing"'}, False),
        ({"entity": ["q114", "ethiopia"]}, True),
        ({"entity": ["Q114", "Uganda"]}, False),
        ({"country": ["UG", "KE"]}, True),
        ({"near": {"lat": -1.2, "lon": 36.8, "km": 10}}, True),
        ({"near": {"lat": -1.2, "lon": 36.8, "km": 9}}, False),
        ({"box": {"north": 0, "south": -2, "west": 36, "east": 37}}, True),
        ({"box": {"north": 0, "south": -2, "west": 37, "east": 36}}, False),  # around the world the other way
        ({"stance": {"holder": "Kenya", "target": "Ethiopia", "polarity_min": 0.5}}, True),
        ({"stance": {"holder": "Ethiopia", "target": "Kenya"}}, False),
        ({"stance": {"holder": "Q114", "quoted": False}}, True),
        ({"stance": {"holder": "Q114", "quoted": True}}, False),
        ({"outlet_country": ["gb", "KE"]}, True),
        ({"outlet_country": "GB"}, False),
        ({"outlet": "savannah-post.example", "language": "en", "story": "pact"}, True),
        ({"development": "new_actor"}, False),
        ({"novelty_min": 0.91}, False),
    ],
)
def test_an_article_answers_when_it_meets_every_part(asked: dict[str, Any], expected: bool) -> None:
    assert match(Criteria.model_validate(asked), report()) is expected


def test_holder_target_and_polarity_must_be_of_one_and_the_same_stance() -> None:
    (praise,) = report().annotated.stances
    blame = praise.model_copy(update={"holder": "outlet", "holder_name": "Savannah Post", "polarity": -0.9})
    both = report(stances=(praise, blame))
    assert match(Criteria.model_validate({"stance": {"holder": "outlet", "polarity_max": -0.5}}), both)
    assert not match(Criteria.model_validate({"stance": {"holder": "Q114", "polarity_max": -0.5}}), both)


@pytest.mark.parametrize(
    ("holder", "expected"),
    [("country:KE", True), ("country:ke", True), ("KE", True), ("ke", False), ("country:ET", False), ("outlet", False)],
)
def test_a_country_holds_what_is_held_by_all_who_act_for_it(holder: str, expected: bool) -> None:
    kenya, ethiopia = report().annotated.entities
    minister = kenya.model_copy(update={"id": "local:odera", "name": "Odera", "kind": "person", "country": "KE"})
    (praise,) = report().annotated.stances
    said = praise.model_copy(update={"holder": "local:odera", "holder_name": "Odera"})
    article = report(entities=(minister, ethiopia), stances=(said,))
    assert match(Criteria.model_validate({"stance": {"holder": holder}}), article) is expected


@given(reports(), questions)
def test_every_part_of_a_question_only_narrows_it(article: EnrichedArticle, asked: dict[str, Any]) -> None:
    together = match(Criteria.model_validate(asked), article)
    alone = [match(Criteria.model_validate({name: value}), article) for name, value in asked.items()]
    assert together == all(alone)


def test_words_are_cut_as_unicode_says() -> None:
    said = "Xi'an’s U.S. officials, 3,000.5 of the AT&T e-mails, can't"
    assert list(terms(said)) == [
        *[("xi'an", 0), ("u.", 1), ("offici", 2), ("3,000.5", 3), ("t", 7), ("e", 8), ("mail", 9), ("can't", 10)]
    ]


def test_a_run_without_a_break_is_cut_to_pieces() -> None:
    assert [len(term) for term, _ in terms("x" * 600)] == [255, 255, 90]
