"""Where something happens, and where somebody only spoke or came from."""

from __future__ import annotations

import pytest

from services.enrich.scenes import is_only_in, is_scene
from tests.enrich.reading import span_of


@pytest.mark.parametrize(
    ("text", "happens"),
    [
        ("The fire reached Tema.", True),
        ("They were caught in the port of Tema.", True),
        ("Two ships sank off Tema.", True),
        ("Officials in Tema said so.", False),
        ("A statement read in Tema said so.", False),
        ("They flew from a base near Tema.", False),
        ("It spread from Accra to Tema.", True),
        ("Tema waits.", False),
    ],
)
def test_a_scene_is_where_something_happens(text: str, *, happens: bool) -> None:
    assert is_scene(text, span_of("Tema", text)) is happens


@pytest.mark.parametrize(
    ("text", "only"), [("rain in Tema", True), ("rain near Tema", False), ("they came to Tema", False), ("Tema", False)]
)
def test_in_a_place_says_less_than_near_it_or_to_it(text: str, *, only: bool) -> None:
    assert is_only_in(text, span_of("Tema", text)) is only
