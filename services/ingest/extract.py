"""Get the article out of its page: title, text, byline, date, language, and the URL it calls its own."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import trafilatura
from lxml.etree import LxmlError
from lxml.html import HtmlElement
from trafilatura.settings import Document

from schemas.article import Article, Outlet
from services.ingest.dates import Claim, Published, published
from services.ingest.identity import article_id, canonical_url, plausible_canonical
from services.ingest.language import language_of

# Fewer characters of text are a caption, a teaser, a cookie notice or an error page, not an article.
FEWEST_CHARACTERS = 200
# A page nested deeper is broken or hostile; the parsers recurse.
_DEEPEST = 1_000


class NotAnArticle(ValueError):
    """This page holds no article that can be read."""


@dataclass(frozen=True)
class Page:
    """What a page says, before it is known when and where it was found."""

    title: str
    text: str
    byline: str | None
    site_name: str
    canonical: str | None
    dates: tuple[Claim, ...] = field(default=())

    def article(
        self,
        *,
        fetched_url: str,
        outlet: Outlet,
        seen: datetime,
        dates: Iterable[Claim] = (),
        byline: str | None = None,
    ) -> Article:
        """The article in its first revision; `dates` are what others say of it. Raises `NotAUrl`."""
        url = canonical_url(_canonical_or(fetched_url, self.canonical))
        when = self.published(seen, dates)
        return Article(
            id=article_id(url),
            url=url,
            fetched_url=fetched_url,
            outlet=outlet,
            title=self.title,
            text=self.text,
            byline=self.byline or byline,
            language=language_of(self.text),
            published=when.moment,
            published_raw=when.raw,
            seen=seen,
        )

    def published(self, seen: datetime, dates: Iterable[Claim] = ()) -> Published:
        """When it was published, and how that was found; what others say comes before what only its text suggests."""
        firm = [claim for claim in self.dates if claim.how != "text"]
        return published([*firm, *dates, *(claim for claim in self.dates if claim.how == "text")], seen)


def extract(html: str | bytes, url: str) -> Page:
    """The article that the page holds. Raises `NotAnArticle` where there is none."""
    tree = trafilatura.load_html(html)
    if tree is None:
        raise NotAnArticle("no HTML")
    if _depth(tree) > _DEEPEST:
        raise NotAnArticle(f"nested deeper than {_DEEPEST}")
    dates, canonical = tuple(_dates(tree)), _canonical(tree)
    document = _read(tree, url)
    title = tidy(document.title or "")
    text = _without_heading(tidy(document.text or ""), title)
    if len(text) < FEWEST_CHARACTERS:
        raise NotAnArticle(f"{len(text)} characters of text; an article has {FEWEST_CHARACTERS}")
    guessed = (Claim(document.date, "text"),) if document.date else ()
    return Page(
        title=title,
        text=text,
        byline=document.author or None,
        site_name=document.sitename or "",
        canonical=canonical,
        dates=(*dates, *guessed),
    )


def _canonical_or(fetched_url: str, claimed: str | None) -> str:
    """The URL that the page calls its own where that can be believed, else the one that it was fetched from."""
    try:
        whole = urljoin(fetched_url, claimed) if claimed else fetched_url
    except ValueError:
        # "http://[": a broken claim is no claim, and no reason to lose the article.
        return fetched_url
    return whole if plausible_canonical(fetched_url, whole) else fetched_url


def tidy(text: str) -> str:
    """The text with one kind of line break and without what no reader sees: NULs, lone surrogates, trailing blanks."""
    seen = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").encode("utf-8", "ignore").decode()
    return "\n".join(line.rstrip() for line in seen.split("\n")).strip()


def _without_heading(text: str, title: str) -> str:
    """The text without the title, which many pages repeat as its first line."""
    first, _, rest = text.partition("\n")
    return rest.lstrip() if title and " ".join(first.split()).casefold() == title.casefold() else text


def _read(tree: HtmlElement, url: str) -> Document:
    try:
        document = trafilatura.bare_extraction(
            tree, url=url, include_comments=False, include_tables=False, with_metadata=True
        )
    except (LxmlError, ValueError, RecursionError, AttributeError, TypeError) as error:
        # trafilatura lets a few of its own surprises through on broken pages; none of them says more than this.
        raise NotAnArticle(f"{type(error).__name__}: {error}") from error
    if not isinstance(document, Document):
        raise NotAnArticle("no main text")
    return document


def _depth(tree: HtmlElement) -> int:
    """How deep the elements are nested, counted without recursion, and no further than matters."""
    deepest, level = 0, [tree]
    while level and deepest <= _DEEPEST:
        deepest += 1
        level = [child for element in level for child in element]
    return deepest


def _canonical(tree: HtmlElement) -> str | None:
    for link in tree.iterfind(".//link[@rel]"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return str(link.get("href")).strip()
    return None


_META_DATES = re.compile(
    r"^(article:published(_time)?|og:published_time|datepublished|date|dc\.date(\.issued)?|dcterms\.(created|issued|date)"
    r"|parsely-pub-date|sailthru\.date|publishdate|publish-date|pubdate|publication_date|cxenseparse:recs:publishtime)$"
)


def _dates(tree: HtmlElement) -> Iterator[Claim]:
    """What the page's own metadata says of its date, the most deliberate first."""
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        for raw in _in_json_ld(script.text or ""):
            yield Claim(raw, "json-ld")
    for meta in tree.iterfind(".//meta[@content]"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if _META_DATES.match(name.lower()):
            yield Claim(meta.get("content").strip(), "meta")
    for time in tree.iterfind(".//time[@datetime]"):
        if time.get("itemprop") == "datePublished" or time.get("pubdate") is not None:
            yield Claim(time.get("datetime").strip(), "time tag")


def _in_json_ld(script: str) -> Iterator[str]:
    try:
        waiting: list[Any] = [json.loads(script.strip().removesuffix(";"))]
    except (ValueError, RecursionError):
        return
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            if isinstance(node.get("datePublished"), str) and "Article" in str(node.get("@type", "Article")):
                yield node["datePublished"].strip()
            waiting.extend(value for value in node.values() if isinstance(value, dict | list))
