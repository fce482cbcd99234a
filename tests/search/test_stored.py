"""What is read back from the index answers as what was put there."""

from typing import Any

from hypothesis import given, settings

from schemas.story import EnrichedArticle
from services.search.criteria import Criteria
from services.search.document import document
from services.search.match import match
from services.search.stored import enriched_of
from tests.search import worlds
from tests.search.reports import questions, report, reports


@settings(max_examples=200, deadline=None)
@given(questions, reports())
def test_it_answers_the_same_questions(asked: dict[str, Any], article: EnrichedArticle) -> None:
    criteria = Criteria.model_validate(asked)
    assert match(criteria, enriched_of(document(article))) == match(criteria, article)


def test_it_answers_the_same_in_the_whole_language() -> None:
    world = worlds.World(5)
    articles = world.articles(40)
    read_back = [enriched_of(document(article)) for article in articles]
    for _ in range(200):
        criteria = Criteria.model_validate(world.question())
        assert [match(criteria, one, worlds.NOW) for one in read_back] == [
            match(criteria, one, worlds.NOW) for one in articles
        ]


def test_it_keeps_who_is_named_where_and_what_is_new() -> None:
    put = report()
    read = enriched_of(document(put))
    assert read.article == put.article
    assert [(one.id, one.spans) for one in read.annotated.entities] == [
        (one.id, one.spans) for one in put.annotated.entities
    ]
    assert (read.moment.developments, read.moment.story) == (put.moment.developments, put.moment.story)
