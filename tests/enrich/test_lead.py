"""Where a report tells its news."""

from __future__ import annotations

import pytest

from services.enrich.dateline import written
from services.enrich.lead import Lead
from tests.enrich.reading import span_of


@pytest.mark.parametrize(
    ("text", "at_once"),
    [
        ("It rained for long. The agency ordered Ruiz to go.", True),
        ("It rained for long. In less than an hour on Friday, the whole parliament ordered Ruiz to go.", True),
        ("It rained for long. A man known as the Ferryman ordered Ruiz to go.", True),
        ("It rained for long. Holm said that the agency ordered Ruiz to go.", False),
        ("It rained for long. The old house by the river that they ordered was gone.", False),
    ],
)
def test_a_sentence_says_at_once_what_its_subject_did(text: str, *, at_once: bool) -> None:
    assert Lead(text, written(text)).says_at_once(span_of("ordered", text)) is at_once


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("Ana Ruiz\n\nOslo waits for rain.", True),
        ("Ana Ruiz waits for rain in Oslo.", False),
        ("Ana Ruiz arrives in Oslo, August 7, 2018. REUTERS/Per Holm\n\nOslo waits.", True),
        ("Image caption Ana Ruiz is in Oslo\n\nOslo waits.", True),
        ("OSLO (AP) — Ana Ruiz arrived in Oslo on Monday, and it rained on her.", False),
    ],
)
def test_bylines_and_captions_stand_apart_from_what_is_told(text: str, *, apart: bool) -> None:
    assert Lead(text, written(text)).is_apart(span_of("Ana Ruiz", text)) is apart


def test_the_sentence_of_some_words_is_whole() -> None:
    lead = Lead("It rained. In 2017 a fire killed ten. It went on.", None)
    assert lead.sentence_around(span_of("killed", lead.text)).strip() == "In 2017 a fire killed ten."
    assert lead.sentence_around(span_of("went", lead.text)).strip() == "It went on."
    assert Lead("", None).first_sentence == 0
