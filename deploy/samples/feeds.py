"""The outlets' feeds, in RSS 2.0 and Atom 1.0, and the list of them that ingest can follow."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from deploy.samples.collection import SampleArticle, SampleOutlet, sample_outlets

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
ET.register_namespace("dc", _DC)
ET.register_namespace("atom", _ATOM)


@dataclass(frozen=True)
class FeedSpec:
    """A feed to follow, and whose it is: the pages are all on one host, so the outlet must be told."""

    url: str
    outlet_domain: str
    outlet_name: str
    country: str
    language: str


def sample_feeds(base_url: str) -> list[FeedSpec]:
    """Every outlet's feed on a site at `base_url` (scheme, host and port, no slash at the end)."""
    return [
        FeedSpec(
            url=f"{base_url}{feed_path(outlet)}",
            outlet_domain=outlet.domain,
            outlet_name=outlet.name,
            country=outlet.country,
            language=outlet.language,
        )
        for outlet in sample_outlets().values()
    ]


def feeds_toml(base_url: str) -> str:
    """The same list as a file that ingest reads (`DATELINE_FEEDS`)."""
    # JSON's strings are TOML's, so a name with quotes or accents needs no care of its own.
    tables = (
        f"[[feeds]]\nurl = {json.dumps(spec.url)}\ndomain = {json.dumps(spec.outlet_domain)}\n"
        f"name = {json.dumps(spec.outlet_name)}\ncountry = {json.dumps(spec.country)}\n"
        for spec in sample_feeds(base_url)
    )
    return "\n".join(tables)


def feed_path(outlet: SampleOutlet) -> str:
    """Where the outlet's feed stands on the site."""
    return f"/{outlet.slug}/{outlet.feed}.xml"


def feed(
    outlet: SampleOutlet, articles: Sequence[SampleArticle], now: datetime, updated: datetime, base_url: str
) -> bytes:
    """The outlet's feed with these articles, newest first; the same articles give the same bytes."""
    entries = [_Entry.of(article, now, base_url) for article in reversed(articles)]
    if outlet.gone:
        entries.append(_Entry(outlet.gone, f"{base_url}/{outlet.slug}/gone", "", "", now - timedelta(days=3)))
    render = _rss if outlet.feed == "rss" else _atom
    tree = render(outlet, entries, updated, base_url)
    return bytes(ET.tostring(tree, encoding="utf-8", xml_declaration=True))


@dataclass(frozen=True)
class _Entry:
    title: str
    link: str
    byline: str
    summary: str
    published: datetime | None

    @classmethod
    def of(cls, article: SampleArticle, now: datetime, base_url: str) -> "_Entry":
        return cls(
            title=article.title,
            link=f"{base_url}/{article.path}{article.outlet.tracking}",
            byline=article.byline,
            summary=article.blocks(now)[0],
            published=article.published(now) if article.dated else None,
        )


def _rss(outlet: SampleOutlet, entries: list[_Entry], updated: datetime, base_url: str) -> ET.Element:
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    _say(channel, "title", outlet.name)
    _say(channel, "link", f"{base_url}/{outlet.slug}/")
    _say(channel, "description", f"{outlet.motto}. Sample articles, invented.")
    _say(channel, "language", outlet.language)
    _say(channel, "lastBuildDate", format_datetime(updated, usegmt=True))
    ET.SubElement(
        channel, f"{{{_ATOM}}}link", href=f"{base_url}{feed_path(outlet)}", rel="self", type="application/rss+xml"
    )
    for entry in entries:
        item = ET.SubElement(channel, "item")
        _say(item, "title", entry.title)
        _say(item, "link", entry.link)
        _say(item, "guid", entry.link.partition("?")[0], isPermaLink="true")
        # As most feeds do: HTML inside, escaped twice on the way.
        _say(item, "description", f"<p>{escape(entry.summary, quote=False)}</p>")
        if entry.byline:
            _say(item, f"{{{_DC}}}creator", entry.byline)
        if entry.published:
            _say(item, "pubDate", format_datetime(entry.published, usegmt=True))
    return rss


def _atom(outlet: SampleOutlet, entries: list[_Entry], updated: datetime, base_url: str) -> ET.Element:
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": outlet.language})
    _say(feed, "title", outlet.name)
    _say(feed, "subtitle", f"{outlet.motto}. Sample articles, invented.")
    _say(feed, "id", f"tag:{outlet.domain},2026:feed")
    _say(feed, "updated", updated.isoformat())
    ET.SubElement(feed, "link", href=f"{base_url}/{outlet.slug}/")
    ET.SubElement(feed, "link", href=f"{base_url}{feed_path(outlet)}", rel="self")
    for entry in entries:
        item = ET.SubElement(feed, "entry")
        _say(item, "title", entry.title)
        _say(item, "id", f"tag:{outlet.domain},2026:{entry.link.rpartition('/')[2]}")
        ET.SubElement(item, "link", href=entry.link, rel="alternate", type="text/html")
        if entry.byline:
            _say(ET.SubElement(item, "author"), "name", entry.byline)
        _say(item, "summary", entry.summary)
        if entry.published:
            _say(item, "published", entry.published.isoformat())
            _say(item, "updated", entry.published.isoformat())
    return feed


def _say(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text
