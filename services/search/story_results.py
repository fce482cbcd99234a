"""What a reader is answered of stories: pure, from the documents of stories and articles to the stories of the API."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from schemas.annotations import EntityKind
from schemas.story import DevelopmentKind
from services.search.results import ArticleShown, DevelopmentShown, Hit, Shown, article_shown

NOT_LISTED_OF_STORIES = ["hours", "developments"]
"""Fields of a story's document that a list leaves out: most of its bytes."""


class OutletCount(Shown):
    domain: str
    country: str | None = None
    articles: int


class ActorCount(Shown):
    id: str
    name: str
    kind: EntityKind
    articles: int


class PlaceCount(Shown):
    name: str
    lat: float
    lon: float
    geonames: int | None = None
    country: str | None = None
    articles: int


class HourCount(Shown):
    """How many articles were published within the hour that began then."""

    began: datetime
    articles: int


class StoryDevelopment(DevelopmentShown):
    """A development with the article that told it first, and those who tell it."""

    article: str
    published: datetime
    outlets: tuple[str, ...] = Field(default=(), description="domains of those that tell it, in order")
    articles: int | None = Field(default=None, description="how many articles tell it; null where it is not known")
    support: int | None = Field(
        default=None, description="how many outlets tell it; 1: nobody else; null where it is not known"
    )


class StoryListed(Shown):
    """A story as a list shows it: everything but its timeline and its developments."""

    id: str
    title: str = ""
    total: int = Field(description="its articles, near-duplicates included")
    duplicates: int = Field(default=0, description="near-duplicates among them")
    growth: int = Field(default=0, description="articles of its last 24 hours, counted back from its latest one")
    first_published: datetime
    last_published: datetime
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    outlets: tuple[OutletCount, ...] = ()
    actors: tuple[ActorCount, ...] = Field(default=(), description="the most named")
    places: tuple[PlaceCount, ...] = Field(default=(), description="the most named")
    development_kinds: tuple[DevelopmentKind, ...] = ()
    merged: tuple[str, ...] = Field(default=(), description="ids of stories that became part of it")


class StoryShown(StoryListed):
    """A story whole: its articles in the order they came, its timeline, and what was new when, told by whom."""

    asked: str = Field(description="the id that was asked for: another one where that story became part of this one")
    total: int = Field(description="its articles that can be found, near-duplicates included")
    articles: tuple[ArticleShown, ...] = Field(description="in order; at most as many as were asked for")
    developments: tuple[StoryDevelopment, ...] = Field(description="in the order in which they were first told")
    hours: tuple[HourCount, ...] = Field(default=(), description="its size over time; hours without articles left out")


def story_listed(source: Mapping[str, Any]) -> StoryListed:
    """One story of a list."""
    return StoryListed(**_told(source))


def story_shown(
    asked: str, story: str, source: Mapping[str, Any] | None, hits: Iterable[Hit], found: Mapping[str, Any]
) -> StoryShown:
    """The story of this document and these articles, in order; `found` counts over all of them.

    Where there is no document, since its articles came before stories were told, the articles say what they can.
    """
    articles = tuple(article_shown(hit) for hit in hits)
    told = _by_articles(articles, found["aggregations"]) if source is None else _told(source)
    total = found["hits"]["total"]["value"]
    return StoryShown(**{**told, "id": story, "asked": asked, "total": total, "articles": articles})


def _told(source: Mapping[str, Any]) -> dict[str, Any]:
    """A story's document in the shape of an answer."""
    return {
        **source,
        "total": source["articles"],
        "places": [
            {**place, "lat": place["location"]["lat"], "lon": place["location"]["lon"]}
            for place in source.get("places", [])
        ],
        "developments": source.get("developments", []),
    }


def _by_articles(articles: tuple[ArticleShown, ...], counted: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": next((article.story_title for article in articles if article.story_title), _first_title(articles)),
        "developments": [
            StoryDevelopment(article=article.id, published=article.published, **development.model_dump())
            for article in articles
            for development in article.developments
        ],
        "outlets": [
            OutletCount(domain=bucket["key"], articles=bucket["doc_count"]) for bucket in counted["outlets"]["buckets"]
        ],
        "first_published": counted["first"]["value_as_string"],
        "last_published": counted["last"]["value_as_string"],
    }


def _first_title(articles: tuple[ArticleShown, ...]) -> str:
    return articles[0].title if articles else ""
