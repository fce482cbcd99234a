"""What somebody did, and whether it is told as done."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.deeds import TABLE, find_deeds
from services.enrich.figures import READ


def told(title: str, text: str) -> list[tuple[str, str, str]]:
    return [(one.name, one.span.of(title if one.headline else text), one.told) for one in find_deeds(title, text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Police arrested two men on Monday.", ("arrest", "arrested", "news")),
        ("Kenya has finally signed it.", ("sign", "signed", "news")),
        ("The plan was unanimously approved.", ("approve", "approved", "news")),
        ("The club fired its coach.", ("dismiss", "fired", "news")),
        ("Parliament passed the budget.", ("approve", "passed", "news")),
        ("Turkey closed its border.", ("close", "closed", "news")),
        ("They filed a lawsuit against the club.", ("sue", "filed", "news")),
        ("The bank froze accounts.", ("suspend", "froze", "news")),
        ("Norway is sending two planes.", ("send", "sending", "news")),
        ("The bank promised $18m for seed.", ("pledge", "promised", "news")),
        ("The agency ordered him to leave.", ("order", "ordered", "news")),
        ("The minister resigned.", ("resign", "resigned", "news")),
        ("Accounts were frozen on Monday.", ("suspend", "frozen", "news")),
        ("They rescinded limits imposed by others.", ("punish", "imposed", "earlier")),
        ("It was about a swimmer convicted of fraud.", ("convict", "convicted", "earlier")),
        ("He was formally charged with fraud.", ("charge", "charged", "news")),
        ("Limits were imposed by the court.", ("punish", "imposed", "news")),
        ("Soldiers searched his home.", ("seize", "searched", "news")),
        ("She fired her minister on Friday.", ("dismiss", "fired", "news")),
        ("The coach was fired.", ("dismiss", "fired", "news")),
        ("If he is convicted, he goes.", ("convict", "convicted", "undone")),
        ("After they agreed to meet, it rained.", ("agree", "agreed", "earlier")),
        ("He had been arrested before.", ("arrest", "arrested", "earlier")),
        ("Ruiz, who was charged, slept.", ("charge", "charged", "earlier")),
        ("The arrested man slept.", ("arrest", "arrested", "earlier")),
        ("He promised a road.", ("pledge", "promised", "earlier")),
        ("The court never convicted him.", ("convict", "convicted", "undone")),
        ("He would be arrested if he came.", ("arrest", "arrested", "undone")),
        ("They arrested nobody.", ("arrest", "arrested", "undone")),
    ],
)
def test_a_deed_is_told_as_news_as_done_before_or_as_undone(text: str, found: tuple[str, str, str]) -> None:
    assert told("", text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Police will arrest them.",
        "Soldiers fired shots at the crowd.",
        "Soldiers fired tear gas.",
        "He fired, but hit nobody.",
        "He fired one or more shots.",
        "It hurt her bid for the post.",
        "The bank released a statement.",
        "The paper released on Monday says so.",
        "Freed at last, he slept.",
        "Soldiers searched for him.",
        "They sell frozen chicken.",
        "Three hundred were sent against it, with nine planes.",
        "They passed the village.",
        "The shop closed early.",
        "They filed past the coffin.",
        "ARREST",
        "Полиция задержала двоих.",
        "\x00\x00",
    ],
)
def test_what_nobody_did_or_only_will_do_is_no_deed(text: str) -> None:
    assert told("", text) == []


def test_a_headline_tells_deeds_in_the_present_and_a_text_in_the_past() -> None:
    assert told("Police arrests two", "Police arrests two") == [("arrest", "arrests", "news")]


def test_what_is_promised_is_news_only_if_the_headline_says_so_too() -> None:
    assert told("Minister promises road", "He promised a road.") == [
        ("pledge", "promises", "news"),
        ("pledge", "promised", "news"),
    ]


def test_what_stands_far_down_is_not_read() -> None:
    assert told("", "x " * (READ // 2) + "Police arrested him.") == []


def test_every_row_of_the_table_is_a_class_with_words_of_its_own() -> None:
    rows = [row.split("\t") for row in TABLE.read_text("utf-8").splitlines()]
    assert rows[0] == ["deed", "act", "said", "words", "objects"]
    assert all(len(row) == 5 for row in rows)
    assert all(said in ("anywhere", "headline") and words for _, _, said, words, _ in rows[1:])
    bare = [word for *_, words, objects in rows[1:] if not objects for word in words.split()]
    assert len(bare) == len(set(bare))


@given(
    st.lists(
        st.sampled_from("arrested signed will not had the Ruiz fired shots . filed a lawsuit \x00 9 nobody".split()),  # noqa: SIM905
        max_size=60,
    ).map(" ".join)
    | st.text(max_size=200)
)
def test_every_deed_stands_where_it_says(text: str) -> None:
    for deed in find_deeds(text, text):
        assert deed.span.of(text).isalpha()


@pytest.mark.parametrize(
    "text", ["arrested " * 12_000, "a" * 100_000, "filed " * 20_000, "9" * 100_000, "\x00" * 100_000]
)
def test_a_hundred_thousand_characters_harm_nothing(text: str) -> None:
    found = find_deeds(text, text)
    assert all(deed.name in ("arrest", "appeal", "sue") for deed in found)
    assert all(deed.span.end <= READ for deed in found)
