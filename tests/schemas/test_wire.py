"""Messages survive the wire, and what is not one of ours is refused with a reason."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import wire
from schemas.article import Article, Outlet
from schemas.topics import ARTICLES

MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.timezones())  # noqa: DTZ001


@given(
    title=st.text(),
    text=st.text(max_size=300),
    published=MOMENTS,
    extra=st.dictionaries(st.from_regex(r"x_[a-z]{1,8}", fullmatch=True), st.integers() | st.text(), max_size=3),
)
def test_an_article_comes_back_as_it_was_with_fields_nobody_knows(
    title: str, text: str, published: datetime, extra: dict[str, int | str]
) -> None:
    article = Article.model_validate(
        {
            "id": "0" * 32,
            "url": "https://a.example/b",
            "fetched_url": "https://a.example/b",
            "outlet": Outlet(domain="a.example"),
            "title": title,
            "text": text,
            "published": published,
            "seen": published,
            **extra,
        }
    )
    assert wire.decode(ARTICLES, wire.encode(article), wire.headers(article)) == article
    assert article.published.tzinfo is UTC


@pytest.mark.parametrize(
    ("value", "headers", "reason"),
    [
        (None, [], "no value"),
        (b"", [], "Invalid JSON"),
        (b"\xff\xfe", [], "Invalid JSON"),
        (b'{"id": 3}', [], "validation errors"),
        (b"{}", [("version", b"2")], "version b'2'"),
        (b"{}", [("schema", b"Alert")], "carries Article"),
    ],
)
def test_what_is_not_ours_is_refused_with_the_reason(
    value: bytes | None, headers: list[tuple[str, bytes]], reason: str
) -> None:
    with pytest.raises(wire.Undecodable, match=reason):
        wire.decode(ARTICLES, value, headers)


@given(st.binary(max_size=200))
def test_no_bytes_at_all_crash_the_reader(value: bytes) -> None:
    with pytest.raises(wire.Undecodable):
        wire.decode(ARTICLES, value)
