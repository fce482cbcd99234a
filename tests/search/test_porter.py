"""Endings come off as in Porter's paper, with Lucene's two departures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.porter import stem


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        *[("caresses", "caress"), ("ponies", "poni"), ("caress", "caress"), ("cats", "cat"), ("feed", "feed")],
        *[("agreed", "agre"), ("plastered", "plaster"), ("bled", "bled"), ("motoring", "motor"), ("sing", "sing")],
        *[("conflated", "conflat"), ("troubled", "troubl"), ("sized", "size"), ("hopping", "hop"), ("hoping", "hope")],
        *[("falling", "fall"), ("hissing", "hiss"), ("filing", "file"), ("happy", "happi"), ("sky", "sky")],
        *[("relational", "relat"), ("conditional", "condit"), ("vietnamization", "vietnam"), ("operator", "oper")],
        *[("electrical", "electr"), ("goodness", "good"), ("adoption", "adopt"), ("replacement", "replac")],
        *[("probate", "probat"), ("rate", "rate"), ("cease", "ceas"), ("controlling", "control"), ("roll", "roll")],
        *[("possibly", "possibl"), ("archaeology", "archaeolog"), ("us", "us"), ("yes", "ye"), ("élan", "élan")],
    ],
)
def test_a_word_loses_its_ending(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed


@given(st.text("abcdeinstyléz'", max_size=14))
def test_a_stem_is_never_longer_than_its_word_nor_empty(word: str) -> None:
    assert len(stem(word)) <= len(word)
    assert bool(stem(word)) == bool(word)
