"""How a place's name is used."""

from __future__ import annotations

import pytest

from services.enrich.gazetteer import Gazetteer
from services.enrich.place_uses import is_metonym


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Beijing said it would respond.", "Beijing", True),
        ("Tamil Nadu wants the board as planned.", "Tamil Nadu", True),
        ("Tunisia’s decision was late.", "Tunisia", True),
        ("They agreed on sanctions against Iran.", "Iran", True),
        ("Slovenia has yet to sign.", "Slovenia", True),
        ("Officials in Beijing said so.", "Beijing", False),
        ("He flew to Iran.", "Iran", False),
        ("Tunisia’s coast is long.", "Tunisia", False),
        ("a wall along the border with Mexico", "Mexico", False),
        ("Springfield said no.", "Springfield", False),
    ],
)
def test_who_acts_in_a_places_name_is_told_from_the_place(
    gazetteer: Gazetteer, text: str, name: str, expected: bool
) -> None:
    start = text.index(name)
    assert is_metonym(text, start, start + len(name), gazetteer.candidates(name)[0]) is expected
