"""Articles of our own, as the enrich tests read them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import models
from schemas.annotations import AnnotatedArticle, Entity, Place
from schemas.article import Article, Outlet
from schemas.message import Span
from services.enrich.dateline import written
from services.enrich.deeds import find_deeds
from services.enrich.figures import find_figures
from services.enrich.follow import Followed, Measures, follow
from services.enrich.memory import Stories

START = datetime(2026, 3, 3, 9, tzinfo=UTC)

PACT = (
    "Kenya and Ethiopia signed a water-sharing pact in Nairobi on Tuesday, ending nine years of talks over the dam at "
    "the head of the Omo river. Ministers of both countries called the agreement a beginning. Farmers downstream said "
    "that they would wait for the first rains before they believed it. The pact sets how much water is let through "
    "each month, and who may measure it."
)
PACT_AGAIN = (
    "Ethiopia and Kenya have put their names to a pact on sharing the Omo river's water, nine years after talks began. "
    "The deal, signed in Nairobi, says how much the dam lets through every month. Opposition leader Amina Odera "
    "condemned it as a gift to Addis Ababa, and said that farmers had not been asked."
)
QUAKE = (
    "An earthquake of magnitude 6.8 shook the coast of Chile before dawn on Tuesday, cutting power to Valparaiso and "
    "sending thousands into the streets. Twelve people were killed, the interior ministry said, most of them when an "
    "old theatre collapsed. Schools stayed closed while engineers looked at bridges."
)


@cache
def measures() -> Measures:
    """The measures that are shipped."""
    return Measures.read(Path(models.__file__).parent / "stories")


def article(
    title: str,
    text: str,
    *,
    hours: float = 0,
    revision: int = 1,
    language: str = "en",
    name: str = "",
    outlet: str = "savannah-post.example",
) -> Article:
    """An article of a sample outlet; its identity is its title, unless it is given a name."""
    url = f"https://{outlet}/{name or title}".replace(" ", "-")
    published = START + timedelta(hours=hours)
    return Article(
        id=hashlib.sha256(url.encode()).hexdigest()[:32],
        url=url,
        fetched_url=url,
        outlet=Outlet(domain=outlet, name="Savannah Post", country="KE"),
        title=title,
        text=text,
        language=language,
        published=published,
        seen=published,
        revision=revision,
    )


def read(
    reported: Article, *, actors: dict[str, float] | None = None, places: tuple[str, ...] = ()
) -> AnnotatedArticle:
    """The article as annotated, with the people and places given; its figures and deeds are read by the rules."""
    text = reported.text
    entities = tuple(
        Entity(id=f"local:person:{who}", name=who, kind="person", spans=(span_of(who, text),), salience=salience)
        for who, salience in (actors or {}).items()
    )
    found = tuple(
        Place(
            name=place,
            spans=(span_of(place, text),),
            lat=0,
            lon=0,
            feature="city",
            confidence=0.9,
            reason="it is there",
        )
        for place in places
    )
    return AnnotatedArticle(
        article=reported,
        entities=entities,
        places=found,
        figures=find_figures(reported.title, text),
        deeds=find_deeds(reported.title, text),
        written=written(text),
    )


@dataclass
class Desk:
    """Follows articles as the stream does: what is new goes into the table first, and then into memory."""

    stories: Stories
    measured: Measures = field(default_factory=measures)
    table: dict[str, bytes] = field(default_factory=dict)

    def take(self, *articles: AnnotatedArticle) -> list[Followed]:
        """Follow the articles, one after another."""
        return [self._taken(one) for one in articles]

    def _taken(self, annotated: AnnotatedArticle) -> Followed:
        answer = follow(annotated, self.stories, self.measured)
        self.table |= answer.rows()
        if answer.remembered is not None and answer.chronicle is not None:
            for key in self.stories.add(answer.remembered, answer.chronicle, answer.merged):
                # What is told to be forgotten was there: this raises KeyError otherwise.
                del self.table[key]
        return answer


def span_of(words: str, text: str) -> Span:
    """Where the words first stand."""
    start = text.index(words)
    return Span(start=start, end=start + len(words))
