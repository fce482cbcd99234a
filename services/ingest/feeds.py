"""Which feeds are followed, and whose they are."""

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from schemas.article import Outlet
from schemas.message import CountryCode
from services.ingest.identity import NotAUrl, canonical_url, site


class FeedListUnreadable(ValueError):
    """The list of feeds cannot be read; nothing is followed until it can."""


class FeedSpec(BaseModel):
    """One feed to follow, and its outlet as far as it is known; what is not given is learnt from feed and page."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    url: str
    domain: str = Field(default="", validation_alias=AliasChoices("domain", "outlet", "outlet_domain"))
    name: str = Field(default="", validation_alias=AliasChoices("name", "outlet_name"))
    country: CountryCode | None = Field(default=None, validation_alias=AliasChoices("country", "outlet_country"))

    @field_validator("url")
    @classmethod
    def _is_a_url(cls, url: str) -> str:
        canonical_url(url)
        return url.strip()

    def outlet(self, article_url: str, said_name: str = "") -> Outlet:
        """The outlet of an article from this feed: as listed, else the article's site and what it calls itself."""
        # In lower case, as searches ask for it: a list may spell it as the outlet does.
        domain = self.domain.lower() or site(article_url)
        return Outlet(domain=domain, name=self.name or said_name or domain, country=self.country)


def read_feeds(path: Path) -> list[FeedSpec]:
    """The feeds that a file lists: TOML or JSON under `feeds`, or one URL a line. Raises `FeedListUnreadable`."""
    try:
        text = path.read_text("utf-8")
        match path.suffix:
            case ".toml":
                rows: Any = tomllib.loads(text).get("feeds", [])
            case ".json":
                loaded = json.loads(text)
                rows = loaded.get("feeds", []) if isinstance(loaded, dict) else loaded
            case _:
                lines = [line.strip() for line in text.splitlines()]
                rows = [line for line in lines if line and not line.startswith("#")]
        return _each_once(FeedSpec.model_validate({"url": row} if isinstance(row, str) else row) for row in rows)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise FeedListUnreadable(f"{path}: {error}") from error
    except (ValidationError, NotAUrl, TypeError) as error:
        raise FeedListUnreadable(f"{path}: {error}") from error


def feeds_from(urls: str) -> list[FeedSpec]:
    """The feeds that a comma-separated setting names. Raises `FeedListUnreadable`."""
    try:
        return _each_once(FeedSpec(url=url) for url in urls.split(",") if url.strip())
    except ValidationError as error:
        raise FeedListUnreadable(f"{urls!r}: {error.errors()[0]['msg']}") from error


def _each_once(feeds: Iterable[FeedSpec]) -> list[FeedSpec]:
    first: dict[str, FeedSpec] = {}
    for feed in feeds:
        first.setdefault(canonical_url(feed.url), feed)
    return list(first.values())
