"""What a feed offers: its entries, out of any dialect of RSS and Atom, well formed or not."""

import warnings
from calendar import timegm
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import feedparser

from services.ingest.dates import Claim
from services.ingest.identity import NotAUrl, site

# A feed that lists more is an archive or an attack; the newest come first.
MOST_ENTRIES = 5_000


class NotAFeed(ValueError):
    """These bytes hold no feed that can be read."""


@dataclass(frozen=True)
class Entry:
    """One entry: its link, and what the feed says of the article before anyone has fetched it."""

    link: str
    id: str
    title: str
    published: Claim | None
    updated: str
    byline: str | None

    @property
    def fingerprint(self) -> str:
        """Changes when the feed says something else of the entry, so that its page is worth another look."""
        return sha256("\n".join((self.link, self.title, self.updated)).encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True)
class Feed:
    """A feed as it was read: its own title, its entries in its order, and how many had no link to follow."""

    title: str
    entries: tuple[Entry, ...]
    without_link: int = 0


def read_feed(content: bytes, url: str, content_type: str = "") -> Feed:
    """The feed in these bytes. Raises `NotAFeed` where there is none."""
    with warnings.catch_warnings():
        # feedparser warns of its own future, once for each entry with an odd date.
        warnings.simplefilter("ignore", DeprecationWarning)
        parsed = _parse(content, url, content_type)
    if not parsed.get("version") and not parsed.entries:
        reason = parsed.get("bozo_exception")
        raise NotAFeed(f"no RSS or Atom in {len(content)} bytes" + (f": {reason}" if reason else ""))
    entries = [_entry(raw, url) for raw in parsed.entries[:MOST_ENTRIES]]
    linked = {entry.id: entry for entry in reversed(entries) if entry is not None}
    return Feed(
        title=_words(parsed.feed.get("title")),
        entries=tuple(reversed(linked.values())),
        without_link=sum(entry is None for entry in entries),
    )


def _parse(content: bytes, url: str, content_type: str) -> Any:
    headers = {"content-location": url, **({"content-type": content_type} if content_type else {})}
    try:
        return feedparser.parse(BytesIO(content), response_headers=headers)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        # feedparser lets a few of its own surprises through on broken input; none of them says more than this.
        raise NotAFeed(f"{type(error).__name__}: {error}") from error


def _entry(raw: Any, feed_url: str) -> Entry | None:
    link = _link(raw, feed_url)
    if link is None:
        return None
    return Entry(
        link=link,
        id=_words(raw.get("id")) or link,
        title=_words(raw.get("title")),
        published=_published(raw),
        # Asked as a plain dict: feedparser would give "published" for a missing "updated", with a warning.
        updated=_words(dict.get(raw, "updated")) or _words(raw.get("published")),
        byline=_words(raw.get("author")) or None,
    )


def _link(raw: Any, feed_url: str) -> str | None:
    alternates = [
        link.get("href")
        for link in raw.get("links", [])
        if link.get("rel", "alternate") == "alternate" and "html" in (link.get("type") or "text/html")
    ]
    for candidate in (*alternates, raw.get("link")):
        try:
            whole = urljoin(feed_url, _words(candidate))
        except ValueError:
            continue
        if candidate and _is_web_address(whole):
            return whole
    # An id that is an address serves where the link is missing; one that is not must not be made into one.
    id_ = _words(raw.get("id"))
    return id_ if _is_web_address(id_) else None


def _is_web_address(link: str) -> bool:
    try:
        # Whatever comes after asks it for its host and port; "http://a:99999" and "http://[" have none.
        return bool(site(link))
    except NotAUrl:
        return False


def _published(raw: Any) -> Claim | None:
    """The entry's own words, with feedparser's reading of them, which knows odd dialects."""
    for field in ("published", "updated"):
        words = _words(dict.get(raw, field))
        if words:
            return Claim(words, "feed", _reading(dict.get(raw, f"{field}_parsed")))
    return None


def _reading(parsed: Any) -> datetime | None:
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _words(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
