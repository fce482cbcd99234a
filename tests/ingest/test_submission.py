"""An article that is handed over is taken in the shapes that people have."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.ingest.extract import NotAnArticle
from services.ingest.identity import NotAUrl
from services.ingest.submission import TooLong, Unreadable, read_submission
from tests.ingest.fakes import NOW, TEXT, page


def taken(**row: Any) -> Any:
    return read_submission(row).article(seen=NOW, source="file.jsonl")


def test_a_row_with_everything_keeps_it() -> None:
    article = taken(
        url="https://www.a.example/one?utm_source=x",
        title="Pact signed",
        text=TEXT,
        published="2026-03-01",
        outlet={"domain": "A.example", "name": "The A", "country": "KE"},
        language="en",
        byline="Amina Odhiambo",
    )
    assert article.url == "https://www.a.example/one"
    assert (article.outlet.domain, article.outlet.name, article.outlet.country) == ("a.example", "The A", "KE")
    assert (article.published, article.published_raw) == (datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01")
    assert (article.language, article.byline, article.revision) == ("en", "Amina Odhiambo", 1)


@pytest.mark.parametrize(
    ("row", "domain", "name"),
    [
        ({"url": "https://www.a.example/one"}, "a.example", "a.example"),
        ({"url": "https://www.a.example/one", "outlet": "The A (Web News)"}, "a.example", "The A (Web News)"),
        ({"url": "https://www.a.example/one", "outlet": "b.example"}, "b.example", "b.example"),
        ({"domain": "b.example", "outlet": "The B"}, "b.example", "The B"),
        ({"outlet": "The B"}, "the b", "The B"),
        ({}, "unknown", "unknown"),
    ],
)
def test_the_outlet_is_what_is_known_of_it(row: dict[str, Any], domain: str, name: str) -> None:
    outlet = taken(text=TEXT, **row).outlet
    assert (outlet.domain, outlet.name) == (domain, name)


def test_other_names_of_the_fields_are_known() -> None:
    article = taken(text=TEXT, date=1772618400, lang="fr", author="A. B.")
    assert (article.published.isoformat(), article.language, article.byline) == (
        "2026-03-04T10:00:00+00:00",
        "fr",
        "A. B.",
    )


def test_an_article_without_a_url_is_named_by_its_source_and_id() -> None:
    assert taken(text=TEXT, id="as-1").url == "urn:dateline:file.jsonl:as-1"
    assert taken(text=TEXT).url == taken(text=TEXT).url != taken(text=TEXT + "More.").url


def test_a_page_in_place_of_the_text_is_read() -> None:
    assert taken(url="https://a.example/one", html=page()).title == "Pact signed"


@pytest.mark.parametrize(
    ("row", "fate"),
    [
        ([], Unreadable),
        ("text", Unreadable),
        ({}, Unreadable),
        ({"text": " \x00 "}, Unreadable),
        ({"text": ["a"]}, Unreadable),
        ({"text": TEXT, "title": "x" * 3_000}, Unreadable),
        ({"text": TEXT, "url": "https://a.example/" + "x" * 3_000}, Unreadable),
        ({"text": TEXT, "outlet": {"name": "x" * 3_000}}, Unreadable),
        ({"text": TEXT, "outlet": {"country": "Kenya"}}, Unreadable),
        ({"html": page()}, Unreadable),
        ({"text": TEXT, "url": "a.example/one"}, NotAUrl),
        ({"url": "https://a.example/one", "html": "<p>no"}, NotAnArticle),
        ({"text": "x" * 400_001}, TooLong),
    ],
)
def test_what_cannot_be_taken_says_why(row: Any, fate: type[Exception]) -> None:
    with pytest.raises(fate):
        read_submission(row).article(seen=NOW, source="file.jsonl")
