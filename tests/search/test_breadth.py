"""Who asks for very much is told so, with the figure."""

from typing import Any

import pytest

from services.search.breadth import is_put_to_every, warnings_of
from services.search.criteria import Criteria


def counted(answering: int, every: int) -> dict[str, Any]:
    return {"hits": {"total": {"value": every}}, "aggregations": {"answering": {"doc_count": answering}}}


@pytest.mark.parametrize(
    ("criteria", "answering", "said"),
    [
        ({"q": "water"}, 10, []),
        ({"q": "water"}, 500, ["500 of the 1,000 articles of the last 7 days answer it (50%)."]),
        ({"q": "water"}, 99, []),
        ({"q": "NOT mars"}, 990, ["put to every one", "990 of the 1,000"]),
        ({"novelty_min": 0.9}, 10, ["put to every one", "10 of the 1,000"]),
        ({"q": "water NOT mars"}, 10, []),
    ],
)
def test_what_is_broad_is_told_with_its_share(criteria: dict[str, Any], answering: int, said: list[str]) -> None:
    told = warnings_of(Criteria.model_validate(criteria), counted(answering, 1000))
    assert len(told) == len(said)
    assert all(words in line for words, line in zip(said, told, strict=True))


def test_without_an_index_it_is_told_what_is_known() -> None:
    assert len(warnings_of(Criteria(q="NOT mars"), None)) == 1
    assert warnings_of(Criteria(q="water"), counted(0, 0)) == ()
    assert not is_put_to_every(Criteria(q="water OR mars"))
