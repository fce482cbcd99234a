"""The mentions of one actor come together, and those of two stay apart."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.annotations import EntityKind
from services.enrich.actors import canonical, resolve
from services.enrich.coreference import grouped
from services.enrich.entities import Mention
from services.enrich.knowledge import ActorList, Known
from tests.enrich.reading import article

PERSON, ORGANIZATION, LOCATION, OTHER = "PER", "ORG", "LOC", "OTH"
_KINDS: dict[str, EntityKind] = {
    PERSON: "person",
    ORGANIZATION: "organization",
    LOCATION: "location",
    OTHER: "other",
}
_MARKED = re.compile(r"\[(PER|ORG|LOC|OTH) ([^\]]+)\]")


def marked(words: str) -> tuple[str, list[Mention]]:
    """A text whose names are marked "[PER Ana Ruiz]", without the marks."""
    text, mentions, at = "", [], 0
    for found in _MARKED.finditer(words):
        text += words[at : found.start()]
        start = len(text)
        text += found[2]
        mentions.append(Mention(start, len(text), _KINDS[found[1]], found[2], 0.95))
        at = found.end()
    return text + words[at:], mentions


def together(words: str) -> set[str]:
    """Which names stand for one: each group's forms, in order, joined."""
    text, mentions = marked(words)
    return {" = ".join(dict.fromkeys(m.name for m in group.mentions)) for group in grouped(mentions, text, FAMOUS)}


FAMOUS = ActorList(
    [
        ("Orban", Known("Q1", "Viktor Orban", "person", "HU", 5, 900, "President", "surname")),
        ("Google", Known("Q95", "Google", "organization", "US", 5, 900, None, "name")),
    ]
)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        # a family name joins the full name
        ("[PER Kim Jong-un] met them. [PER Kim] smiled, and Mr [PER Kim] left.", {"Kim Jong-un = Kim"}),
        ("[PER Ruiz] smiled. “Mr. [PER Ruiz] knows,” she said. “(Mr. [PER Ruiz] and all)”", {"Ruiz"}),
        ("[PER Kim Jong-un] came with [PER Kim Yo-jong]. [PER Kim] smiled.", {"Kim Jong-un = Kim", "Kim Yo-jong"}),
        (
            "[PER Kim Jong Un] and [PER KIM JONG-UN] and [PER Kim Jong-un’s]",
            {"Kim Jong Un = KIM JONG-UN = Kim Jong-un’s"},
        ),
        ("[PER Bashar al-Assad] spoke. [PER Assad] and [PER al-Assad].", {"Bashar al-Assad = Assad = al-Assad"}),
        ("[PER Enrique Peña Nieto] left. [PER Peña Nieto] said.", {"Enrique Peña Nieto = Peña Nieto"}),
        ("[PER Osama bin Laden] hid. [PER bin Laden], [PER Laden].", {"Osama bin Laden = bin Laden = Laden"}),
        ("[PER Al Gore] and [PER Tipper Gore]", {"Al Gore", "Tipper Gore"}),
        ("[PER Chris Van Hollen] spoke, [PER Van Hollen] said.", {"Chris Van Hollen = Van Hollen"}),
        ("[PER Conan O’Brien] and [PER O'Brien]", {"Conan O’Brien = O'Brien"}),
        # one person under several full names
        ("[PER Hillary Clinton], [PER Hillary Rodham Clinton]", {"Hillary Clinton = Hillary Rodham Clinton"}),
        ("[PER Joseph Biden] and [PER Joe Biden]", {"Joseph Biden = Joe Biden"}),
        ("[PER J. K. Odera] is [PER Jane Odera].", {"J. K. Odera = Jane Odera"}),
        ("[PER George W. Bush] and [PER George H. W. Bush]", {"George W. Bush", "George H. W. Bush"}),
        ("[PER Ed Odera] and [PER Eric Odera]", {"Ed Odera", "Eric Odera"}),
        # titles and generations tell people apart
        (
            "[PER Bill Clinton] and [PER Hillary Clinton]. Mrs. [PER Clinton] left.",
            {"Bill Clinton", "Hillary Clinton = Clinton"},
        ),
        ("[PER Bill Clinton] came. Mrs [PER Clinton] left.", {"Bill Clinton", "Clinton"}),
        (
            "[PER Donald Odera] and [PER Donald Odera Jr.]; [PER Odera] left.",
            {"Donald Odera = Odera", "Donald Odera Jr."},
        ),
        ("[PER Mr. Odera] and [PER Odera] and [PER Mr Odera]", {"Mr. Odera = Odera = Mr Odera"}),
        (
            "Gov. [PER Jeb Bush] met President [PER George Bush]. President [PER Bush] left.",
            {"Jeb Bush", "George Bush = Bush"},
        ),
        (
            "[PER Bill Clinton], [PER Hillary Clinton], [PER Hillary Clinton], [PER Hillary Clinton]; [PER Clinton].",
            {"Bill Clinton", "Hillary Clinton = Clinton"},
        ),
        (
            "President [PER Bill Clinton], [PER Hillary Clinton], [PER Hillary Clinton], [PER Hillary Clinton]; "
            "President [PER Clinton] left. [PER Clinton] said so.",
            {"Bill Clinton = Clinton", "Hillary Clinton = Clinton"},
        ),
        # who is introduced when
        ("[PER Odera] spoke first. [PER Amina Odera] is a farmer.", {"Odera = Amina Odera"}),
        ("[PER Odera] spoke. His daughter [PER Amina Odera] is a farmer.", {"Odera", "Amina Odera"}),
        ("[PER Kim] spoke. [PER Kim Hyun-chong] is a minister.", {"Kim", "Kim Hyun-chong"}),
        # a family name that another bears more famously
        ("[PER Zita Orban] spoke. President [PER Orban] said so. [PER Orban] left.", {"Zita Orban", "Orban"}),
        ("[PER Zita Orban] spoke. [PER Orban] said so.", {"Zita Orban = Orban"}),
        ("[PER Zita Orban] wrote. [PER Zita], [PER Zita]. [PER Orban] said.", {"Zita Orban = Zita", "Orban"}),
        # institutions and their short forms
        ("the [ORG African Union] ([ORG AU]) met. The [ORG AU] said", {"African Union = AU"}),
        ("the [ORG Bharatiya Janata Party] (BJP) won. The [ORG BJP] said", {"Bharatiya Janata Party = BJP"}),
        (
            "[ORG Revolutionary Armed Forces of Colombia] (FARC). [ORG FARC]",
            {"Revolutionary Armed Forces of Colombia = FARC"},
        ),
        ("[LOC United Arab Emirates] and the [LOC UAE]", {"United Arab Emirates = UAE"}),
        (
            "[OTH North American Free Trade Agreement] (NAFTA): [OTH NAFTA]",
            {"North American Free Trade Agreement = NAFTA"},
        ),
        ("[ORG Harvest Party] ([PER Odera]) and [ORG HP]", {"Harvest Party = HP", "Odera"}),
        ("the [ORG Federal Reserve] met. The [ORG Fed] said", {"Federal Reserve = Fed"}),
        ("[ORG Acme Inc.] and [ORG Acme] and [ORG Acme Corp]", {"Acme Inc. = Acme = Acme Corp"}),
        ("[ORG Harvest Bank] and the [ORG National Bank]", {"Harvest Bank", "National Bank"}),
        ("[ORG Omofund Partners] paid. [ORG Omofund] said", {"Omofund Partners = Omofund"}),
        ("[ORG Google Shopping] is shut. [ORG Google] said", {"Google Shopping", "Google"}),
        ("[ORG House Committee] sat. [ORG House] voted", {"House Committee", "House"}),
        ("[ORG Odera Fund] is [PER Amina Odera]’s. [ORG Odera] paid", {"Odera Fund", "Amina Odera", "Odera"}),
        ("[ORG INC]orporated, [ORG National Nurses Company]", {"INC", "National Nurses Company"}),
        # one name, two kinds
        ("[LOC Jordan] and [PER Jordan]", {"Jordan"}),
    ],
)
def test_names_of_one_come_together(words: str, wanted: set[str]) -> None:
    assert together(words) == wanted


NAMES = [
    "Kim", "Kim Jong-un", "KIM JONG UN", "Kim Yo-jong", "Mr. Kim", "Clinton", "Mrs. Clinton", "Bill Clinton",
    "Hillary Clinton",
    "Donald Odera Jr.", "Odera", "African Union", "AU", "Acme Inc.", "Acme", "O’Brien", "São Paulo", "U.S.",
    "United States",
]  # fmt: skip
MENTIONED = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(list(_KINDS))), max_size=14)


def laid_out(named: list[tuple[str, str]]) -> tuple[str, list[Mention]]:
    return marked(" met ".join(f"[{kind} {name}]" for name, kind in named))


@given(MENTIONED)
def test_every_mention_is_in_exactly_one_group(named: list[tuple[str, str]]) -> None:
    text, mentions = laid_out(named)
    held = [mention for group in grouped(mentions, text) for mention in group.mentions]
    assert sorted(held, key=lambda mention: mention.start) == mentions


@given(MENTIONED, st.randoms())
def test_the_order_in_which_mentions_come_does_not_matter(named: list[tuple[str, str]], random: object) -> None:
    text, mentions = laid_out(named)
    shuffled = list(mentions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert grouped(shuffled, text) == grouped(mentions, text)


@given(MENTIONED)
def test_spans_are_exact_and_no_two_entities_have_one_id(named: list[tuple[str, str]]) -> None:
    text, mentions = laid_out(named)
    entities = resolve(mentions, text, article("A title", text), ActorList(()))
    spans = sorted(span.start for entity in entities for span in entity.spans)
    assert spans == [mention.start for mention in mentions]
    assert {span.of(text) for entity in entities for span in entity.spans} == {mention.name for mention in mentions}
    assert len({entity.id for entity in entities}) == len(entities)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Amina Odera", "AMINA ODERA", "person"),
        ("Amina K. Odera", "Amina Odera", "person"),
        ("Kim Ju Ae", "Kim Ju-ae", "person"),
        ("José Niño", "Jose Nino", "person"),
        ("Acme Inc.", "Acme", "organization"),
        ("the Harvest Party", "Harvest Party", "organization"),
    ],
)
def test_an_unknown_name_has_one_id_however_it_is_written(one: str, other: str, kind: EntityKind) -> None:
    assert canonical(one, kind) == canonical(other, kind)


def test_an_unknown_person_has_the_same_id_in_two_articles() -> None:
    first = "[PER Amina K. Odera] spoke. [PER Odera] left."
    second = "It was [PER AMINA ODERA], they said."
    ids = []
    for words in (first, second):
        text, mentions = marked(words)
        ids.append([entity.id for entity in resolve(mentions, text, article("A title", text), ActorList(()))])
    assert ids == [["local:person:amina-odera"], ["local:person:amina-odera"]]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("[PER Donald Odera] and [PER Donald J. Odera] and [PER Donald Odera]", "Donald Odera"),
        ("[PER Aung San Suu Kyi], [PER Suu Kyi], [PER Suu Kyi]", "Aung San Suu Kyi"),
        ("[PER Beatle John Lennon], [PER John Lennon], [PER John Lennon]", "John Lennon"),
        ("[PER KIM JONG UN], [PER KIM JONG UN], [PER Kim Jong Un]", "Kim Jong Un"),
        ("[PER Odera], [PER Odera], [PER Amina Odera]", "Amina Odera"),
        ("[PER Bill Clinton] and Mrs. [PER Clinton]", "Bill Clinton/Mrs Clinton"),
        ("[PER Mr. Odera] and [PER Mrs. Odera] and [PER Odera]", "Mr Odera/Mrs Odera"),
        ("the [ORG AU] and the [ORG African Union] ([ORG AU])", "African Union"),
        ("[PER Gen. Amina Odera] and [PER Don Lemon], [PER Don Lemon’s]", "Amina Odera/Don Lemon"),
        # what is no person bears no title
        ("[ORG General Motors] rose, [ORG General Motors’] rival fell.", "General Motors"),
        ("[ORG Motors] and [ORG General Motors]", "Motors/General Motors"),
        (
            "[ORG General Assembly] in [LOC King County], [LOC Prince Edward Island]",
            "General Assembly/King County/Prince Edward Island",
        ),
    ],
)
def test_the_name_that_stands_for_all_is_the_full_one_that_is_used_most(words: str, name: str) -> None:
    text, mentions = marked(words)
    assert "/".join(group.name for group in grouped(mentions, text)) == name
