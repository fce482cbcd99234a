"""Bounds of names that someone crafted to be slow; the ordinary ones are tested where names are found."""

from __future__ import annotations

import pytest

from services.enrich.boundaries import without_small_words
from services.enrich.place_evidence import words_before_a_sign

LONG = 100_000
"""Characters: with a pattern that tries each beginning these would take minutes, and read backwards they take none."""


@pytest.mark.parametrize("words", ["of the ", "a ", "and x ", " ", "\n of"])
@pytest.mark.parametrize("keeps_small", [True, False])
def test_however_many_small_words_follow_a_name_their_number_is_the_work(words: str, keeps_small: bool) -> None:
    crafted = "Ministry " + words * (LONG // len(words)) + "!"
    assert without_small_words(crafted, 0, len(crafted), keeps_small=keeps_small) == (0, len(crafted))
    begun = "x" + words * (LONG // len(words)) + "Ministry"
    assert without_small_words(begun, 0, len(begun), keeps_small=keeps_small)[1] == len(begun)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("the Bank of", "Bank"),
        ("Bank of the", "Bank"),
        ("new England captain", "England"),
        ("al-Qaida", "al-Qaida"),
        ("van der Bellen", "van der Bellen"),
    ],
)
def test_small_words_at_the_ends_are_no_part_of_a_name(name: str, kept: str) -> None:
    start, end = without_small_words(name, 0, len(name))
    assert name[start:end] == kept


@pytest.mark.parametrize("crafted", ["A" * LONG, "A " * (LONG // 2), "A.'" * (LONG // 3), " " * LONG])
def test_however_long_the_words_before_a_comma_their_length_is_the_work(crafted: str) -> None:
    assert len(words_before_a_sign(crafted + ",")) <= 4
    assert words_before_a_sign(crafted + "!") == []


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("He flew to Paris, ", ["Paris"]),
        ("the town of New London (", ["New", "London"]),
        ("in St. John’s, ", ["St.", "John’s"]),
        ("One Two Three Four Five,", ["Two", "Three", "Four", "Five"]),
        ("near (Paris, ", ["Paris"]),
        ("Trans-Siberian mcDonald Park, ", ["Donald", "Park"]),
        ("in Paris ", []),
        ("in paris, ", []),
    ],
)
def test_the_words_before_a_sign_are_the_capitalised_ones(before: str, words: list[str]) -> None:
    assert words_before_a_sign(before) == words
