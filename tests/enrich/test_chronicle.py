"""What a story remembers, and how it counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from schemas.annotations import AnnotatedArticle
from services.enrich.chronicle import (
    LONGEST,
    MOST_ACTORS,
    MOST_DEVELOPMENTS,
    MOST_FIGURES,
    MOST_HOURS,
    MOST_NAMES,
    MOST_OUTLETS,
    Chronicle,
    Found,
)
from services.enrich.claims import Claims
from tests.enrich.reading import PACT, PACT_AGAIN, QUAKE, article, measures, read

FIRST = read(article("Kenya and Ethiopia sign water pact", PACT), places=("Nairobi",))
SECOND = read(
    article("Kenya, Ethiopia sign pact on Omo water", PACT_AGAIN, hours=30, outlet="b.example"),
    actors={"Amina Odera": 0.6},
    places=("Nairobi",),
)
TOLL = Found("d-1", "new_figure", ["count", "dead", 12.0], "12 dead.", 0.6, "12")


def taken(*articles: AnnotatedArticle, copies: frozenset[int] = frozenset(), first: int = 0) -> Chronicle:
    story = Chronicle()
    for order, one in enumerate(articles, first):
        story.take(Claims(one), order, measures().rarity, is_copy=order in copies, is_revision=False)
    return story


def test_a_story_counts_its_articles_outlets_actors_places_and_hours() -> None:
    so_far = taken(FIRST, SECOND).so_far()
    assert (so_far.version, so_far.articles, so_far.duplicates) == (2, 2, 0)
    assert [(one.domain, one.country, one.articles) for one in so_far.outlets] == [
        ("savannah-post.example", "KE", 1),
        ("b.example", "KE", 1),
    ]
    assert [(one.name, one.articles) for one in so_far.actors] == [("Amina Odera", 1)]
    assert [(one.name, one.articles) for one in so_far.places] == [("Nairobi", 2)]
    assert [one.articles for one in so_far.hours] == [1, 1]
    assert (so_far.first_published, so_far.last_published) == (FIRST.article.published, SECOND.article.published)


def test_an_article_that_comes_again_changes_nothing() -> None:
    story = taken(FIRST, SECOND)
    before = story.packed()
    story.take(Claims(FIRST), 0, measures().rarity, is_copy=False, is_revision=False)
    assert story.packed() == before


def test_a_copy_adds_its_outlet_and_hour_and_nothing_that_it_says() -> None:
    story = taken(FIRST, SECOND, copies=frozenset({1}))
    assert (story.articles, story.duplicates, len(story.outlets)) == (2, 1, 2)
    assert story.actors == {}
    assert story.headlines == [FIRST.article.title]


def test_a_revision_adds_what_it_says_and_no_article() -> None:
    story = taken(FIRST)
    story.take(Claims(SECOND), 1, measures().rarity, is_copy=False, is_revision=True)
    assert (story.articles, story.version, len(story.outlets)) == (1, 2, 1)
    assert "amina odera" in story.names


def test_a_late_article_moves_the_beginning_and_not_the_end() -> None:
    so_far = taken(SECOND, FIRST).so_far()
    assert (so_far.first_published, so_far.last_published) == (FIRST.article.published, SECOND.article.published)


def test_a_development_that_is_told_again_gains_an_article_and_its_outlet_once() -> None:
    story = taken(FIRST)
    story.tell([TOLL], [], FIRST.article)
    for _ in range(2):
        story.tell([], ["d-1"], SECOND.article)
    [told] = story.so_far().developments
    assert (told.article, told.articles, told.outlets) == (FIRST.article.id, 3, ("savannah-post.example", "b.example"))


def test_a_packed_story_is_the_same_again() -> None:
    story = taken(FIRST, SECOND)
    story.tell([TOLL], [], FIRST.article)
    again = Chronicle.unpacked(story.packed())
    assert again.packed() == story.packed()
    assert again.so_far() == story.so_far()


def test_two_stories_become_one_that_has_all_of_both() -> None:
    older, younger = taken(FIRST), taken(SECOND, first=1)
    older.tell([TOLL], [], FIRST.article)
    opening = Found("d-2", "new_story", [], "No earlier article.", 1.0, "")
    younger.tell([opening, Found("d-3", "new_act", ["sign"], "Signed.", 0.6, "sign")], [], SECOND.article)
    younger.merged = ["s-0"]
    older.absorb(younger, "s-2")
    so_far = older.so_far()
    assert (so_far.articles, so_far.merged) == (2, ("s-2", "s-0"))
    assert {one.domain for one in so_far.outlets} == {"savannah-post.example", "b.example"}
    assert [(one.name, one.articles) for one in so_far.places] == [("Nairobi", 2)]
    assert [one.id for one in so_far.developments] == ["d-1", "d-3"]
    assert so_far.last_published == SECOND.article.published
    assert "amina odera" in older.names


@pytest.mark.parametrize("copies", [frozenset[int](), frozenset(range(1, 400))])
def test_a_story_of_hundreds_of_articles_stays_within_its_bounds(copies: frozenset[int]) -> None:
    many = [
        read(
            article(
                f"Report {number}",
                f"Ruiz{number} spoke. {number + 2500} people were killed and {number + 9000} dogs hurt.",
                hours=number,
                outlet=f"o{number}.example",
            ),
            actors={f"Ruiz{number}": 0.5},
        )
        for number in range(400)
    ]
    story = taken(*many, copies=copies)
    for number in range(100):
        story.tell([Found(f"d-{number}", "surge", [number], "So many.", 0.5, "")], [], FIRST.article)
    sizes: list[tuple[Any, int]] = [
        (story.outlets, MOST_OUTLETS),
        (story.actors, MOST_ACTORS),
        (story.names, MOST_NAMES),
        (story.figures, MOST_FIGURES),
        (story.hours, MOST_HOURS),
        (story.developments, MOST_DEVELOPMENTS),
    ]
    assert all(len(kept) <= most for kept, most in sizes)
    assert story.articles == 400
    assert len(story.packed()) < 60_000


@pytest.mark.parametrize("text", ["", "\x00", "9" * 100_000, "word " * 20_000, "ก" * 1000])
def test_an_article_of_anything_can_be_taken(text: str) -> None:
    story = taken(read(article(text[:100], text)))
    assert Chronicle.unpacked(story.packed()).so_far() == story.so_far()


def test_the_same_articles_in_another_order_make_the_same_counts() -> None:
    quake = read(article("Earthquake shakes Chile", QUAKE, hours=2, outlet="c.example"))
    one, other = taken(FIRST, SECOND, quake).so_far(), taken(quake, SECOND, FIRST).so_far()
    for name in ("articles", "first_published", "last_published", "hours"):
        assert getattr(one, name) == getattr(other, name)
    assert set(one.outlets) == set(other.outlets)
    assert set(one.actors) == set(other.actors)


def test_what_two_stories_both_told_is_one_development_when_they_become_one() -> None:
    older, younger = taken(FIRST), taken(SECOND, first=1)
    older.tell([TOLL], [], FIRST.article)
    younger.tell([replace(TOLL, id="d-9")], [], SECOND.article)
    older.absorb(younger, "s-2")
    [told] = older.so_far().developments
    assert (told.id, told.articles, told.outlets) == ("d-1", 2, ("savannah-post.example", "b.example"))


def test_a_figure_that_was_background_is_told_as_news_once_it_is_news() -> None:
    far = read(article("It rained", "It rained on the town. " * 40 + "Thirty people were killed."))
    early = read(article("Storm", "Thirty people were killed.", hours=1))
    assert [figure[3] for figure in taken(far).figures] == [False]
    assert [figure[3] for figure in taken(far, early).figures] == [True]


def test_names_are_kept_in_an_order_that_is_the_same_in_every_process() -> None:
    text = "Ruiz, Holm, Odera, Mensah and Abara spoke."
    story = taken(read(article("A report", text), actors=dict.fromkeys(text.replace(",", "").split()[:4], 0.2)))
    assert list(story.names) == sorted(story.names)


def test_a_headline_of_any_length_is_kept_short() -> None:
    story = taken(*(read(article(f"{number} {'word ' * 20_000}", PACT)) for number in range(3)))
    assert max(map(len, (story.title, *story.headlines))) <= LONGEST


def test_a_report_that_was_taken_back_gives_its_story_no_title() -> None:
    story = Chronicle()
    wrong = "Minister Ruiz arrested at the airport"
    for order, (title, text) in enumerate(
        [
            (wrong, "Police arrested the minister, Ana Ruiz, at the airport."),
            (wrong, "Minister Ruiz was arrested at the airport on Monday."),
            (
                "Ministry: Ruiz was not arrested",
                "The Gazette retracted its report that minister Ruiz was arrested at the airport.",
            ),
        ]
    ):
        told = Claims(read(article(title, text, name=str(order))))
        story.take(told, order, measures().rarity, is_copy=False, is_revision=False)
    assert story.title == "Ministry: Ruiz was not arrested"
    again = Claims(read(article(wrong, "Minister Ruiz was arrested at the airport.", name="late")))
    story.take(again, 3, measures().rarity, is_copy=False, is_revision=False)
    assert story.title == "Ministry: Ruiz was not arrested"
    assert Chronicle.unpacked(story.packed()).withdrawn == [wrong]
