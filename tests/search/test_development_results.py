"""A development is told alike from its message and from its document, with its words and who tells it."""

from typing import Any

from schemas.message import Span
from schemas.story import Development, EnrichedArticle, ToldDevelopment
from services.search.criteria import Criteria
from services.search.development_query import (
    DevelopmentCriteria,
    is_meant,
    is_supported,
    supported_ids,
    to_developments,
)
from services.search.development_results import developments_of, developments_told
from services.search.document import document
from services.search.story_document import story_document
from tests.search.reports import NOON, report, so_far

PACT = Development(id="d-2", kind="new_act", reason="A pact.", score=0.7, subject="pact", spans=(Span(start=0, end=5),))
OLD = Development(kind="new_place", reason="Nairobi.", score=0.4, subject="Nairobi")


def enriched() -> EnrichedArticle:
    told = ToldDevelopment(
        id="d-2",
        kind="new_act",
        reason="A pact.",
        score=0.7,
        article=report(1).article.id,
        published=NOON,
        outlets=("a.example", "b.example"),
        articles=3,
    )
    return report(1, developments=(PACT, OLD), so_far=so_far(2, developments=(told,), merged=("flood",)))


def test_message_and_document_tell_the_same() -> None:
    message = enriched()
    assert message.moment.so_far is not None
    story = story_document("pact", message.moment.so_far)
    told = [new.told for new in developments_told(message)]
    assert developments_of(document(message), story) == told
    assert (told[0].id, told[0].words, told[0].support) == ("d-2", ("Kenya",), 2)


def test_who_tells_what_has_no_id_is_not_known_but_it_is_told_from_others() -> None:
    first, second = developments_of(document(enriched()), None)
    assert (first.support, second.support) == (None, None)
    assert len(second.id) == 32
    assert second.id == developments_of(document(enriched()), None)[1].id


def test_a_development_answers_to_every_id_of_its_story() -> None:
    assert {new.stories for new in developments_told(enriched())} == {("pact", "flood")}


def test_what_is_asked_of_developments_is_asked_of_one_and_the_same() -> None:
    asked = DevelopmentCriteria.model_validate({"kind": "new_act", "min_score": 0.5})
    assert [is_meant(one.model_dump(), asked) for one in (PACT, OLD)] == [True, False]
    (nested,) = (
        clause["nested"] for clause in to_developments(Criteria(), asked)["bool"]["filter"] if "nested" in clause
    )
    assert len(nested["query"]["bool"]["filter"]) == 3


def test_what_nobody_is_known_to_repeat_has_one_outlet() -> None:
    two = DevelopmentCriteria(min_support=2)
    assert [is_supported(support, two) for support in (None, 1, 2, 3)] == [False, False, True, True]
    assert is_supported(None, DevelopmentCriteria(min_support=1))
    assert is_supported(None, DevelopmentCriteria())


def test_supported_developments_are_asked_for_by_id_unless_they_are_too_many() -> None:
    def found(left_out: int) -> dict[str, Any]:
        ids = {"buckets": [{"key": "d-2"}], "sum_other_doc_count": left_out}
        return {"aggregations": {"developments": {"told": {"ids": ids}}}}

    assert supported_ids(found(0)) == ["d-2"]
    assert supported_ids(found(1)) is None
