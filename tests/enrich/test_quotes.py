"""Whose words stand in quotation marks."""

from __future__ import annotations

import re

import pytest

from schemas.annotations import Entity
from schemas.message import Span
from services.enrich.quotation_marks import quoted_words
from services.enrich.quotes import find_quotations

KINDS = {"Norway": "location", "Harbour Board": "organization", "Coast News": "organization"}
NAMES = ("Ana Ruiz", "Ruiz", "Per Holm", "Holm", "Norway", "Harbour Board", "Coast News")

SPOKEN = {
    "“We will not yield to them,” Ruiz said.": ["Ruiz"],
    '"We will not yield to them," said Ruiz.': ["Ruiz"],
    "“We will not yield to them,” said Foreign Minister Ana Ruiz, a lawyer.": ["Ruiz"],
    "“We will not yield to them,” Ruiz, the foreign minister, told reporters.": ["Ruiz"],
    "Ruiz said: “We will not yield to them.”": ["Ruiz"],
    "Ruiz told Holm on Friday that “we will not yield to them.”": ["Ruiz"],
    "According to Ruiz, “we will not yield to them.”": ["Ruiz"],
    "Ana Ruiz spoke in Oslo on Friday. “We will not yield to them,” she said.": ["Ruiz"],
    "Ana Ruiz met Per Holm on Friday. “We will not yield to them,” she said.": ["Ruiz"],
    "“We will not yield,” Ruiz said. “They will have to come to us.”": ["Ruiz", "Ruiz"],
    "“We will not yield,” Ruiz told Holm, a Democrat. “They will have to come to us.”": ["Ruiz", "Ruiz"],
    "“We will not yield to them.\n“They will have to come to us,” Ruiz said.": [None, "Ruiz"],
    "“We will not yield to them,” Ruiz said. “They have lied.\n“They will have to come.”": ["Ruiz", "Ruiz", "Ruiz"],
    "Ruiz said that Holm lied.\n“We will not yield to them.”": ["Ruiz"],
    "“We will not yield to them,” a spokesman for Norway said.\n“Never, ever again,” said Norway.": [None, "Norway"],
    "“We will not yield to them,” said a spokeswoman for the Harbour Board.": ["Harbour Board"],
    "“They called us ‘liars and thieves’ there,” Ruiz said.": ["Ruiz"],
    "Ruiz told Holm that they would “stand as one people”, Coast News said.": ["Ruiz"],
    "“We will not yield to them,” says Mr. Holm.": ["Holm"],
}
UNSPOKEN = [
    "“We will not yield to them,” Ruiz’s daughter said.",
    "“We will not yield to them,” said a lawyer for Ruiz.",
    "“We will not yield to them,” he said.",
    "Ana Ruiz met Eva Moe. “We will not yield to them,” he said.",
    "The film “We Will Not Yield to Them” opened on Friday. Ruiz said little.",
    "“We will not yield to them,” a banner read. Ruiz left.",
    "A critic of Ruiz said: “We will not yield to them.”",
    "Ruiz left.\n“Who will come to us?”\n“Nobody will come to you.”",
    "“We will not yield to them” but Holm said little.",
]


def entities(text: str) -> list[Entity]:
    spans: dict[str, list[Span]] = {}
    for found in re.finditer("|".join(NAMES), text):
        spans.setdefault(found.group().split()[-1], []).append(Span(start=found.start(), end=found.end()))
    whole = {"Ruiz": "Ana Ruiz", "Holm": "Per Holm", "Board": "Harbour Board", "News": "Coast News"}
    return [
        Entity.model_validate(
            {
                "id": whole.get(name, name),
                "name": whole.get(name, name),
                "kind": KINDS.get(whole.get(name, name), "person"),
                "spans": tuple(found),
            }
        )
        for name, found in spans.items()
    ]


def speakers(text: str) -> list[str | None]:
    return [quotation.speaker for quotation in find_quotations(text, entities(text))]


@pytest.mark.parametrize(("text", "whose"), SPOKEN.items())
def test_a_quotation_is_whose_the_words_around_say(text: str, whose: list[str | None]) -> None:
    whole = {"Ruiz": "Ana Ruiz", "Holm": "Per Holm", None: None}
    assert speakers(text) == [whole.get(name, name) for name in whose]


@pytest.mark.parametrize("text", UNSPOKEN)
def test_a_quotation_whose_speaker_is_not_clear_has_none(text: str) -> None:
    assert set(speakers(text)) <= {None}


def test_a_quotation_points_at_its_words_and_at_what_tells_its_speaker() -> None:
    text = "Ana Ruiz spoke. “We will not yield to them,” she said."
    [quotation] = find_quotations(text, entities(text))
    assert quotation.span.of(text) == "“We will not yield to them,”"
    assert quotation.cue is not None
    assert quotation.cue.of(text) == "she"


def test_a_mark_that_is_never_closed_is_no_quotation() -> None:
    assert list(quoted_words("He said: “We will not yield to them.\nThen it rained on them all.")) == []


def test_a_few_words_in_marks_are_no_quotation() -> None:
    assert list(quoted_words("The “so-called” pact, an “axis of”, was signed.")) == []


@pytest.mark.parametrize(
    "text", ["", '"', "“", '""""', "“”“”", "\n\n“\n”", '“said said said” said "he said', "”“" * 500]
)
def test_marks_out_of_order_harm_nothing(text: str) -> None:
    find_quotations(text, entities(text))


def test_a_long_article_full_of_marks_is_read_in_time() -> None:
    text = "“We will not yield to them,” Ruiz said. " * 2500
    assert len(find_quotations(text, entities(text))) == 2500


@pytest.mark.parametrize("word", ["July", "previously", "Friday", "in", "a", "10:30"])
@pytest.mark.parametrize(("who", "speaker"), [("he", None), ("Ruiz", "Ana Ruiz")])
def test_time_told_over_and_over_does_not_hold_the_reader_up(word: str, who: str, speaker: str | None) -> None:
    between = f" {word}" * 200
    assert speakers(f"“We will not yield to them,” {who}{between}.") == [None]
    assert speakers(f"“We will not yield to them,” {who}{between} announced.") == [speaker]
