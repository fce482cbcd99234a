"""What a number's words come to."""

from __future__ import annotations

import pytest

from services.enrich.numerals import NUMBER, shares_in, value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("1,200", 1200),
        ("€870,000 to a firm", 870_000),
        ("$3.7bn", 3.7e9),
        ("1.2 million", 1.2e6),
        ("two hundred and six", 206),
        ("twenty-one", 21),
        ("half a billion", 5e8),
        ("a dozen", 12),
    ],
)
def test_a_number_is_worth_what_its_words_say(text: str, value: float) -> None:
    match = NUMBER.search(text)
    assert match is not None
    assert value_of(match)[0] == value


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("nearly a quarter of a million people", 250_000, "a quarter of a million"),
        ("three quarters of a billion euros", 7.5e8, "three quarters of a billion"),
        ("some of a million people", 1e6, "a million"),
    ],
)
def test_a_part_of_a_number_begins_before_it(text: str, value: float, words: str) -> None:
    *_, match = NUMBER.finditer(text)
    assert value_of(match) == (value, text.index(words))


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("seven trains in ten were cancelled", 70),
        ("Two thirds of voters stayed away.", 66.7),
        ("one in five.", 20),
        ("nearly two fifths of the cement", 40),
        ("a fifth of the shares", 20),
    ],
)
def test_a_share_in_words_is_so_many_percent(text: str, percent: float) -> None:
    assert [value for *_, value in shares_in(text)] == [percent]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "five people in two towns",
        "nine people died in ten days",
        "in two quarters of the town",
        "a third man came",
        "three quarters of a million people",
        "nine in three.",
        "\x00",
        "in ten " * 10_000,
    ],
)
def test_other_numbers_beside_each_other_are_no_share(text: str) -> None:
    assert list(shares_in(text)) == []
