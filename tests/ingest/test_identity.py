"""The same article in any spelling of its URL is one article, and different articles stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.identity import (
    NotAUrl,
    article_id,
    canonical_url,
    content_hash,
    plausible_canonical,
    site,
)

SAME = "https://news.example/a/b?id=7"


@pytest.mark.parametrize(
    "spelling",
    [
        SAME,
        "HTTPS://News.Example/a/b?id=7",
        "https://news.example:443/a/b?id=7",
        "https://news.example/a/b?id=7#comments",
        "https://news.example/a/b?utm_source=x&id=7&fbclid=1",
        "https://news.example/a//b?id=7",
        "https://news.example/a/c/../b?id=7",
        "https://news.example./a/b?id=7",
        " https://news.example/a/%62?id=7 ",
    ],
)
def test_every_spelling_of_a_url_is_the_same_article(spelling: str) -> None:
    assert canonical_url(spelling) == SAME


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example/a/B?id=7",
        "https://news.example/a/b?id=8",
        "https://news.example/a/b",
        "https://other.example/a/b?id=7",
    ],
)
def test_another_article_has_another_url(other: str) -> None:
    assert canonical_url(other) != SAME


@given(st.from_regex(r"\Ahttps?://[a-z]{1,8}\.example(/[ -~é]{0,30})?\Z"))
def test_a_canonical_url_is_its_own_canonical_url(url: str) -> None:
    try:
        once = canonical_url(url)
    except NotAUrl:
        return
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    "words", ["", "news", "mailto:desk@news.example", "ftp://news.example/a", "http://", "http://[::1", "http://a:b/c"]
)
def test_what_is_no_web_address_is_refused(words: str) -> None:
    with pytest.raises(NotAUrl):
        canonical_url(words)


def test_letters_and_their_codes_are_one_spelling_but_a_coded_slash_is_no_slash() -> None:
    assert canonical_url("https://news.example/caf%c3%a9") == canonical_url("https://news.example/café")
    assert canonical_url("https://news.example/a%2Fb") != canonical_url("https://news.example/a/b")


def test_the_id_never_changes() -> None:
    assert article_id("https://news.example/a") == "95bbca1f9b4bae7d73e89dc2c1be3dbe"


def test_spacing_is_no_revision_but_a_word_is() -> None:
    assert content_hash("Pact signed", "One.\nTwo.") == content_hash("Pact  signed ", "One.  Two.")
    assert content_hash("Pact signed", "One. Two.") != content_hash("Pact signed", "One. Three.")


def test_a_page_is_believed_about_its_own_site_only() -> None:
    fetched = "https://m.news.example/a?x=1"
    assert plausible_canonical(fetched, "https://www.news.example/a")
    assert not plausible_canonical(fetched, "https://other.example/a")
    assert not plausible_canonical(fetched, "https://www.news.example/")
    assert not plausible_canonical(fetched, "javascript:void(0)")


def test_the_site_is_the_host_without_its_twins() -> None:
    assert site("https://www.news.example/a") == "news.example"
    assert site("http://127.0.0.1:8082/a") == "127.0.0.1"
