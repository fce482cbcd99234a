"""Many searches at once say what each says by itself, whichever key they hang on."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import services.search.matcher
from schemas.story import EnrichedArticle
from services.search.match import match, meets
from services.search.matcher import Matcher
from services.search.reading import Reading
from tests.search import worlds
from tests.search.reports import held, questions, report, reports, watch


def answered(matcher: Matcher, article: EnrichedArticle) -> list[str]:
    return sorted(found.search.id for found in matcher.matching(Reading(article)))


@settings(max_examples=150, deadline=None)
@given(st.lists(questions, max_size=12), st.lists(reports(), min_size=1, max_size=4))
def test_it_says_what_each_search_says_by_itself(
    asked: Sequence[dict[str, Any]], articles: list[EnrichedArticle]
) -> None:
    watches = [watch(str(number), **criteria) for number, criteria in enumerate(asked)]
    matcher = held(*watches)
    for article in articles:
        assert answered(matcher, article) == sorted(one.search.id for one in watches if match(one.criteria, article))


def test_it_says_so_in_the_whole_language_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.search.matcher, "TURN", 7)
    world = worlds.World(11)
    articles = world.articles(60)
    watches = [watch(str(number), **world.question()) for number in range(400)]
    matcher = held(*watches)
    for article in articles:
        reading = Reading(article)
        assert answered(matcher, article) == sorted(one.search.id for one in watches if meets(one.criteria, reading))


def test_a_search_that_changes_or_goes_is_held_as_it_is_now() -> None:
    matcher = held(watch("one", q="water"), watch("two", entity="Kenya"))
    assert answered(matcher, report()) == ["one", "two"]
    matcher.put("one", watch("one", q="mars"))
    matcher.put("two", None)
    matcher.put("none", None)
    assert (answered(matcher, report()), len(matcher)) == ([], 1)
    matcher.put("one", None)
    assert (len(matcher), matcher._hung, matcher._uses) == (0, {}, {})


def test_what_has_no_key_is_put_to_every_article_and_counted() -> None:
    matcher = held(watch("all"), watch("not", q="NOT mars"), watch("new", novelty_min=0.1), watch("word", q="water"))
    assert matcher.always == 3
    assert answered(matcher, report(novelty=0.0)) == ["all", "not", "word"]


def test_a_search_comes_to_hang_on_what_is_rare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.search.matcher, "TURN", 50)
    monkeypatch.setattr(services.search.matcher, "COUNTED_AS_MUCH", 1)
    # Nobody says beforehand that each article says "water", and none "zebra".
    matcher = held(*(watch(str(number), q="water zebra") for number in range(9)))
    for number in range(1, 60):
        matcher.matching(Reading(report(number, title="Water", text="Water again.")))
    before = matcher.tried
    matcher.matching(Reading(report(99, title="Water", text="Water again.")))
    assert matcher.tried == before
    assert answered(matcher, report(100, title="Water", text="A zebra.")) == [str(number) for number in range(9)]


def test_a_key_that_comes_into_use_late_is_not_taken_for_rare() -> None:
    matcher = held(watch("first", q="mars", country="KE"))
    for number in range(1, 5_100):
        matcher._possible({"mars", "\x1flen", "\x1fcKE"} if number % 9 == 0 else {"\x1flen"})
    matcher.put("late", watch("late", language="en", country="KE"))
    assert matcher._kept["late"].hooks[0][0] == "\x1fcKE"
