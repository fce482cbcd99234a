"""What one actor does to another, by the words between them."""

from __future__ import annotations

import re

import pytest

from schemas.annotations import Act
from schemas.message import Span
from services.enrich.act_words import QUADS, BadTable, forms_of, read_table, shipped
from services.enrich.acts import NOTHING, Told, find_act, has_act_words

TOLD: list[tuple[str, Act | None]] = [
    ("[Ruiz] condemned (Holm) on Friday.", "ACCUSE"),
    ("[Ruiz] on Friday once more sharply criticized (Holm).", "ACCUSE"),
    ("[Ruiz], the foreign minister of Norway, has accused (Holm) of lying.", "ACCUSE"),
    ("[Ruiz] flew to Oslo and met (Holm) there.", "CONSULT"),
    ("[Ruiz] and (Holm) met in Oslo on Friday.", "CONSULT"),
    ("(Ruiz) and [Holm] signed a trade pact.", "SUPPORT"),
    ("[Norway] signed a mutual-aid pact with (Sweden).", "SUPPORT"),
    ("[Norway] imposed new sanctions on (Sweden).", "SANCTION"),
    ("[Norway]'s government has imposed sanctions on (Sweden).", "SANCTION"),
    ("New sanctions were imposed on (Sweden) by [Norway].", "SANCTION"),
    ("[Norway]’s sanctions on (Sweden) hurt both.", "SANCTION"),
    ("[Norway] broke off diplomatic relations with (Sweden).", "SANCTION"),
    ("(Holm) was condemned by [Ruiz].", "ACCUSE"),
    ("(Holm), condemned by [Ruiz], kept silent.", "ACCUSE"),
    ("(Holm) has repeatedly been praised by the Norwegian minister [Ruiz].", "SUPPORT"),
    ("Accused by [Ruiz] of fraud, (Holm) kept silent.", "ACCUSE"),
    ("[Ruiz] and (Holm) accused each other of lying.", "ACCUSE"),
    ("[Ruiz], who has led them since 2019, on Monday denounced (Holm).", "ACCUSE"),
    ("[Norwegian] forces shelled (Malmo).", "ASSAULT"),
    ("[Norway] launched air strikes on (Sweden).", "ASSAULT"),
    ("[Norway] sent (Sweden) weapons.", "AID"),
    ("[Norway] provided (Sweden) with tanks.", "AID"),
    ("[Norway] has delivered tons of food to (Sweden).", "AID"),
    ("[Norway] withdrew its troops from (Sweden).", "YIELD"),
    ("[Norway] lifted its sanctions on (Sweden).", "YIELD"),
    ("[Ruiz] urged (Holm) to resign.", "REQUEST"),
    ("[Ruiz] called on (Holm) to resign.", "REQUEST"),
    ("[Ruiz] rejected an offer from (Holm).", "REJECT"),
    ("[Ruiz] rejected (Holm)'s offer.", "REJECT"),
    ("[Norway] said on Monday that it would impose tariffs on (Sweden).", "THREATEN"),
    ("[Norway] threatened to bomb (Sweden).", "THREATEN"),
    ("[Norway] vowed to support (Sweden).", "SUPPORT"),
    ("[Norway] promised to send aid to (Sweden).", "AGREE"),
    ("[Norway] refused to sign the pact with (Sweden).", "REJECT"),
    ("[Workers] staged a protest against (Holm).", "PROTEST"),
    ("[Police] arrested (Holm).", "COERCE"),
    ("[Norway] massed troops on the border with (Sweden).", "MOBILIZE"),
    ("[Norway] held joint naval exercises with (Sweden).", "COOPERATE"),
    ("Talks between [Norway] and (Sweden) go on.", "CONSULT"),
    ("[Ruiz] gave a speech on Friday, praising (Holm).", "SUPPORT"),
]

UNTOLD = [
    "[Ruiz] denied that he condemned (Holm).",
    "[Ruiz] did not condemn (Holm).",
    "[Ruiz] may sanction (Holm).",
    "[Ruiz] might meet (Holm).",
    "[Ruiz] spoke, and Moe condemned (Holm).",
    "A critic of [Ruiz] condemned (Holm).",
    "[Ruiz]’s daughter condemned (Holm).",
    "[Ruiz] condemned Moe for supporting (Holm).",
    "[Ruiz] condemned the killing of (Holm).",
    "[Ruiz] condemned (Holm)’s arrest.",
    "[Ruiz] met (Holm)’s demands.",
    "[Ruiz] was condemned by (Holm).",
    "[Ruiz] was accused of bombing (Sweden).",
    "[Ruiz] praised Moe, who opposed (Holm).",
    "(Holm) and [Ruiz] are from Oslo.",
    "[Ruiz] backed down before (Holm).",
    "[Ruiz] called for an end to sanctions on (Sweden).",
    "[Ruiz] welcomed guests; (Holm) stayed away.",
    "[Ruiz] stopped short of condemning (Holm).",
    "[Ruiz] blamed Moe, not (Holm), for it.",
    "[Ruiz] told Moe to condemn (Holm).",
    "Moe urged [Ruiz] to condemn (Holm).",
]


ELSEWHERE = [
    "[Norway] has sanctioned a (Sweden)-based firm.",
    "[Norway] imposed sanctions on a firm in (Sweden).",
    "[Norway] imposed sanctions on a shipping company based in (Sweden).",
    "[Norway] imposed sanctions on two banks of (Sweden).",
    "[Norway] imposed sanctions on a trader registered in Malmo, (Sweden).",
    "Sanctions were imposed on a trader in (Sweden) by [Norway].",
    "[Norway] condemned Holm Bank of (Sweden).",
    "[Norwegian] police arrested a man in (Sweden).",
    "[Ruiz] arrested Moe in (Sweden).",
]

THERE: list[tuple[str, Act]] = [
    ("[Norway] bombed a firm in (Sweden).", "ASSAULT"),
    ("[Norway] sent aid to people in (Sweden).", "AID"),
    ("[Norway] condemned the government of (Sweden).", "ACCUSE"),
    ("[Norway] imposed sanctions on the central bank of (Sweden).", "SANCTION"),
    ("[Norway] imposed sanctions on (Sweden) and on a firm in (Sweden).", "SANCTION"),
    ("[Norway] praised the people of (Sweden).", "SUPPORT"),
]


def act_in(told: str) -> Act | None:
    return told_in(told).act


def told_in(told: str) -> Told:
    marks = {kind: [*re.finditer(pattern, told)] for kind, pattern in (("h", r"\[(.*?)\]"), ("t", r"\((.*?)\)"))}

    def spans(kind: str) -> list[Span]:
        # The marks themselves are taken out: before each name there are as many as marks were opened and closed.
        return [
            Span(start=m.start(1) - _marks(told, m.start(1)), end=m.end(1) - _marks(told, m.end(1)))
            for m in marks[kind]
        ]

    text = re.sub(r"[\[\]()]", "", told)
    others = [Span(start=m.start(), end=m.end()) for m in re.finditer(r"\bMoe\b|\bOslo\b", text)]
    return find_act(text, Span(start=0, end=len(text)), spans("h"), spans("t"), others)


def _marks(told: str, until: int) -> int:
    return sum(told[:until].count(mark) for mark in "[]()")


@pytest.mark.parametrize(("told", "act"), TOLD)
def test_an_act_is_of_the_kind_that_its_words_say(told: str, act: Act) -> None:
    assert act_in(told) == act


@pytest.mark.parametrize("told", UNTOLD)
def test_what_is_not_clear_is_no_act(told: str) -> None:
    assert act_in(told) is None


@pytest.mark.parametrize("told", ELSEWHERE)
def test_what_is_done_to_a_firm_or_a_man_is_not_done_to_the_country_that_he_is_in(told: str) -> None:
    assert act_in(told) is None


@pytest.mark.parametrize(("told", "act"), THERE)
def test_what_is_done_to_a_place_or_to_who_stands_for_it_is_done_to_the_country(told: str, act: Act) -> None:
    assert act_in(told) == act


@pytest.mark.parametrize(
    ("told", "denied"),
    [
        ("[Ruiz] did not condemn (Holm).", True),
        ("[Norway] denied that it opposed (Sweden).", True),
        ("[Ruiz] refused to condemn (Holm).", True),
        ("[Ruiz] does not support (Holm).", False),
        ("[Ruiz] condemned (Holm).", False),
        ("[Ruiz] slept, and (Holm) too.", False),
    ],
)
def test_a_hostile_act_that_was_not_done_is_denied(told: str, denied: bool) -> None:
    assert told_in(told).denied == denied


def test_a_pact_is_of_both() -> None:
    assert act_in("(Norway) signed a pact with [Sweden].") == "SUPPORT"


def test_a_sentence_without_words_for_acts_need_not_be_read() -> None:
    assert has_act_words("Ruiz condemned Holm.", Span(start=0, end=20))
    assert not has_act_words("Ruiz and Holm slept.", Span(start=0, end=20))


@pytest.mark.parametrize(("told", "act"), [pair for pair in TOLD if " and " not in pair[0] and " with " not in pair[0]])
def test_an_act_goes_one_way(told: str, act: Act) -> None:
    swapped = told.translate(str.maketrans("[]()", "()[]"))
    assert act_in(swapped) is None


def test_a_sentence_of_ten_thousand_words_has_no_act() -> None:
    assert act_in("[Ruiz] condemned (Holm) " + "and so on " * 3300) is None


def test_the_words_of_other_languages_are_none() -> None:
    assert act_in("[Ruiz] hat am Freitag (Holm) verurteilt.") is None
    assert act_in("[鲁伊斯]谴责(霍尔姆)。") is None


def test_spans_outside_the_sentence_are_not_read() -> None:
    text = "Ruiz condemned Holm."
    away = [Span(start=50, end=60)]
    assert find_act(text, Span(start=0, end=len(text)), away, [Span(start=15, end=19)]) == NOTHING


def test_a_target_inside_the_holder_is_not_read() -> None:
    text = "Holm of Norway condemned it."
    whole, inside = Span(start=0, end=14), Span(start=8, end=14)
    assert find_act(text, Span(start=0, end=len(text)), [whole], [inside]) == NOTHING


def test_every_kind_of_act_has_words_and_a_class() -> None:
    told = {frame.act for forms in shipped().verbs.values() for _, frame in forms}
    assert told == set(QUADS)


def test_verbs_have_their_forms() -> None:
    assert dict(forms_of("slam")) == {
        "plain": "slam",
        "third": "slams",
        "past": "slammed",
        "participle": "slammed",
        "ing": "slamming",
    }
    assert [word for _, word in forms_of("defy")] == ["defy", "defies", "defied", "defied", "defying"]
    assert [word for _, word in forms_of("send")] == ["send", "sends", "sent", "sent", "sending"]


def test_a_table_with_an_unknown_kind_is_refused() -> None:
    with pytest.raises(BadTable, match="HUG"):
        read_table(["HUG\tembrace\t\t"])
