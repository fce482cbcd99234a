"""Lines that an outlet prints with every article are learned and left out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.enrich.furniture import OFTEN, furniture_of, without_furniture
from services.enrich.memory import Stories
from tests.enrich.reading import PACT, QUAKE, Desk, article, read

FOOTER = "Follow the Savannah Post on all channels for more news from the region."
FLOOD = "Rivers rose in the north after a week of rain, and villagers moved their goats to the hills by boat."
STRIKE = "Dockers in the port of Tema laid down their tools on Monday over overtime that was never paid to them."
TEXTS = (PACT, QUAKE, FLOOD, STRIKE)


def printed(times: int, outlet: str = "savannah-post.example") -> Stories:
    desk = Desk(Stories(timedelta(days=7), 100))
    for number in range(times):
        desk.take(read(article(f"Report {number}", f"{TEXTS[number]}\n{FOOTER}", hours=number, outlet=outlet)))
    return desk.stories


def left(text: str, stories: Stories, outlet: str = "savannah-post.example") -> str:
    return without_furniture(text, furniture_of(text, outlet), stories)


def test_a_line_that_an_outlet_printed_often_is_left_out() -> None:
    text = f"A new report begins here.\n{FOOTER}"
    assert left(text, printed(OFTEN)) == "A new report begins here."
    assert left(text, printed(OFTEN - 1)) == text


def test_another_outlet_may_print_the_same_line() -> None:
    text = f"A new report begins here.\n{FOOTER}"
    assert left(text, printed(OFTEN), outlet="other.example") == text
    assert left(text, printed(OFTEN, "other.example")) == text


def test_a_text_of_nothing_but_furniture_stays() -> None:
    assert left(FOOTER, printed(OFTEN)) == FOOTER


def test_copies_of_one_article_make_no_furniture() -> None:
    desk = Desk(Stories(timedelta(days=7), 100))
    for number in range(OFTEN + 1):
        desk.take(read(article(f"Report {number}", f"{PACT}\n{FOOTER}", hours=number)))
    text = f"A new report begins here.\n{FOOTER}"
    assert left(text, desk.stories) == text


@pytest.mark.parametrize("text", ["", "\n\n\n", " ", "short", "(AP)\n* * *", "\x00", "9\n" * 1000])
def test_short_and_empty_lines_are_no_furniture(text: str) -> None:
    assert furniture_of(text, "a.example") == {}
    assert left(text, Stories(timedelta(days=7), 9)) == text


def test_only_lines_at_the_ends_are_looked_at() -> None:
    lines = [f"This is line number {number}." for number in range(100)]
    assert list(furniture_of("\n".join(lines), "a.example").values()) == [*lines[:3], *lines[-8:]]


def test_spaces_and_case_do_not_change_a_line() -> None:
    assert furniture_of(f"  {FOOTER.upper()} ", "a.example").keys() == furniture_of(FOOTER, "a.example").keys()
    assert furniture_of(FOOTER, "b.example").keys() != furniture_of(FOOTER, "a.example").keys()


@pytest.mark.parametrize("text", ["9" * 100_000, "\x00" * 100_000, "word " * 20_000, "ก" * 100_000])
def test_a_line_of_a_hundred_thousand_characters_is_one_line(text: str) -> None:
    assert list(furniture_of(text, "a.example").values()) == [text.strip()]


def test_articles_with_a_line_are_counted_no_further_than_asked() -> None:
    lines = list(furniture_of(FOOTER, "savannah-post.example"))
    assert [printed(OFTEN).articles_with_lines(lines, most) for most in (1, 2, 9)] == [[1], [2], [OFTEN]]
