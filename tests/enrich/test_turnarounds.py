"""Where a text says that somebody changed sides."""

from __future__ import annotations

import pytest

from services.enrich.turnarounds import find_turnaround


def words(text: str) -> str | None:
    span = find_turnaround(text, len(text))
    return None if span is None else span.of(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ruiz now supports the plan.", "now supports"),
        ("The unions oppose it now.", "oppose it now"),
        ("He will no longer block it.", "will no longer block"),
        ("They withdrew their support.", "withdrew their support"),
        ("The party dropped its objections.", "dropped its objections"),
        ("She changed her mind.", "changed her mind"),
        ("He broke with the president.", "broke with"),
        ("Holm came out against it.", "came out against"),
        ("The ministry made a U-turn.", "U-turn"),
        ("It reversed its earlier position.", "reversed its earlier position"),
    ],
)
def test_a_change_of_sides_is_found_in_its_words(text: str, found: str) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "He supports the plan.",
        "The vote ended.",
        "A broken window.",
        "They opposed it from the first.",
        "\x00",
        "Он больше не поддерживает план.",
        "a" * 100_000,
        "9" * 100_000,
        "withdrew its " * 8_000,
        "now " * 25_000,
        "The files are now back online.",
        "He said that he could withdraw his support.",
        "The statue no longer stands.",
    ],
    ids=range(14),
)
def test_who_stays_on_a_side_did_not_turn(text: str) -> None:
    assert words(text) is None


def test_what_stands_after_the_lead_is_background() -> None:
    text = "It rained. Ruiz now supports the plan."
    assert find_turnaround(text, text.index(" supports")) is None
