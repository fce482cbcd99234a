"""What a number counts, and which of a text's numbers count nothing."""

from __future__ import annotations

import pytest

from services.enrich.counted import counted
from services.enrich.numerals import NUMBER, value_of


def of(text: str) -> str | None:
    match = NUMBER.search(text)
    assert match is not None
    value, _ = value_of(match)
    assert value is not None
    return counted(value, match, text[: match.start()], text[match.end() :])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12 people were killed", "dead"),
        ("eight have died within a week", "dead"),
        ("killed at least 12", "dead"),
        ("the number of people arrested rose to 262", "arrested"),
        ("sanctions on nine officials", "people"),
        ("400 tonnes of rice", None),
        ("400 flights", "flights"),
        ("It is seven, and not more.", ""),
        ("8,000 of them stayed away", ""),
    ],
)
def test_a_number_counts_what_its_words_say_or_stands_alone(text: str, kind: str | None) -> None:
    assert of(text) == kind


@pytest.mark.parametrize("text", ["in May 12", "12 km", "1994", "aged 34", "40 dead every year", "the 53 aboard", "0"])
def test_dates_lengths_ages_and_what_there_always_is_are_no_counts(text: str) -> None:
    assert of(text) is None
