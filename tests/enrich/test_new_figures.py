"""Which figures of an article its story has not told."""

from __future__ import annotations

from typing import Any

import pytest

from services.enrich.chronicle import Chronicle
from services.enrich.claims import Claims
from services.enrich.new_figures import new_figures, told_again
from tests.enrich.reading import article, measures, read


def claims(text: str, title: str = "A report") -> Claims:
    return Claims(read(article(title, text)))


def new(text: str, *told: list[Any], title: str = "A report") -> list[tuple[str, str, float]]:
    return [one.key for one in new_figures(claims(text, title), told)]


def dead(value: float) -> list[Any]:
    return ["count", "dead", value, True]


@pytest.mark.parametrize(
    ("text", "told", "found"),
    [
        ("At least 12 people were killed.", [], [12]),
        ("The death toll rose to 30.", [dead(12)], [30]),
        ("The death toll stood at 12.", [dead(12)], []),
        ("Nine people were killed.", [dead(12)], []),
        ("More than 30 people were killed.", [dead(38)], []),
        ("More than 30 people were killed.", [dead(12)], [30]),
        ("About 200 people were killed.", [dead(211)], []),
        ("Two hundred people were killed.", [dead(211)], []),
        ("13 people were killed.", [dead(12)], [13]),
        ("12 people were killed and 30 were found dead on Friday.", [dead(12)], [30]),
        ("12 people were killed.", [["count", "injured", 12.0, True]], []),
        ("12 people were killed.", [["percent", "", 12.0, True]], [12]),
    ],
)
def test_a_toll_is_new_if_it_rose(text: str, told: list[list[Any]], found: list[float]) -> None:
    assert new(text, *told) == [("count", "dead", value) for value in found]


def test_a_lower_toll_is_new_only_where_it_is_put_right() -> None:
    assert new("The ministry corrected the toll: 9 people were killed.", dead(12)) == [("count", "dead", 9)]


@pytest.mark.parametrize(
    ("text", "told", "found"),
    [
        ("The bank gave $3.7 billion.", [], [("money", "", 3.7e9)]),
        ("The bank gave $3.02 billion.", [["money", "", 3e9, True]], []),
        ("The bank gave $3.7 billion.", [["money", "", 3e9, True]], [("money", "", 3.7e9)]),
        ("Parliament passed it by 61 to 38.", [["votes", "", 61.0037, True]], [("votes", "", 61.0038)]),
        ("Parliament passed it by 61 to 38.", [["votes", "", 61.0038, True]], []),
        ("A quake of magnitude 6.1 struck.", [["magnitude", "", 6.0, True]], [("magnitude", "", 6.1)]),
        ("They had three flights.", [], []),
        ("They had 400 flights.", [], [("count", "flights", 400)]),
    ],
)
def test_sums_votes_and_magnitudes_are_new_if_they_differ(
    text: str, told: list[list[Any]], found: list[tuple[str, str, float]]
) -> None:
    assert new(text, *told) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("117 deputies voted for it.", ["votes", "", 121.0117, True]),
        ("Some 8,000 nurses stayed away.", ["count", "", 8000.0, False]),
        ("Seven people are still inside.", ["count", "", 7.0, True]),
        ("They gave 140 million euros.", ["count", "", 140e6, False]),
        ("70 percent of trains stood still.", ["percent", "", 70.0, True]),
        ("Nearly a quarter of a million people fled.", ["count", "people", 240_000.0, True]),
    ],
)
def test_a_number_told_in_other_words_is_not_new(text: str, told: list[Any]) -> None:
    assert new(text) != new(text, told) == []


@pytest.mark.parametrize(
    "text",
    [
        "It is half a billion dollars more than the first offer.",
        "Seven in ten stayed away.",
        "In 2017 a quake killed more than 500 people.",
        "It is seven.",
        "He was 100 percent sure.",
    ],
)
def test_differences_shares_in_words_other_years_and_lone_numbers_are_no_news(text: str) -> None:
    assert new(text) == []


def test_a_lone_number_counts_what_its_neighbour_or_the_headline_does() -> None:
    trapped = ["count", "trapped", 10.0, True]
    assert new("Police corrected the number. It is seven, and not ten.", trapped) == [("count", "trapped", 7)]
    assert new("They corrected the count from 512 to 431.", ["count", "infected", 512.0, True]) == [
        ("count", "infected", 431)
    ]
    assert new("Fourteen of them are held.", title="14 people arrested") == [("count", "arrested", 14)]


def test_a_toll_of_another_year_hides_none_of_today() -> None:
    early = "Six people died. In 2016 a quake killed more than 600 people."
    story = Chronicle()
    story.take(claims(early), 0, measures().rarity, is_copy=False, is_revision=False)
    assert new("The number of dead rose to 14.", *story.figures) == [("count", "dead", 14)]


def test_what_stands_far_down_is_background_unless_the_headline_says_it() -> None:
    text = "It rained on the town. " * 40 + "In the war, 900 people were killed."
    assert new(text) == []
    assert new(text, title="War killed 900 people") == [("count", "dead", 900)]


def test_what_can_be_reckoned_is_no_news() -> None:
    assert new("27 people were saved.", ["count", "people", 31.0, True], dead(4)) == []


def test_a_figure_points_at_its_words_or_at_none_in_the_headline() -> None:
    text = "Divers said that the number of dead rose to 21."
    [figure] = new_figures(claims(text), [dead(9)])
    assert [span.of(text) for span in figure.spans] == ["21"]
    assert figure.reason == "21 dead; the story had 9 before."
    [titled] = new_figures(claims("It rained.", "Ferry toll: 21 dead"), [dead(9)])
    assert titled.spans == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "Seven people were still held in the bank.",
            "“Seven people were still held in…”: the story had no such figure.",
        ),
        ("Japan gave $18m for seed and tools, it said.", "“$18m for seed and tools”: the story had no such figure."),
        ("Turnout was 61.5 percent, they said.", "“61.5 percent”: the story had no such figure."),
        ("Seven people were arrested.", "Seven arrested: the story had no such figure."),
        ("It passed by 61 votes to 38.", "61 votes to 38: the story had no such figure."),
    ],
)
def test_a_reason_says_what_is_counted(text: str, reason: str) -> None:
    [figure] = new_figures(claims(text), [])
    assert figure.reason == reason


@pytest.mark.parametrize(
    ("text", "key", "again"),
    [
        ("The toll is 12.", ("count", "dead", 12.0), True),
        ("12 people were killed.", ("count", "dead", 12.0), True),
        ("12 people were injured.", ("count", "dead", 12.0), False),
        ("13 people were killed.", ("count", "dead", 12.0), False),
        ("They paid $3.02 billion.", ("money", "", 3e9), True),
        ("", ("count", "dead", 12.0), False),
    ],
)
def test_a_figure_is_told_again_if_it_is_the_same(text: str, key: tuple[str, str, float], *, again: bool) -> None:
    assert told_again(claims(text), key) is again


@pytest.mark.parametrize("text", ["", "\x00", "9" * 100_000, "12 dead " * 12_000, "ก" * 1000])
def test_texts_of_nothing_and_of_very_much_bring_few_figures(text: str) -> None:
    assert len(new(text)) <= 1
