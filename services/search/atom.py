"""Write developments as an Atom feed (RFC 4287): pure, from what is told to XML; what publishers wrote stays text."""

import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree import ElementTree

from services.search.development_results import DevelopmentTold

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"

# What XML 1.0 cannot hold, not even escaped.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_atom(developments: Iterable[DevelopmentTold], address: str, now: datetime) -> bytes:
    """The feed at this address, newest first as it is given; one without entries was updated `now`."""
    told = list(developments)
    updated = max((one.article.published for one in told), default=now)
    feed = ElementTree.Element("feed", xmlns=NAMESPACE)
    _add(feed, "id", _urn(f"feed {address}"))
    _add(feed, "title", "Dateline: what is new")
    _add(feed, "updated", _moment(updated))
    _add(feed, "link", rel="self", type=MEDIA_TYPE, href=address)
    _add(_add(feed, "author"), "name", "Dateline")
    for one in told:
        _entry(feed, one)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: ElementTree.Element, told: DevelopmentTold) -> None:
    article = told.article
    entry = _add(feed, "entry")
    _add(entry, "id", _urn(f"development {told.id}"))
    _add(entry, "title", f"{told.story_title or article.title}: {told.reason}", type="text")
    for name in ("updated", "published"):
        _add(entry, name, _moment(article.published))
    _add(entry, "link", rel="alternate", href=article.url, title=article.title)
    _add(_add(entry, "author"), "name", article.outlet.name or article.outlet.domain)
    _add(entry, "category", term=told.kind)
    _add(entry, "summary", _summary(told), type="text")


def _summary(told: DevelopmentTold) -> str:
    words = "".join(f" “{' '.join(words.split())}”" for words in told.words)
    who = f"{told.article.outlet.name or told.article.outlet.domain}: {told.article.title}"
    support = f" Told by {', '.join(dict.fromkeys(told.outlets))}." if told.outlets else ""
    return f"{told.reason}{words} {who}.{support}"


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    kept = {key: _NO_XML.sub("", value) for key, value in attributes.items()}
    element = ElementTree.SubElement(parent, name, kept)
    element.text = None if text is None else _NO_XML.sub("", text)
    return element


def _urn(name: str) -> str:
    """An id that is an IRI, whatever the name holds, and the same for ever."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"https://dateline.invalid/{name}").urn


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
