"""The one form in which names of places are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrich.toponyms import name_key, short_form


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("St. Petersburg", "saint petersburg"),
        ("Saint Petersburg", "saint petersburg"),
        ("the United States", "united states"),
        ("U.S.", "us"),
        ("Georgia’s", "georgia"),
        ("Texas'", "texas"),
        ("Łódź", "lodz"),
        ("SÃO PAULO", "sao paulo"),
        ("Martha’s Vineyard", "marthas vineyard"),
        ("Ft. Worth", "fort worth"),
        ("Laurel Co.", "laurel county"),
        ("Stratford-upon-Avon", "stratford upon avon"),
        ("北京", "北京"),
        ("Москва", "москва"),
        ("서울", "서울"),
    ],
)
def test_a_name_has_one_form_however_it_is_written(written: str, kept: str) -> None:
    assert name_key(written) == kept


@given(st.text())
def test_a_form_has_single_spaces_and_no_capitals_whatever_was_written(written: str) -> None:
    kept = name_key(written)
    assert kept == " ".join(kept.split())
    assert not any(sign.isupper() and sign.isascii() for sign in kept)


@pytest.mark.parametrize(("written", "form"), [("La.", "=La"), ("LA", "=LA"), ("U.S.", "=US"), ("the U.S.", "=US")])
def test_short_forms_are_kept_letter_for_letter(written: str, form: str) -> None:
    assert short_form(written) == form


@pytest.mark.parametrize("word", ["us", "in", "la", "Paris", "Georgia", ""])
def test_a_common_word_is_no_short_form(word: str) -> None:
    assert short_form(word) is None
