"""An article that someone hands over, by push or in a file, in the shapes that people have."""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from schemas.article import LONGEST_TEXT, Article, Outlet
from schemas.message import CountryCode
from services.ingest.dates import Claim, published
from services.ingest.extract import NotAnArticle, extract, tidy
from services.ingest.identity import NotAUrl, article_id, canonical_url, content_hash, site
from services.ingest.language import language_of

_DOMAIN = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", re.IGNORECASE)
_LANGUAGE = re.compile(r"^[a-z]{2}$")
UNKNOWN_OUTLET = "unknown"
# Characters of anything that is not the title or the text: more is a mistake, and much more would fit no message.
_LONGEST_WORDS = 2_000
_Words = Annotated[str, Field(max_length=_LONGEST_WORDS)]


class Unreadable(ValueError):
    """This is no article in a shape that we know."""


class TooLong(ValueError):
    """This is longer than an article may be."""


UNTAKEN: dict[type[Exception], str] = {
    Unreadable: "undecodable",
    NotAUrl: "undecodable",
    NotAnArticle: "not_an_article",
    TooLong: "too_long",
}
"""The outcome that is counted for each reason why a submission is not taken."""


class GivenOutlet(BaseModel):
    """An outlet as the sender describes it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    domain: _Words = ""
    name: _Words = ""
    country: CountryCode | None = None


class Submission(BaseModel):
    """One article as it was handed over: its text, or its page's HTML; everything else may be missing."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: _Words = Field(default="", description="the sender's own id; makes the URL where there is none")
    url: _Words = ""
    title: str = Field(default="", max_length=2_000)
    text: str = ""
    html: str = ""
    published: _Words | None = Field(default=None, validation_alias=AliasChoices("published", "date"))
    outlet: _Words | GivenOutlet | None = None
    domain: _Words = ""
    language: _Words = Field(default="", validation_alias=AliasChoices("language", "lang"))
    byline: str | None = Field(default=None, max_length=500, validation_alias=AliasChoices("byline", "author"))

    def article(self, *, seen: datetime, source: str) -> Article:
        """The article in its first revision. `source` names the file or sender, for articles without a URL.

        Raises `Unreadable`, `TooLong`, `NotAnArticle` for HTML that holds none, `NotAUrl`.
        """
        dates = [Claim(self.published, "given")] if self.published else []
        if self.html and not self.text:
            return self._from_html(seen, dates)
        title, text = tidy(self.title), tidy(self.text)
        if not text:
            raise Unreadable("no text")
        if len(text) > LONGEST_TEXT:
            raise TooLong(f"{len(text)} characters of text; at most {LONGEST_TEXT} are taken")
        url = canonical_url(self.url) if self.url else self._name(source, title, text)
        when = published(dates, seen)
        return Article(
            id=article_id(url),
            url=url,
            fetched_url=self.url or url,
            outlet=self._outlet(url),
            title=title,
            text=text,
            byline=self.byline or None,
            language=self.language if _LANGUAGE.match(self.language) else language_of(text),
            published=when.moment,
            published_raw=when.raw,
            seen=seen,
        )

    def _from_html(self, seen: datetime, dates: list[Claim]) -> Article:
        if not self.url:
            raise Unreadable("html without the url that it was fetched from")
        page = extract(self.html, self.url)
        if len(page.text) > LONGEST_TEXT:
            raise TooLong(f"{len(page.text)} characters of text; at most {LONGEST_TEXT} are taken")
        outlet = self._outlet(canonical_url(self.url), page.site_name)
        return page.article(fetched_url=self.url, outlet=outlet, seen=seen, dates=dates, byline=self.byline)

    def _name(self, source: str, title: str, text: str) -> str:
        return f"urn:dateline:{source}:{self.id}" if self.id else f"urn:dateline:{content_hash(title, text)}"

    def _outlet(self, url: str, said_name: str = "") -> Outlet:
        given = self.outlet if isinstance(self.outlet, GivenOutlet) else GivenOutlet()
        name = given.name or said_name
        domain = given.domain or self.domain
        if isinstance(self.outlet, str):
            if _DOMAIN.match(self.outlet):
                domain = domain or self.outlet
            else:
                name = self.outlet
        domain = domain or ("" if url.startswith("urn:") else site(url)) or name or UNKNOWN_OUTLET
        return Outlet(domain=domain.lower(), name=name or domain, country=given.country)


def read_submission(row: Any) -> Submission:
    """The submission that a JSON value is. Raises `Unreadable` with the first reason in plain words."""
    if not isinstance(row, dict):
        raise Unreadable(f"a JSON object is expected, not {type(row).__name__}")
    try:
        return Submission.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        raise Unreadable(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
