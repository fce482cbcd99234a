"""What a text counts, and what of its numbers is no count."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.figures import READ, figures_in, find_figures

PIECES = st.sampled_from(
    """9 12 1,000 3.7 61-38 $ € US$ % percent dead killed people hundred thousand million a half dozen and to against
    votes magnitude . , - – at least ruiz May 2019 - \x00 ٣ 三 lempiras""".split()  # noqa: SIM905
)


@pytest.mark.parametrize(
    ("text", "words", "value", "of"),
    [
        ("At least 12 people were killed.", "12", 12, "dead"),
        ("The death toll rose to 17.", "17", 17, "dead"),
        ("Thirty people were killed.", "Thirty", 30, "dead"),
        ("Some 45 fans were taken to hospital, injured.", "45", 45, "people"),
        ("Two hundred and six people were arrested.", "Two hundred and six", 206, "arrested"),
        ("A dozen bodies were found.", "A dozen", 12, "dead"),
        ("Of these, eighty-four were saved.", "eighty-four", 84, "rescued"),
        ("The number of people arrested at the march rose to 262.", "262", 262, "arrested"),
        ("Thieves still hold some 40 hostages.", "40", 40, "trapped"),
        ("More than 1,200 vehicles burned.", "1,200", 1200, "vehicles"),
        ("1.2 million residents fled.", "1.2 million", 1_200_000, "evacuated"),
        ("One person died.", "One", 1, "dead"),
        ("٣ people were killed.", "٣", 3, "dead"),
    ],
)
def test_a_count_says_what_it_counts(text: str, words: str, value: float, of: str) -> None:
    [figure] = find_figures("", text)
    assert (figure.span.of(text), figure.value, figure.unit, figure.of) == (words, value, "count", of)


@pytest.mark.parametrize(
    ("text", "words", "value", "unit"),
    [
        ("The fund gave $3.7bn.", "$3.7bn", 3.7e9, "money"),
        ("It costs US$ 45 million.", "US$ 45 million", 45e6, "money"),
        ("He paid 2.5 million euros.", "2.5 million euros", 2.5e6, "money"),
        ("A price of half a million lempiras is on his head.", "half a million lempiras", 5e5, "money"),
        ("Turnout was 61.5 percent.", "61.5 percent", 61.5, "percent"),
        ("Prices rose 5%.", "5%", 5, "percent"),
        ("Two thirds of voters stayed away.", "Two thirds", 66.7, "percent"),
        ("Nine in ten stayed away.", "Nine in ten", 90, "percent"),
        ("It is seven, and not more.", "seven", 7, "count"),
        ("He gave €870,000 to a firm.", "€870,000", 870_000, "money"),
        ("Parliament passed it by 61 to 38.", "61 to 38", 61.0038, "votes"),
        ("Deputies voted 137-102 for it.", "137-102", 137.0102, "votes"),
        ("The board decided by four votes to two.", "four votes to two", 4.0002, "votes"),
        ("The judges rejected it, five to four.", "five to four", 5.0004, "votes"),
        ("He won 117 votes.", "117", 117, "votes"),
        ("An earthquake of magnitude 6.8 struck.", "6.8", 6.8, "magnitude"),
        ("A 5.4-magnitude quake struck.", "5.4", 5.4, "magnitude"),
    ],
)
def test_sums_shares_votes_and_magnitudes_are_no_counts(text: str, words: str, value: float, unit: str) -> None:
    [figure] = find_figures("", text)
    assert (figure.span.of(text), figure.value, figure.unit, figure.of) == (words, value, unit, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t ",
        "It rained in 1994.",
        "On May 12 it rained.",
        "Ruiz, 34, said so.",
        "Ruiz, aged 34 said so.",
        "The 12-year-old slept.",
        "It lies 12 km away.",
        "They met at 5 p.m. today.",
        "Zero people came.",
        "Nobody was hurt.",
        "Flight 370 took off.",
        "Мы видели их там.",
        "三人在地震中死亡。",
        "\x00\x00\x00",
    ],
)
def test_years_dates_ages_lengths_and_times_are_no_figures(text: str) -> None:
    assert find_figures(text, text) == ()


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("At least 12 people were killed.", "least"),
        ("More than 12 people were killed.", "least"),
        ("About 12 people were killed.", "about"),
        ("As many as 12 people were killed.", "about"),
        ("A dozen people were killed.", "about"),
        ("Exactly 12 people were killed.", ""),
    ],
)
def test_a_bound_is_told_from_the_number_itself(text: str, bound: str) -> None:
    assert [figure.bound for figure in find_figures("", text)] == [bound]


def test_figures_of_the_headline_come_first_and_point_into_it() -> None:
    title, text = "Twelve killed in Tema", "Police say 30 people were hurt, and 12 killed."
    found = find_figures(title, text)
    assert [figure.headline for figure in found] == [True, False, False]
    assert [figure.span.of(title if figure.headline else text) for figure in found] == ["Twelve", "30", "12"]


def test_what_stands_far_down_is_not_read() -> None:
    assert find_figures("", "x " * (READ // 2) + "12 people were killed.") == ()


@pytest.mark.parametrize(
    "text",
    [
        "9" * 100_000,
        "1,000," * 16_000,
        "hundred " * 12_000,
        f"a {'hundred ' * 490}people died",
        "$" * 100_000,
        "1-" * 50_000,
        "61 to 38 " * 10_000,
        "a" * 100_000,
        "٣" * 100_000,
        "\x0012" * 30_000,
        "one " * 25_000,
        f"{'9' * 400} people died",
        f"Deputies voted {'9' * 400}-3 for it",
        f"${'9' * 350} million",
        "9" * 400 + " votes",
    ],
    ids=range(15),
)
def test_a_hundred_thousand_characters_of_numbers_harm_nothing(text: str) -> None:
    for figure in find_figures(text, text):
        assert math.isfinite(figure.value)
        assert figure.span.end <= READ


@given(st.lists(PIECES, max_size=40).map(" ".join) | st.text(max_size=200))
def test_every_figure_is_finite_and_stands_where_it_says(text: str) -> None:
    found = figures_in(text)
    for figure in found:
        assert math.isfinite(figure.value)
        assert figure.value >= 0
        assert figure.span.of(text) == figure.span.of(text).strip()
        assert figure.span.end <= len(text)
        assert figure.of == "" or figure.unit == "count"
    assert [one.span.start for one in found] == sorted(one.span.start for one in found)


@pytest.mark.parametrize(
    "text",
    ["India counts some 170,000 deaths a year.", "The road kills 40 people every month.", "the 53 people aboard"],
)
def test_what_there_always_is_and_what_is_known_are_no_counts(text: str) -> None:
    assert find_figures("", text) == ()
