"""A page is read in the encoding that fits, whoever is wrong about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.charset import decode

WORDS = "Café “Žižkov”"


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (WORDS.encode(), "text/html; charset=utf-8"),
        (WORDS.encode(), "text/html"),
        (WORDS.encode("utf-8-sig"), "text/html; charset=iso-8859-1"),
        (WORDS.encode("utf-16"), "text/html"),
        (WORDS.encode("cp1250"), "text/html; charset=windows-1250"),
        (WORDS.encode("cp1252"), "text/html; charset=utf-8"),
        (WORDS.encode("cp1252"), "text/html; charset=iso-8859-1"),
        (WORDS.encode("cp1252"), "text/html; charset=no-such-thing"),
        (WORDS.encode(), "text/html; charset=undefined"),
    ],
)
def test_the_encoding_that_fits_is_found(content: bytes, content_type: str) -> None:
    assert decode(content, content_type) == WORDS


def test_what_the_page_says_counts_where_the_server_is_silent() -> None:
    html = f'<html><head><meta charset="windows-1250"></head><body>{WORDS}</body></html>'
    assert decode(html.encode("cp1250"), "text/html") == html


def test_one_broken_letter_does_not_change_the_encoding_of_all_others() -> None:
    assert decode(f"<meta charset=utf-8>{WORDS}".encode() + b"\xff") == f"<meta charset=utf-8>{WORDS}\ufffd"


@given(st.binary(max_size=200), st.text(max_size=40))
def test_no_bytes_at_all_upset_the_reader(content: bytes, content_type: str) -> None:
    assert isinstance(decode(content, content_type), str)
