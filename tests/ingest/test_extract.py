"""A page gives its article; what is no article gives the reason."""

from datetime import UTC, datetime

import pytest

from schemas.article import Outlet
from services.ingest.dates import Claim
from services.ingest.extract import NotAnArticle, extract, tidy
from tests.ingest.fakes import NOW, TEXT, page

URL = "https://www.a.example/one?utm_source=rss"
OUTLET = Outlet(domain="a.example")


def test_a_page_gives_its_title_text_and_site_without_what_stands_around_it() -> None:
    read = extract(page(), URL)
    assert read.title == "Pact signed"
    assert read.site_name == "The A"
    assert read.text.startswith("Kenya and Uganda signed a mutual aid pact")
    assert "Home" not in read.text


def test_the_most_deliberate_date_is_taken() -> None:
    head = (
        '<meta property="article:published_time" content="2026-03-03T08:00:00Z">'
        '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle",'
        ' "datePublished": "2026-03-03T07:30:00Z"}]}</script>'
    )
    article = extract(page(head=head), URL).article(fetched_url=URL, outlet=OUTLET, seen=NOW)
    assert article.published == datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
    assert article.published_raw == "2026-03-03T07:30:00Z"


def test_the_feeds_date_serves_where_the_page_has_none() -> None:
    claim = Claim("Tue, 03 Mar 2026 08:00:00 GMT", "feed")
    article = extract(page(), URL).article(fetched_url=URL, outlet=OUTLET, seen=NOW, dates=[claim])
    assert article.published == datetime(2026, 3, 3, 8, tzinfo=UTC)


def test_broken_structured_data_is_passed_over() -> None:
    head = (
        '<script type="application/ld+json">{"datePublished": </script>'
        + "<script type='application/ld+json'></script>"
    )
    assert extract(page(head=head), URL).article(fetched_url=URL, outlet=OUTLET, seen=NOW).published <= NOW


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        ("https://www.a.example/stories/one", "https://www.a.example/stories/one"),
        ("/stories/one", "https://www.a.example/stories/one"),
        ("https://www.a.example/", "https://www.a.example/one"),
        ("https://elsewhere.example/one", "https://www.a.example/one"),
        ("http://[broken", "https://www.a.example/one"),
    ],
)
def test_a_canonical_link_is_followed_only_where_it_is_plausible(canonical: str, url: str) -> None:
    head = f'<link rel="canonical" href="{canonical}">'
    article = extract(page(head=head), URL).article(fetched_url=URL, outlet=OUTLET, seen=NOW)
    assert (article.url, article.fetched_url) == (url, URL)


@pytest.mark.parametrize(
    "html", ["", "   ", "<html></html>", page(text="Subscribe to read on."), "\x00" * 50, "<div>" * 5_000 + TEXT]
)
def test_what_holds_no_article_is_refused(html: str) -> None:
    with pytest.raises(NotAnArticle):
        extract(html, URL)


def test_the_language_of_the_text_is_told() -> None:
    text = (
        "Le gouvernement a annoncé mardi que les péniches pourront de nouveau passer l'écluse de Lyon. "
        "Les mariniers, qui attendaient depuis trois semaines, ont salué la nouvelle. "
        "Les travaux reprendront au printemps, selon la préfecture du Rhône."
    )
    assert extract(page(text=text), URL).article(fetched_url=URL, outlet=OUTLET, seen=NOW).language == "fr"


def test_text_is_freed_of_what_no_reader_sees() -> None:
    assert tidy("One \r\ntwo\x00\ud800\r three  ") == "One\ntwo\n three"
