"""What a reader is answered of stories, from documents as the indices keep them."""

from typing import Any

from services.search.document import document
from services.search.story_document import story_document
from services.search.story_results import StoryShown, story_listed, story_shown
from tests.search.reports import report, so_far

COUNTED = {
    "outlets": {"buckets": [{"key": "savannah-post.example", "doc_count": 1}]},
    "first": {"value_as_string": "2026-03-03T08:00:00.000Z"},
    "last": {"value_as_string": "2026-03-03T08:00:00.000Z"},
}


def shown(source: dict[str, Any] | None) -> StoryShown:
    found = {"aggregations": COUNTED, "hits": {"total": {"value": 1}}}
    return story_shown("flood", "pact", source, [{"_source": document(report(1))}], found)


def test_a_story_is_told_by_its_document() -> None:
    told = shown(story_document("pact", so_far(30, merged=("flood",))))
    assert (told.id, told.asked, told.total, told.growth, told.merged) == ("pact", "flood", 1, 24, ("flood",))
    assert len(told.hours) == 30
    assert (told.outlets[0].country, told.actors[0].name, told.places[0].lat) == ("KE", "Kenya", -1.28333)
    (development,) = told.developments
    assert (development.id, development.support, development.articles) == ("d-1", 1, 1)
    assert development.article == told.articles[0].id


def test_without_one_its_articles_say_what_they_can() -> None:
    told = shown(None)
    assert (told.title, told.total) == ("A water pact", 1)
    assert [development.article for development in told.developments] == [report(1).article.id]
    assert told.developments[0].support is None
    assert (told.hours, told.actors) == ((), ())


def test_a_list_counts_the_articles_of_each() -> None:
    listed = story_listed(story_document("pact", so_far(5, duplicates=2)))
    assert (listed.total, listed.duplicates, listed.growth) == (5, 2, 5)
