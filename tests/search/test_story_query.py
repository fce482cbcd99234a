"""What is asked of stories, as Elasticsearch is asked it."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.search.story_query import StoryCriteria, StorySort, story_ids, to_stories, to_stories_sort


@pytest.mark.parametrize("sort", ["recency", "size", "growth"])
def test_every_order_is_total(sort: StorySort) -> None:
    assert to_stories_sort(sort)[-1] == {"id": "asc"}


def test_a_story_that_became_part_of_another_is_never_found() -> None:
    assert to_stories(StoryCriteria(), None)["bool"]["must_not"] == [{"exists": {"field": "merged_into"}}]


def test_it_is_found_by_the_ids_of_what_became_part_of_it_and_none_finds_none() -> None:
    (clause,) = to_stories(StoryCriteria(), [])["bool"]["filter"]
    assert clause["bool"]["should"] == [{"terms": {"id": []}}, {"terms": {"merged": []}}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_articles": 0},
        {"active_from": "soon"},
        {"active_from": "2026-03-03", "active_to": "2026-03-01"},
    ],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        StoryCriteria.model_validate(wrong)


def test_more_stories_than_can_be_taken_are_never_cut_off_in_silence() -> None:
    def found(left_out: int) -> dict[str, Any]:
        return {"aggregations": {"stories": {"buckets": [{"key": "pact"}], "sum_other_doc_count": left_out}}}

    assert story_ids(found(0)) == ["pact"]
    assert story_ids(found(1)) is None
