"""Names are found to the character, whatever stands around them."""

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.message import Span
from services.enrich.boundaries import trimmed
from services.enrich.entities import Kind, Mention, agree, find_entities, group
from services.enrich.sentences import split_sentences
from services.enrich.tagging import TaggedSpan


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


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Mr Ruiz", "Ruiz"),
        ("Mrs. Ana Ruiz", "Ana Ruiz"),
        ("MS RUIZ", "RUIZ"),
        ("MS Ruiz", "MS Ruiz"),
        ("Mr. T", "Mr. T"),
        ("Mr and Mrs Ruiz", "Mr and Mrs Ruiz"),
    ],
)
def test_a_civil_title_is_no_part_of_the_name(written: str, name: str) -> None:
    text = f"Voters trust {written} more."
    [mention] = find_entities("", text, split_sentences(text), Tags(**{written.replace(" ", "_"): "person"}))
    assert mention.name == name


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
    text = "Ministers met Ana Ruiz\nOslo was calm."
    assert len(group(text, split_sentences(text))) == 1
    mentions = find_entities("", text, split_sentences(text), Tags(**{"Ana_Ruiz\nOslo": "person"}))
    assert [m.name for m in mentions] == ["Ana Ruiz", "Oslo"]


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


EXACT = re.compile(r"\[(PER|ORG|LOC|OTH) ([^\]]+)\]")
KINDS = {"PER": "person", "ORG": "organization", "LOC": "location", "OTH": "other"}


def tagged(words: str) -> list[tuple[str, str]]:
    """What becomes of a text in which the encoder takes what is marked for names: kind and words, in order."""
    text, spans, at = "", [], 0
    for one in EXACT.finditer(words):
        text += words[at : one.start()]
        spans.append(TaggedSpan(len(text), len(text) + len(one[2]), KINDS[one[1]], 0.9))
        text += one[2]
        at = one.end()
    text += words[at:]

    class Marks:
        def tag(self, texts: Sequence[str]) -> list[list[TaggedSpan]]:
            return [spans if one == text else [] for one in texts]

    whole = [Span(start=0, end=len(text))]
    mentions = find_entities("", text, whole, Marks(), {"Russia", "North Korea", "China", "U.S."}.__contains__)
    assert all(text[m.start : m.end] == m.name for m in mentions)
    return [(m.kind[:3].upper(), m.name) for m in mentions]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("[PER Ana Ruiz's] house", [("PER", "Ana Ruiz")]),
        ("[PER RUIZ’S] HOUSE", [("PER", "RUIZ")]),
        ("the [ORG workers’] party", [("ORG", "workers")]),
        ("in the [LOC U.S.] on", [("LOC", "U.S.")]),
        ("in the [LOC U.S]. on", [("LOC", "U.S.")]),
        ("in the [LOC U.S.’s] view", [("LOC", "U.S.")]),
        ("in [LOC Tampa], [LOC Fla]. on", [("LOC", "Tampa"), ("LOC", "Fla.")]),
        ("[PER J. K. Rowling] and [PER George W. Bush]", [("PER", "J. K. Rowling"), ("PER", "George W. Bush")]),
        ("[PER Martin Luther King Jr.] spoke", [("PER", "Martin Luther King Jr.")]),
        ("[PER Moon Jae]-in and [PER Kim Yo-jong]", [("PER", "Moon Jae-in"), ("PER", "Kim Yo-jong")]),
        (
            "[PER Jean-Luc Mélenchon], [LOC São Paulo], [PER Erdoğan]",
            [("PER", "Jean-Luc Mélenchon"), ("LOC", "São Paulo"), ("PER", "Erdoğan")],
        ),
        ("[PER Dwayne] “The Rock” [PER Johnson] won", [("PER", "Dwayne “The Rock” Johnson")]),
        ('[PER Hector " Macho]" [PER Camacho] won', [("PER", 'Hector " Macho" Camacho')]),
        (
            "[LOC England]'s [PER Caddick] and [PER Ode]'s [PER Ruiz]",
            [("LOC", "England"), ("PER", "Caddick"), ("PER", "Ode"), ("PER", "Ruiz")],
        ),
        ("[LOC Russia-North Korea] talks", [("LOC", "Russia"), ("LOC", "North Korea")]),
        ("KIVU, [LOC Russia - Kivu]’s farmers", [("LOC", "Russia"), ("LOC", "Kivu")]),
        ("for [LOC Harbour Isle - Kivu], a constituency", [("LOC", "Harbour Isle - Kivu")]),
        ("[LOC U.S.-China] trade", [("LOC", "U.S."), ("LOC", "China")]),
        ("[LOC Russia]-[LOC North Korea] talks", [("LOC", "Russia"), ("LOC", "North Korea")]),
        ("[LOC Guinea-Bissau] and [LOC Baden-Baden]", [("LOC", "Guinea-Bissau"), ("LOC", "Baden-Baden")]),
        (
            "[ORG Acme and Ode] met; [ORG Acme], [ORG Ode]",
            [("ORG", "Acme"), ("ORG", "Ode"), ("ORG", "Acme"), ("ORG", "Ode")],
        ),
        ("[ORG Johnson and Johnson] met", [("ORG", "Johnson and Johnson")]),
        ("the [LOC new England] captain", [("LOC", "England")]),
        # an event is what its small words say
        ("In the [OTH 2019 Canadian federal election] she lost.", [("OTH", "2019 Canadian federal election")]),
        ("[ORG Nice and] Paris, the [ORG Harvest bank]", [("ORG", "Nice"), ("ORG", "Harvest")]),
        (
            "[ORG al-Qaida] and [PER van der Bellen] and [PER de Gaulle]",
            [("ORG", "al-Qaida"), ("PER", "van der Bellen"), ("PER", "de Gaulle")],
        ),
        ("[ORG eBay] and [OTH iPhone]", [("ORG", "eBay"), ("OTH", "iPhone")]),
        ("[ORG Harvest (Kenya] ) and [ORG Ode (]", [("ORG", "Harvest (Kenya )"), ("ORG", "Ode")]),
        ("[ORG Greater] [ORG Omo Fund] paid", [("ORG", "Greater Omo Fund")]),
        ("“[PER Ana Ruiz,]” he said. [LOC (Oslo)]", [("PER", "Ana Ruiz"), ("LOC", "Oslo")]),
        ("[LOC NORTH KOREA] FIRES; [PER KIM’S] ARMY", [("LOC", "NORTH KOREA"), ("PER", "KIM")]),
        ("the [ORG —] and [ORG ...]", []),
        (
            "[ORG AT&T] and [ORG Marks & Spencer] and [ORG Ode &] Co",
            [("ORG", "AT&T"), ("ORG", "Marks & Spencer"), ("ORG", "Ode")],
        ),
    ],
)
def test_a_name_is_exact_to_the_character(words: str, wanted: list[tuple[str, str]]) -> None:
    assert tagged(words) == wanted


def test_a_name_is_never_found_inside_a_word() -> None:
    mentions = found("The ambassador of Assad left Assadabad.", assad="person", Assad="person")
    assert [m.name for m in mentions] == ["Assad"]
