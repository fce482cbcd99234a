"""Which story a new article belongs to."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.claims import Claims
from services.enrich.follow import Measures, remembered
from services.enrich.memory import Stories
from services.enrich.story import MOST_SHARED, NAMED_THERE, Weights, are_one, story_of
from services.enrich.vector import SIZE
from tests.enrich.reading import PACT, PACT_AGAIN, QUAKE, Desk, article, measures, read

WEEK = timedelta(days=7)
# One story from a cosine of 0.5 between two meanings; words only say who is compared at all.
BY_MEANING = Measures(
    measures().rarity,
    Weights(*[0.0] * len(Weights._fields))._replace(bias=-5, meaning=10, bias_without_meaning=-5),
)


def turned(degrees: float) -> tuple[float, ...]:
    angle = math.radians(degrees)
    return (math.cos(angle), math.sin(angle), *[0.0] * (SIZE - 2))


def desk(*degrees: float) -> Desk:
    at = Desk(Stories(WEEK, 100), BY_MEANING)
    for number, turn in enumerate(degrees):
        text = f"Dockers {'abcdefghij'[number]}x {'klmnopqrst'[number]}y"
        at.take(read(article(f"Report {number}", text)).model_copy(update={"vector": turned(turn)}))
    return at


def nearest(at: Desk, degrees: float, text: str = "Dockers zz") -> tuple[str | None, str | None]:
    told = read(article("New", text)).model_copy(update={"vector": turned(degrees)})
    found = story_of(remembered(Claims(told), "k", at.stories, at.measured), at.stories, at.measured.weights)
    return found.story, found.second


def test_an_article_joins_the_story_that_it_is_likest_to() -> None:
    at = desk(0, 90)
    first, second = (at.stories.story_at(slot) for slot in (0, 1))
    assert nearest(at, 10) == (first, None)
    assert nearest(at, 80) == (second, None)
    assert nearest(at, 40) == (first, second)
    assert nearest(at, 200) == (None, None)


def test_an_article_that_shares_no_word_with_any_opens_a_story() -> None:
    assert nearest(desk(0), 0, "Ministers met") == (None, None)
    assert nearest(desk(), 0) == (None, None)
    assert nearest(desk(0), 0, "") == (None, None)


def test_by_the_shipped_weights_two_reports_of_one_event_are_one_story_and_two_events_are_two() -> None:
    at = Desk(Stories(WEEK, 100))
    pact, again, quake = at.take(
        read(article("Kenya and Ethiopia sign water pact", PACT)),
        read(article("Kenya, Ethiopia sign pact on Omo water", PACT_AGAIN, hours=2)),
        read(article("Earthquake shakes Chilean coast", QUAKE, hours=3)),
    )
    assert again.enriched.moment.story == pact.enriched.moment.story != quake.enriched.moment.story
    assert not are_one(pact.enriched.moment.story, quake.enriched.moment.story, at.stories, at.measured.weights)


def test_two_stories_are_one_where_their_articles_are_alike() -> None:
    at = desk(0, 90, 50)
    first, second = (at.stories.story_at(slot) for slot in (0, 1))
    assert not are_one(first, second, at.stories, at.measured.weights)
    assert are_one(first, first, at.stories, at.measured.weights)


@pytest.mark.parametrize(("days", "least", "most"), [(-3, 0.0, 0.5), (0, 0.0, 0.5), (7, 0.5, 1.0)])
def test_a_report_of_days_later_is_likelier_new(days: float, least: float, most: float) -> None:
    assert least <= measures().weights.late(days * 86_400) <= most


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_the_later_a_report_the_likelier_it_is_new(seconds: float, more: float) -> None:
    weights = measures().weights
    assert 0 <= weights.late(seconds) <= weights.late(seconds + more) <= 1


def test_an_article_without_a_vector_is_compared_by_its_words() -> None:
    at = Desk(Stories(WEEK, 100))
    bare = read(article("Kenya and Ethiopia sign water pact", PACT))
    meant = read(article("Kenya, Ethiopia sign pact on Omo water", PACT_AGAIN)).model_copy(update={"vector": turned(0)})
    one, other = at.take(bare, meant)
    assert one.enriched.moment.story == other.enriched.moment.story
    row = remembered(Claims(meant), "k", at.stories, at.measured)
    logits = measures().weights.alike(row, np.array([0, 1], dtype=np.int32), at.stories)
    assert np.isfinite(logits).all()


@pytest.mark.parametrize(
    ("countries", "abroad"),
    [
        (("PE",), 0.0),
        (("EC",), 1.0),
        (("CL", "PE"), NAMED_THERE),
        (("", "EC"), 0.0),
        ((), 0.0),
    ],
    ids=["the same country", "another", "another that names it", "none known", "none named"],
)
def test_two_floods_in_two_countries_are_far_apart(countries: tuple[str, ...], abroad: float) -> None:
    told = read(article("Flood", "A flood came."))
    measured = Measures(BY_MEANING.rarity, BY_MEANING.weights._replace(abroad=-4))
    at = Desk(Stories(WEEK, 100), measured)
    row = remembered(Claims(told), "k", at.stories, measured)
    at.stories.keep(replace(row, countries=("PE", "BO")))
    slots = np.array([0], dtype=np.int32)
    there = measured.weights.alike(replace(row, countries=("PE",)), slots, at.stories)
    other = measured.weights.alike(replace(row, countries=countries), slots, at.stories)
    assert there - other == pytest.approx(4 * abroad)


def test_rare_names_that_two_articles_share_bring_them_together() -> None:
    measured = Measures(BY_MEANING.rarity, BY_MEANING.weights._replace(names=1))
    at = Desk(Stories(WEEK, 100), measured)
    row = remembered(Claims(read(article("Mine", "A mine fell in."))), "k", at.stories, measured)
    at.stories.keep(replace(row, names=(3, 5, 7, 9, 11)))
    slots = np.array([0], dtype=np.int32)
    alike = [
        float(measured.weights.alike(replace(row, names=names), slots, at.stories)[0])
        for names in ((), (4,), (5,), (5, 7), (3, 5, 7, 9, 11))
    ]
    assert [one - alike[0] for one in alike] == pytest.approx([0, 0, 1, 2, MOST_SHARED])
