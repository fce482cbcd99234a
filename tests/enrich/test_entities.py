"""Names are found to the character, whatever stands around them."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.entities import Kind, Mention, agree, find_entities, group, trimmed
from services.enrich.language_model import TaggedSpan
from services.enrich.sentences import split_sentences


class Tags:
    """Tags every occurrence of the words it was given, and keeps what it was asked."""

    def __init__(self, **kinds: str) -> None:
        self.kinds = {name.replace("_", " "): kind for name, kind in kinds.items()}
        self.asked: list[str] = []

    def tag(self, texts: Sequence[str]) -> list[list[TaggedSpan]]:
        self.asked += texts
        return [
            [
                TaggedSpan(at, at + len(name), kind, 0.9)
                for name, kind in self.kinds.items()
                for at in range(len(text))
                if text.startswith(name, at)
            ]
            for text in texts
        ]


def found(text: str, title: str = "", **kinds: str) -> list[Mention]:
    return find_entities(title, text, split_sentences(text), Tags(**kinds))


def test_a_mention_is_the_very_words_of_the_text() -> None:
    text = "Talks in Oslo ended.\n\nMinisters left Oslo on Friday, Ana Ruiz said."
    mentions = found(text, Oslo="location", Ana_Ruiz="person")
    assert [(text[m.start : m.end], m.kind) for m in mentions] == [
        ("Oslo", "location"),
        ("Oslo", "location"),
        ("Ana Ruiz", "person"),
    ]
    assert all(m.name == text[m.start : m.end] for m in mentions)


def test_an_empty_text_names_nothing() -> None:
    assert found("", title="Oslo talks end", Oslo="location") == []


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Ruiz's", "Ruiz"),
        ("Ruiz’s", "Ruiz"),
        ("the “Daily Star”", "the “Daily Star"),
        ("(NATO)", "NATO"),
        ("U.S.", "U.S."),
        ("U.S.'s", "U.S."),
        ("J.P. Morgan", "J.P. Morgan"),
        ("Acme Inc.", "Acme Inc."),
        ("Oslo.", "Oslo"),
        ("Oslo,", "Oslo"),
        ("...", ""),
        (" \n", ""),
    ],
)
def test_what_is_not_the_name_is_taken_off(words: str, name: str) -> None:
    start, end = trimmed(words, 0, len(words))
    assert words[start:end] == name


def test_an_abbreviation_is_given_back_its_full_stop() -> None:
    text = "He left the U.S. on Friday."
    start, end = trimmed(text, 12, 15)
    assert text[start:end] == "U.S."


def test_a_full_name_keeps_the_syllable_after_its_hyphen() -> None:
    text = "Moon Jae-in met Kim’s aides; a Moon Jae-led team and Moon-era deals."
    mentions = found(text, Moon_Jae="person")
    assert [m.name for m in mentions] == ["Moon Jae-in", "Moon Jae"]


def test_a_name_does_not_run_over_a_sentence_end() -> None:
    text = "They met Ana Ruiz\nOslo was calm."
    mentions = find_entities("", text, split_sentences(text), Tags(**{"Ana_Ruiz\nOslo": "person"}))
    assert [m.name for m in mentions] == ["Ana Ruiz"]


@given(st.text(alphabet="abcAB .!?\n’'é", max_size=200))
def test_mentions_are_in_order_and_apart(text: str) -> None:
    mentions = found(text, A="person", aA="location", B="organization")
    assert all(before.end <= after.start for before, after in pairwise(mentions))
    assert all(text[m.start : m.end] == m.name for m in mentions)


def test_a_copy_with_another_first_line_falls_into_the_same_groups() -> None:
    body = "\n".join(f"Sentence number {number} tells of something else." for number in range(40))
    for opening in ("A new first line.", "Two more. Lines of another desk, which run on for some words."):
        alone = {span.of(body) for span in group(body, split_sentences(body))}
        text = f"{opening}\n{body}"
        again = {span.of(text) for span in group(text, split_sentences(text))}
        assert len(alone & again) >= len(alone) - 2


@given(st.lists(st.integers(1, 900), max_size=12))
def test_groups_hold_every_sentence_once_and_in_order(lengths: list[int]) -> None:
    text = "\n".join("x" * length for length in lengths)
    sentences = split_sentences(text)
    groups = group(text, sentences)
    inside = [[s for s in sentences if g.start <= s.start and s.end <= g.end] for g in groups]
    assert [sentence for held in inside for sentence in held] == sentences


def mention(name: str, kind: Kind, confidence: float) -> Mention:
    return Mention(0, len(name), kind, name, confidence)


def test_of_one_name_the_few_follow_the_many() -> None:
    said = [mention("Oslo", "location", 0.9), mention("Oslo", "person", 0.5), mention("OSLO", "location", 0.7)]
    assert [m.kind for m in agree(said)] == ["location", "location", "location"]


def test_a_surname_is_the_person_who_was_named_in_full() -> None:
    said = [mention("Ana Holm", "person", 0.95), mention("Holm", "location", 0.6)]
    assert [m.kind for m in agree(said)] == ["person", "person"]


def test_where_mentions_differ_evenly_each_keeps_its_kind() -> None:
    said = [mention("Washington", "location", 0.8), mention("Washington", "organization", 0.75)]
    assert [m.kind for m in agree(said)] == ["location", "organization"]


def test_a_headline_has_a_say_and_no_place_in_the_text() -> None:
    settled = agree([mention("Oslo", "person", 0.4)], headline=[mention("Oslo", "location", 0.9)])
    assert [m.kind for m in settled] == ["location"]
