"""Articles of our own, as the enrich tests read them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import models
from schemas.annotations import AnnotatedArticle, Entity, Place
from schemas.article import Article, Outlet
from schemas.message import Span
from services.enrich.follow import Measures

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
    title: str, text: str, *, hours: float = 0, revision: int = 1, language: str = "en", name: str = ""
) -> Article:
    """An article of a sample outlet; its identity is its title, unless it is given a name."""
    url = f"https://savannah-post.example/{name or title}".replace(" ", "-")
    published = START + timedelta(hours=hours)
    return Article(
        id=hashlib.sha256(url.encode()).hexdigest()[:32],
        url=url,
        fetched_url=url,
        outlet=Outlet(domain="savannah-post.example", name="Savannah Post", country="KE"),
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
    """The article as annotated, with the people and places given, as far as they stand in the text."""
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
    return AnnotatedArticle(article=reported, entities=entities, places=found)


def span_of(words: str, text: str) -> Span:
    """Where the words first stand."""
    start = text.index(words)
    return Span(start=start, end=start + len(words))
