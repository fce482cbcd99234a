"""Words, and copies of a text."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.follow import COPY
from services.enrich.likeness import fingerprint, terms, words
from tests.enrich.reading import PACT, QUAKE, measures

LONG = " ".join(f"{one}{number}" for number in range(60) for one in ("harbour", "market", "minister", "rain", "vote"))


def test_the_same_words_are_wholly_alike_and_others_not_at_all() -> None:
    one = words("", "farmers water pact", measures().rarity)
    assert one.cosine(words("", "The farmers’ water pacts", measures().rarity)) > 0.95
    assert one.cosine(words("", "earthquake coast theatre", measures().rarity)) == 0


def test_rare_words_weigh_more_than_common_ones() -> None:
    weighed = words("", "the president harpsichord", measures().rarity)
    assert weighed.terms[0] == terms("harpsichord")[0]


@pytest.mark.parametrize(
    ("copy", "is_one"),
    [
        (LONG.upper(), True),
        (LONG[: len(LONG) // 2], True),
        (f"By Staff Reporter | Updated\n{LONG}\nRead more", True),
        (f"{LONG[len(LONG) // 2 :]}\n{LONG[: len(LONG) // 2]}", True),
        (f"{QUAKE} {LONG[: len(LONG) // 12]} {PACT}", False),
        (QUAKE, False),
    ],
    ids=["shouted", "cut", "wrapped", "reordered", "quoted", "another"],
)
def test_a_copy_is_told_from_a_quotation(copy: str, *, is_one: bool) -> None:
    assert (fingerprint(LONG).contained(fingerprint(copy)) >= COPY) is is_one


def test_a_few_mistyped_words_do_not_hide_a_copy() -> None:
    chance = random.Random(7)
    mistyped = " ".join(word[::-1] if chance.random() < 0.02 else word for word in LONG.split())
    assert fingerprint(LONG).contained(fingerprint(mistyped)) >= COPY


def test_texts_too_short_to_tell_are_no_copies() -> None:
    assert fingerprint("Markets close higher").contained(fingerprint("Markets close higher")) == 0
    assert fingerprint("").contained(fingerprint(LONG)) == 0


@given(st.text(max_size=300), st.text(max_size=300))
def test_containment_is_a_share_and_goes_both_ways(one: str, other: str) -> None:
    forth, back = fingerprint(one).contained(fingerprint(other)), fingerprint(other).contained(fingerprint(one))
    assert forth == back
    assert 0 <= forth <= 1
