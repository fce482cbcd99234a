"""Write what is told as Atom (RFC 4287): developments, alerts and articles; what publishers wrote stays text."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from schemas.alert import Alert
from services.search.development_results import DevelopmentTold
from services.search.results import ArticleShown

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"

# What XML 1.0 cannot hold, not even escaped.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One entry of a feed: `name` makes its id, the same for ever."""

    name: str
    title: str
    updated: datetime
    published: datetime
    url: str
    url_title: str
    author: str
    categories: tuple[str, ...]
    summary: str


def to_atom(developments: Iterable[DevelopmentTold], address: str, now: datetime) -> bytes:
    """The feed of developments at this address, newest first as given; one without entries was updated `now`."""
    return _feed([_of_development(one) for one in developments], "Dateline: what is new", address, now)


def alerts_to_atom(alerts: Iterable[Alert], search_name: str, address: str, now: datetime) -> bytes:
    """The feed of a saved search's alerts at this address, newest first as given."""
    return _feed([_of_alert(one) for one in alerts], f"Dateline: {search_name}", address, now)


def articles_to_atom(articles: Iterable[ArticleShown], title: str, address: str, now: datetime) -> bytes:
    """The feed of articles at this address, newest first as given."""
    return _feed([_of_article(one) for one in articles], title, address, now)


def _feed(entries: Sequence[Entry], title: str, address: str, now: datetime) -> bytes:
    feed = ElementTree.Element("feed", xmlns=NAMESPACE)
    add(feed, "id", _urn(f"feed {address}"))
    add(feed, "title", title, type="text")
    add(feed, "updated", _moment(max((one.updated for one in entries), default=now)))
    add(feed, "link", rel="self", type=MEDIA_TYPE, href=address)
    add(add(feed, "author"), "name", "Dateline")
    for one in entries:
        entry = add(feed, "entry")
        add(entry, "id", _urn(one.name))
        add(entry, "title", one.title, type="text")
        add(entry, "updated", _moment(one.updated))
        add(entry, "published", _moment(one.published))
        add(entry, "link", rel="alternate", href=one.url, title=one.url_title)
        add(add(entry, "author"), "name", one.author)
        for category in one.categories:
            add(entry, "category", term=category)
        add(entry, "summary", one.summary, type="text")
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _of_development(told: DevelopmentTold) -> Entry:
    article = told.article
    return Entry(
        name=f"development {told.id}",
        title=f"{told.story_title or article.title}: {told.reason}",
        updated=article.published,
        published=article.published,
        url=article.url,
        url_title=article.title,
        author=article.outlet.name or article.outlet.domain,
        categories=(told.kind,),
        summary=_summary(told),
    )


def _of_alert(alert: Alert) -> Entry:
    return Entry(
        name=f"alert {alert.id}",
        title=alert.title,
        updated=alert.raised,
        published=alert.published,
        url=alert.url,
        url_title=alert.title,
        author=alert.outlet,
        categories=tuple(dict.fromkeys(one.kind for one in alert.developments)),
        summary=f"{alert.reason} {alert.outlet}: {alert.title}.",
    )


def _of_article(article: ArticleShown) -> Entry:
    said = next((excerpt.text for excerpt in article.excerpts if excerpt.field == "text"), article.title)
    return Entry(
        name=f"article {article.id}",
        title=article.title,
        updated=article.published,
        published=article.published,
        url=article.url,
        url_title=article.title,
        author=article.outlet.name or article.outlet.domain,
        categories=tuple(dict.fromkeys(one.kind for one in article.developments)),
        summary=" ".join(said.split()),
    )


def _summary(told: DevelopmentTold) -> str:
    words = "".join(f" “{' '.join(words.split())}”" for words in told.words)
    who = f"{told.article.outlet.name or told.article.outlet.domain}: {told.article.title}"
    support = f" Told by {', '.join(dict.fromkeys(told.outlets))}." if told.outlets else ""
    return f"{told.reason}{words} {who}.{support}"


def add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    """A new element inside another, without the characters that XML cannot hold."""
    kept = {key: _NO_XML.sub("", value) for key, value in attributes.items()}
    element = ElementTree.SubElement(parent, name, kept)
    element.text = None if text is None else _NO_XML.sub("", text)
    return element


def _urn(name: str) -> str:
    """An id that is an IRI, whatever the name holds, and the same for ever."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"https://dateline.invalid/{name}").urn


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
