"""What an article adds: the story that it joins, and what in it is new."""

from typing import Literal

from pydantic import Field

from schemas.annotations import AnnotatedArticle, EntityKind
from schemas.article import Article
from schemas.message import CountryCode, Fact, Message, Share, Span, UtcDatetime

DevelopmentKind = Literal[
    "new_story", "new_actor", "new_place", "new_figure", "new_act", "stance_shift", "correction", "surge"
]


class Development(Fact):
    """One thing that is new in its story, with its reason in a plain sentence and the words that carry it."""

    kind: DevelopmentKind
    reason: str = Field(min_length=1)
    score: Share
    subject: str = Field(
        default="", description="what is new: an entity id, a place, a figure; empty for the story itself"
    )
    spans: tuple[Span, ...] = ()
    id: str = Field(
        default="", description="the same in every article of the story that tells it; empty before stories kept them"
    )


class ToldDevelopment(Fact):
    """A development as its story keeps it: who told it first, and who has told it since.

    One that a single outlet tells has a single one in `outlets`: it is not confirmed by another.
    """

    id: str = Field(min_length=1)
    kind: DevelopmentKind
    reason: str = Field(min_length=1)
    score: Share
    subject: str = ""
    article: str = Field(description="id of the article that told it first")
    published: UtcDatetime
    outlets: tuple[str, ...] = Field(min_length=1, description="domains of those that told it, in order")
    articles: int = Field(default=1, ge=1, description="how many articles told it")


class StoryOutlet(Fact):
    """An outlet that reports a story, and how often."""

    domain: str = Field(min_length=1)
    country: CountryCode | None = None
    articles: int = Field(ge=1)


class StoryActor(Fact):
    """Somebody whom a story's articles name, and in how many."""

    id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    kind: EntityKind
    articles: int = Field(ge=1)


class StoryPlace(Fact):
    """A place that a story's articles name, and in how many."""

    name: str = Field(min_length=1)
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    geonames: int | None = None
    country: CountryCode | None = None
    articles: int = Field(ge=1)


class StoryHour(Fact):
    """How many articles of a story were published within an hour; `began` is its beginning."""

    began: UtcDatetime
    articles: int = Field(ge=1)


class StorySoFar(Fact):
    """A story whole, as it stands with one article: the latest one replaces all before.

    `version` grows with every article that the story takes; near-duplicates count among the articles and outlets.
    Actors, places, hours and developments are the most told or latest so many; `merged` names the stories that became
    part of this one.
    """

    version: int = Field(ge=1)
    title: str
    first_published: UtcDatetime
    last_published: UtcDatetime
    first_seen: UtcDatetime
    last_seen: UtcDatetime
    articles: int = Field(ge=1)
    duplicates: int = Field(default=0, ge=0)
    outlets: tuple[StoryOutlet, ...] = ()
    actors: tuple[StoryActor, ...] = ()
    places: tuple[StoryPlace, ...] = ()
    hours: tuple[StoryHour, ...] = ()
    developments: tuple[ToldDevelopment, ...] = ()
    merged: tuple[str, ...] = ()


class StoryMoment(Fact):
    """Where an article stands in its story: position 1 opens it."""

    story: str = Field(min_length=1)
    title: str = ""
    position: int = Field(ge=1)
    novelty: Share
    duplicate_of: str | None = None
    shared: Share = Field(default=0.0, description="the share of a near-duplicate's text that stands in the original")
    developments: tuple[Development, ...] = ()
    repeats: tuple[str, ...] = Field(default=(), description="ids of developments that it tells and others told before")
    so_far: StorySoFar | None = Field(default=None, description="the story with this article")


class EnrichedArticle(Message):
    """The annotated article whole, and its moment in its story."""

    annotated: AnnotatedArticle
    moment: StoryMoment

    @property
    def article(self) -> Article:
        """The article itself, as it was published."""
        return self.annotated.article

    @property
    def version(self) -> int:
        """A number that grows with (revision, enrichment): the external version of the document in the index."""
        return self.article.revision * 1_000_000 + self.annotated.enrichment
