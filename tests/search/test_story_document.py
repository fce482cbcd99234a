"""A story's document is what its latest article says of it, and the mapping knows each of its fields."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.story import StoryHour, StoryMoment
from services.search.mapping import STORIES
from services.search.story_document import growth, story_document, story_documents
from tests.search.reports import NOON, report, so_far
from tests.search.test_document import unknown_fields


def moment(**changes: Any) -> StoryMoment:
    return report(**changes).moment


def test_the_mapping_knows_every_field_of_a_story() -> None:
    for _, found in story_documents(moment(so_far=so_far(3, duplicates=1, merged=("flood",)))):
        assert unknown_fields(found, STORIES.mapping) == []


def test_a_message_from_before_stories_were_told_brings_none() -> None:
    assert list(story_documents(moment())) == []


def test_the_story_comes_first_and_each_that_became_part_of_it_says_so_once() -> None:
    found = list(story_documents(moment(story="pact", so_far=so_far(9, merged=("flood", "fire", "flood", "pact")))))
    assert [(version, one["id"], one.get("merged_into")) for version, one in found] == [
        (9, "pact", None),
        (9, "flood", "pact"),
        (9, "fire", "pact"),
    ]


def test_a_development_counts_each_outlet_once() -> None:
    (told,) = so_far().developments
    twice = told.model_copy(update={"outlets": ("a.example", "b.example", "a.example"), "articles": 3})
    (development,) = story_document("pact", so_far(developments=(twice,)))["developments"]
    assert (development["support"], development["articles"]) == (2, 3)


@pytest.mark.parametrize(
    ("hours_before", "counted"), [((0,), 1), ((0, 23), 2), ((0, 24), 1), ((0, 1, 2, 30), 3), ((5, 6), 2)]
)
def test_a_story_grows_by_the_articles_of_its_last_day(hours_before: tuple[int, ...], counted: int) -> None:
    last = NOON + timedelta(days=3, minutes=59)
    latest = last.replace(minute=0)
    hours = tuple(StoryHour(began=latest - timedelta(hours=hour), articles=1) for hour in hours_before)
    assert growth(so_far(hours=hours, last_published=last)) == counted
