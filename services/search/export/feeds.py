"""Write articles as feeds: RSS 2.0 and JSON Feed 1.1 here, Atom beside; what publishers wrote stays text."""

import json
from collections.abc import Iterable
from datetime import UTC
from email.utils import format_datetime
from html import escape
from xml.etree import ElementTree

from services.search.atom import add
from services.search.results import ArticleShown

TITLE = "Dateline: articles"

LONGEST_FEED = 100
"""Articles of a feed: readers of feeds ask often, and for what is new."""


def to_rss(articles: Iterable[ArticleShown], address: str) -> bytes:
    """The feed at this address, in the order given."""
    feed = ElementTree.Element("rss", version="2.0")
    channel = add(feed, "channel")
    add(channel, "title", TITLE)
    add(channel, "link", address)
    add(channel, "description", "The newest articles that answer a question.")
    for article in articles:
        item = add(channel, "item")
        add(item, "title", article.title)
        add(item, "link", article.url)
        # Readers take a description for HTML: what is escaped in it once more is shown as it was written.
        add(item, "description", escape(summary(article), quote=False))
        add(item, "guid", f"urn:dateline:article:{article.id}", isPermaLink="false")
        add(item, "pubDate", format_datetime(article.published.astimezone(UTC), usegmt=True))
        for entity in article.entities:
            add(item, "category", entity.name)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def to_json_feed(articles: Iterable[ArticleShown], address: str) -> bytes:
    """The feed at this address, in the order given."""
    items = [
        {
            "id": f"urn:dateline:article:{article.id}",
            "url": article.url,
            "title": article.title,
            "content_text": summary(article),
            "date_published": article.published.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "authors": [{"name": article.outlet.name or article.outlet.domain}],
            "language": article.language,
            "tags": [entity.name for entity in article.entities],
        }
        for article in articles
    ]
    said = {"version": "https://jsonfeed.org/version/1.1", "title": TITLE, "feed_url": address, "items": items}
    return json.dumps(said, ensure_ascii=False).encode()


def summary(article: ArticleShown) -> str:
    """What matched in its text, or its beginning."""
    said = (excerpt.text for excerpt in article.excerpts if excerpt.field == "text")
    return " ".join(next(said, article.title).split())
