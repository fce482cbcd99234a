"""The headline that a story goes by."""

from __future__ import annotations

import pytest

from services.enrich.headlines import is_plain, most_central, withdrawn_by
from tests.enrich.reading import measures

PLAIN = "Kenya and Ethiopia sign water pact"


@pytest.mark.parametrize(
    "headline",
    [
        "Why Kenya signed a water pact",
        "Will the water pact hold?",
        "You will not like this water pact",
        "5 things about the water pact",
        "Opinion: a pact for all",
        "Water pact goes viral",
        "Pact at last!",
        "And then it rained...",
        "Pact signed",
        "",
    ],
)
def test_a_headline_that_teases_or_says_too_little_is_not_plain(headline: str) -> None:
    assert not is_plain(headline)


@pytest.mark.parametrize("headline", [PLAIN, "Earthquake shakes Chilean coast", "Суд отклонил жалобу министра вчера"])
def test_a_headline_that_says_what_happened_is_plain(headline: str) -> None:
    assert is_plain(headline)


def test_the_most_central_headline_is_taken() -> None:
    headlines = ["Rain falls on Oslo harbour again", "Kenya, Ethiopia sign pact on water", PLAIN]
    assert most_central("Rain falls on Oslo harbour again", headlines, measures().rarity) in headlines[1:]


def test_a_teasing_headline_is_not_taken_where_there_is_a_plain_one() -> None:
    teasing = "Why Kenya and Ethiopia sign water pact"
    assert most_central(teasing, [teasing, PLAIN], measures().rarity) == PLAIN


def test_a_title_stays_while_no_other_is_much_more_central() -> None:
    other = "Ethiopia and Kenya sign water pact"
    assert most_central(PLAIN, [PLAIN, other], measures().rarity) == PLAIN
    assert most_central(other, [PLAIN, other], measures().rarity) == other


@pytest.mark.parametrize(
    ("current", "headlines", "title"),
    [("", [], ""), ("", ["", " "], ""), ("", [PLAIN], PLAIN), (PLAIN, ["", "  "], PLAIN), (PLAIN, [PLAIN] * 9, PLAIN)],
)
def test_empty_headlines_are_none(current: str, headlines: list[str], title: str) -> None:
    assert most_central(current, headlines, measures().rarity) == title


@pytest.mark.parametrize("headline", ["?" * 100_000, "! " * 50_000, "a" * 100_000, "9" * 100_000, "\x00" * 100_000])
def test_a_headline_of_a_hundred_thousand_characters_is_not_plain_and_harms_nothing(headline: str) -> None:
    assert not is_plain(headline)
    assert most_central(headline, [PLAIN], measures().rarity) == PLAIN


def test_a_retraction_takes_back_the_headline_that_it_says_again_and_no_other() -> None:
    told = ["Minister Ruiz arrested at the airport", "Ruiz denies that he took bribes", PLAIN]
    lede = "The Gazette has retracted its report that the minister, Ana Ruiz, was arrested at the airport on Monday."
    assert withdrawn_by("Retraction", lede, told, measures().rarity) == told[:1]
    assert withdrawn_by("", "", told, measures().rarity) == []
