"""Which words may name a place, before anything is judged."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.enrich.gazetteer import Gazetteer
from services.enrich.place_mentions import possible_places


@dataclass(frozen=True)
class Tagged:
    """A mention as the names model finds it."""

    start: int
    end: int
    kind: str
    confidence: float = 0.9


def tagged(text: str, name: str, kind: str) -> Tagged:
    start = text.index(name)
    return Tagged(start, start + len(name), kind)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A man from Winona, Minn., was held.", ["Winona", "Minn"]),
        ("The Palestinian-Israeli talks", ["Palestinian", "Israeli"]),
        ("He left Ohio. They stayed.", ["Ohio"]),
        ("Georgia's governor", ["Georgia"]),
        ("On Monday the Court met in Green Park", ["Green Park"]),
        ("nothing in small letters, not even georgia", []),
    ],
)
def test_what_the_tagger_passed_over_is_looked_up(gazetteer: Gazetteer, text: str, names: list[str]) -> None:
    found = possible_places(text, [], gazetteer)
    assert [text[each.start : each.end] for each in found] == names
    assert {each.tagged for each in found} <= {"none"}


def test_a_part_of_a_longer_name_says_so(gazetteer: Gazetteer) -> None:
    text = "The Georgia Bureau of Investigation called."
    (part,) = possible_places(text, [tagged(text, "Georgia Bureau of Investigation", "organization")], gazetteer)
    assert (text[part.start : part.end], part.is_part, part.tagged) == ("Georgia", True, "organization")


def test_people_are_never_asked(gazetteer: Gazetteer) -> None:
    text = "Paris Hilton sang."
    assert possible_places(text, [tagged(text, "Paris Hilton", "person")], gazetteer) == []


def test_two_mentions_that_are_one_name_are_joined(gazetteer: Gazetteer) -> None:
    text = "They crossed Lake Victoria."
    mentions = [tagged(text, "Lake", "location"), tagged(text, "Victoria", "location")]
    (lake,) = possible_places(text, mentions, gazetteer)
    assert text[lake.start : lake.end] == "Lake Victoria"


@settings(max_examples=60, deadline=None)
@given(text=st.text(alphabet="Paris ,.'’-\nGeorgia’sÉU北", max_size=60))
def test_possible_places_lie_apart_and_in_order(gazetteer: Gazetteer, text: str) -> None:
    found = possible_places(text, [], gazetteer)
    for one, other in itertools.pairwise(found):
        assert one.end <= other.start
    assert all(0 <= each.start < each.end <= len(text) for each in found)
