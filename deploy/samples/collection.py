"""Read the sample outlets and articles: data that people can read and edit, in `outlets.toml` and `articles/`.

An article is a file `articles/OUTLET/SLUG.md`: TOML between two lines of `+++`, then its paragraphs, divided by empty
lines; `## ` makes a subheading and lines of `- ` a list. Ages count back from a moment that the site chooses, so that
the news is always fresh; `{date}`, `{day}`, `{day-1}` and `{day+2}` become dates and weekdays seen from there.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from schemas.story import DevelopmentKind

HERE = Path(__file__).parent
_DURATION = re.compile(r"(-?)PT(?:(\d+)H)?(?:(\d+)M)?")
_PLACEHOLDER = re.compile(r"\{(date|day)([+-]\d)?\}")

# Written out, not asked of the system's locale: the texts must not change from machine to machine.
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
}


class UnreadableSample(ValueError):
    """A sample file does not say what it must; the message names the file."""


@dataclass(frozen=True)
class SampleOutlet:
    """One invented outlet; `slug` is its folder, here and on the site."""

    slug: str
    name: str
    domain: str
    country: str
    language: str
    feed: Literal["rss", "atom"]
    motto: str
    tracking: str = ""
    gone: str = ""


@dataclass(frozen=True)
class SampleArticle:
    """One invented article, and what Dateline should find in it: its story, and what it brings that is new.

    `copy_of` and `corrects` name other articles as OUTLET/SLUG; `filed` is the age of the words, which for a wire copy
    is the wire's. `country` is where it happens (ISO 3166-1 alpha-2).
    """

    outlet: SampleOutlet
    slug: str
    title: str
    byline: str
    age: timedelta
    filed: timedelta
    story: str
    country: str
    body: str
    note: str
    language: str = "en"
    copy_of: str = ""
    corrects: str = ""
    brings: tuple[DevelopmentKind, ...] = ()
    dated: bool = True
    markup: Literal["tidy", "messy"] = "tidy"

    @property
    def path(self) -> str:
        """OUTLET/SLUG: its name in this collection and its path on the site."""
        return f"{self.outlet.slug}/{self.slug}"

    def published(self, now: datetime) -> datetime:
        """When it was published, seen from `now`; one sample lies in the future on purpose."""
        return now - self.age

    def blocks(self, now: datetime) -> list[str]:
        """Its paragraphs, subheadings and lists, with the dates filled in."""
        return _fill(self.body, now - self.filed, self.language).split("\n\n")

    def text(self, now: datetime) -> str:
        """What an extractor should get from its page: the words alone, one block a line, `- ` before a list's items."""
        return "\n".join(block.removeprefix("## ") for block in self.blocks(now))


@cache
def sample_outlets() -> dict[str, SampleOutlet]:
    """All outlets by slug, in the order of the file."""
    tables = tomllib.loads((HERE / "outlets.toml").read_text(encoding="utf-8"))
    return {slug: SampleOutlet(slug=slug, **table) for slug, table in tables.items()}


@cache
def sample_articles() -> tuple[SampleArticle, ...]:
    """All articles, oldest first: the order in which the site lets them appear."""
    articles = {article.path: article for article in _read_all()}
    for path, article in articles.items():
        for other in filter(None, (article.copy_of, article.corrects)):
            if other not in articles:
                raise UnreadableSample(f"articles/{path}.md names {other}, which is not there")
        if article.copy_of:
            articles[path] = replace(article, filed=articles[article.copy_of].age)
    return tuple(sorted(articles.values(), key=lambda article: (-_known_age(article), article.path)))


def _known_age(article: SampleArticle) -> timedelta:
    # A date in the future would put the article last for days; it appears among the others, as a mistyped one does.
    return abs(article.age)


def _read_all() -> Iterator[SampleArticle]:
    for outlet in sample_outlets().values():
        for file in sorted((HERE / "articles" / outlet.slug).glob("*.md")):
            yield _article(file, outlet)


def _article(file: Path, outlet: SampleOutlet) -> SampleArticle:
    name = f"articles/{outlet.slug}/{file.name}"
    opening, _, rest = file.read_text(encoding="utf-8").partition("+++\n")
    head, divider, body = rest.partition("\n+++\n")
    if opening or not divider:
        raise UnreadableSample(f"{name} does not begin with its description between two lines of +++")
    try:
        said = tomllib.loads(head)
        age = _duration(said.pop("age"))
        brings = tuple(said.pop("brings", ()))
        return SampleArticle(
            outlet=outlet, slug=file.stem, age=age, filed=age, body=body.strip(), brings=brings, **said
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as wrong:
        raise UnreadableSample(f"{name}: {wrong}") from wrong


def _duration(iso: str) -> timedelta:
    found = _DURATION.fullmatch(iso)
    if not found:
        raise ValueError(f"an age is written like PT3H or PT45M, not {iso!r}")
    sign, hours, minutes = found.groups()
    length = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return -length if sign else length


def _fill(body: str, written: datetime, language: str) -> str:
    def words(found: re.Match[str]) -> str:
        day = written + timedelta(days=int(found[2] or 0))
        if found[1] == "day":
            return _DAYS[language].split()[day.weekday()]
        month = _MONTHS[language].split()[day.month - 1]
        return f"{month} {day.day}" if language == "en" else f"{day.day} {month}"

    return _PLACEHOLDER.sub(words, body)
