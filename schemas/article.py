"""One article as it was published, before anything is said about it."""

from pydantic import Field

from schemas.message import CountryCode, Fact, Message, UtcDatetime

LONGEST_TEXT = 400_000
"""Characters of text an article may have: room for the longest reports; above it, ingest says so and refuses."""


class Outlet(Fact):
    """Who published it: the domain is its identity, the rest is for people."""

    domain: str = Field(min_length=1)
    name: str = ""
    country: CountryCode | None = None


class Rights(Fact):
    """What the publisher allows: kept with the article, so that every later use can ask."""

    robots_allowed: bool = True
    ai_opt_out: bool = False


class Article(Message):
    """One article of one outlet in one revision; the id comes from the canonical URL alone.

    `text` is what every span in later messages points into. `published` is in UTC and never later than `seen`
    (a date in the future is clamped); `published_raw` keeps what the publisher said.
    """

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    url: str = Field(min_length=1, description="canonical URL")
    fetched_url: str = Field(min_length=1, description="the URL as it was fetched")
    outlet: Outlet
    title: str
    text: str = Field(max_length=LONGEST_TEXT)
    byline: str | None = None
    language: str = Field(default="und", description="ISO 639-1, or und where it could not be told")
    published: UtcDatetime
    published_raw: str | None = None
    seen: UtcDatetime
    revision: int = Field(default=1, ge=1)
    html: str | None = Field(default=None, description="where the raw page is kept, if it is")
    rights: Rights = Rights()
