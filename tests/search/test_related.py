"""Names that belong to a question: how they are called, and whom the question names itself."""

from typing import Any

from services.search.criteria import Criteria
from services.search.related import related_ids, related_shown


def found(*ids: str) -> dict[str, Any]:
    buckets = [{"key": one, "doc_count": 4, "bg_count": 5, "score": 2.00004} for one in ids]
    return {"aggregations": {"sample": {"doc_count": 9, "ids": {"buckets": buckets}}}}


def named(**names: str) -> dict[str, Any]:
    buckets = [
        {"key": one, "name": {"buckets": [{"key": name}]}, "kind": {"buckets": [{"key": "person"}]}}
        for one, name in names.items()
    ]
    return {"aggregations": {"entities": {"ids": {"buckets": buckets}}}}


def test_whom_the_question_asks_for_by_id_or_by_name_is_left_out() -> None:
    criteria = Criteria.model_validate({"entity": ["Q1"], "q": "pact OR person:two"})
    shown = related_shown(found("Q1", "Q2", "Q3", "Q4"), named(Q1="One", Q2="Two", Q3="Three"), criteria, 9)
    assert [(one.id, one.name, one.articles, one.articles_in_all, one.score) for one in shown.names] == [
        ("Q3", "Three", 4, 5, 2.0)
    ]


def test_no_more_than_were_asked_for_and_none_where_none_are() -> None:
    assert len(related_shown(found("Q1", "Q2"), named(Q1="One", Q2="Two"), Criteria(), 1).names) == 1
    assert related_shown(found(), None, Criteria(), 1).sampled == 9
    assert related_ids(found("Q2", "Q1")) == ["Q2", "Q1"]
