"""Feeds of articles: what each format asks for, and what publishers wrote as text alone."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

from services.search import atom
from services.search.document import document
from services.search.export.feeds import to_json_feed, to_rss
from services.search.query import MARKS
from services.search.results import ArticleShown, article_shown
from tests.search.reports import NOON, report

ADDRESS = "http://127.0.0.1:8080/articles/export?format=rss&q=a"
HOSTILE = "<script>alert(1)</script> & \x00 \ufffe ]]>"


def shown(number: int = 1, text: str = "It begins.") -> ArticleShown:
    source = document(report(number, title=f"{HOSTILE} {number}"))
    return article_shown({"_source": source, "highlight": {"text": [f"{text} {MARKS[0]}pact{MARKS[1]} {HOSTILE}"]}})


def test_rss_has_what_it_asks_for() -> None:
    channel = ElementTree.fromstring(to_rss([shown(1), shown(2)], ADDRESS)).find("channel")
    assert channel is not None
    assert [element.tag for element in channel][:3] == ["title", "link", "description"]
    items = channel.findall("item")
    assert len({item.findtext("guid") for item in items}) == 2
    assert parsedate_to_datetime(items[0].findtext("pubDate") or "") == report(1).article.published
    # Once out of the XML it is still escaped: a reader that takes it for HTML shows the words.
    description = items[0].findtext("description") or ""
    assert "<" not in description
    assert "pact &lt;script&gt;" in description


def test_a_json_feed_has_what_it_asks_for() -> None:
    feed = json.loads(to_json_feed([shown(1)], ADDRESS))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == ADDRESS
    (item,) = feed["items"]
    assert datetime.fromisoformat(item["date_published"]) == report(1).article.published
    assert item["content_text"].startswith("It begins. pact <script>")
    assert "content_html" not in item


def test_atom_has_the_same_articles() -> None:
    feed = ElementTree.fromstring(atom.articles_to_atom([shown(1), shown(2)], "Articles", ADDRESS, NOON))
    entries = feed.findall(f"{{{atom.NAMESPACE}}}entry")
    assert len({entry.findtext(f"{{{atom.NAMESPACE}}}id") for entry in entries}) == 2
    assert entries[0].find(f"{{{atom.NAMESPACE}}}summary").get("type") == "text"  # type: ignore[union-attr]


def test_feeds_without_articles_are_feeds() -> None:
    assert json.loads(to_json_feed([], ADDRESS))["items"] == []
    assert ElementTree.fromstring(to_rss([], ADDRESS)).find("channel/item") is None
    assert ElementTree.fromstring(atom.articles_to_atom([], "Articles", ADDRESS, datetime.now(UTC))) is not None
