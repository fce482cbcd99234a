"""Where an article takes back what was told before."""

from __future__ import annotations

import pytest

from services.enrich.corrections import FIRST, find_correction, retracts, says_correction


def words(text: str) -> str | None:
    span = find_correction(text)
    return None if span is None else span.of(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The ministry corrected the toll to 12.", "corrected the toll"),
        ("The toll was revised down to nine.", "toll was revised"),
        ("Twelve, not 21 as was first reported, died.", "not 21 as was first reported"),
        ("The company retracted its statement.", "retracted its statement"),
        ("Nine names had been counted twice.", "been counted twice"),
        ("He took back his first remark on the valve.", "took back his first remark"),
        ("The first count was too high.", "count was too high"),
        ("Nine, rather than 21 as first reported, died.", "rather than 21 as first reported"),
        ("It had wrongly said that he died.", "had wrongly"),
        ("  An earlier version of this article gave another date.", "An earlier version of this article"),
        ("This story has been corrected.", "This story has been corrected"),
    ],
)
def test_words_that_take_something_back_are_found(text: str, found: str) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The toll rose to 12.",
        "He corrected his spelling.",
        "It means suppression, rather than the stated goal.",
        "It was the channel's retracted report.",
        "Police withdrew from the square.",
        "The court's decision was wrong, he said.",
        "Минздрав исправил число погибших.",
        "\x00",
    ],
)
def test_other_words_are_no_correction(text: str) -> None:
    assert words(text) is None


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("Correction: bridge", True),
        ("CORRECTED: bridge stands", True),
        ("Clarification on bridge", True),
        ("Ministry lowers toll", True),
        ("Toll rises to 12", False),
        ("", False),
    ],
)
def test_a_headline_says_that_something_is_taken_back(title: str, says: bool) -> None:
    assert says_correction(title) is says


def test_notes_of_editors_stand_at_the_end() -> None:
    note = "This article was corrected."
    assert words("word " * 1000 + note) == note[:-1]
    assert words("word " * 1000 + note + " word" * 1000) is None


@pytest.mark.parametrize(
    "text",
    [
        "corrected " * 10_000,
        "not " + "a," * 50_000,
        "toll " + "a " * 50_000,
        "withdrew " * 11_000,
        "9" * 100_000,
        "a" * 100_000,
        "\x00" * 100_000,
        " " * 100_000,
        "ก" * 100_000,
    ],
    ids=range(9),
)
def test_a_hundred_thousand_characters_are_no_correction(text: str) -> None:
    assert words(text) is None
    assert len(text) > FIRST


@pytest.mark.parametrize(
    ("title", "text", "takes_back"),
    [
        ("Retraction: no minister was arrested", "", True),
        ("Gazette withdraws its report on Ruiz", "", True),
        ("A note", "The Gazette has retracted its earlier story on the minister.", True),
        ("A note", "The report was withdrawn on Tuesday.", True),
        ("Toll corrected", "The ministry corrected the number of dead.", False),
        ("Ruiz withdraws his bid", "Ruiz withdrew his support.", False),
        ("", "", False),
    ],
)
def test_a_retraction_takes_a_whole_report_back(title: str, text: str, *, takes_back: bool) -> None:
    assert retracts(title, text) is takes_back
