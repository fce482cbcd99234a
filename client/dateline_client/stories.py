"""Stories as the API shows them, and the developments that are told of them."""

from datetime import datetime

from dateline_client.articles import ArticleShown, OutletShown, Span
from dateline_client.growing import Growing, Page


class OutletCount(Growing):
    domain: str
    country: str | None = None
    articles: int


class ActorCount(Growing):
    id: str
    name: str
    kind: str
    articles: int


class PlaceCount(Growing):
    name: str
    lat: float
    lon: float
    geonames: int | None = None
    country: str | None = None
    articles: int


class HourCount(Growing):
    """How many articles were published within the hour that began then."""

    began: datetime
    articles: int


class StoryListed(Growing):
    """A story as a list shows it: everything but its timeline and its developments."""

    id: str
    title: str = ""
    total: int
    """its articles, near-duplicates included"""
    duplicates: int = 0
    """near-duplicates among them"""
    growth: int = 0
    """articles of its last 24 hours, counted back from its latest one"""
    first_published: datetime
    last_published: datetime
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    outlets: tuple[OutletCount, ...] = ()
    actors: tuple[ActorCount, ...] = ()
    """the most named"""
    places: tuple[PlaceCount, ...] = ()
    """the most named"""
    development_kinds: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    """ids of stories that became part of it"""


class StoriesPage(Page):
    """A page of the answer."""

    total: int
    """stories that were found; exact up to 10,000"""
    total_is_exact: bool
    stories: tuple[StoryListed, ...]


class StoryDevelopment(Growing):
    """A development with the article that told it first, and those who tell it."""

    id: str = ""
    """the same in every article of the story that tells it; empty in old ones"""
    kind: str
    reason: str
    score: float
    subject: str = ""
    spans: tuple[Span, ...] | None = None
    """where in the article's text; none in a list, which has no text"""
    article: str
    published: datetime
    outlets: tuple[str, ...] = ()
    """domains of those that tell it, in order"""
    articles: int | None = None
    """how many articles tell it; none where it is not known"""
    support: int | None = None
    """how many outlets tell it; 1: nobody else; none where it is not known"""


class StoryShown(StoryListed):
    """A story whole: its articles in the order they came, its timeline, and what was new when, told by whom."""

    asked: str
    """the id that was asked for: another one where that story became part of this one"""
    articles: tuple[ArticleShown, ...]
    """in order; at most as many as were asked for"""
    developments: tuple[StoryDevelopment, ...]
    """in the order in which they were first told"""
    hours: tuple[HourCount, ...] = ()
    """its size over time; hours without articles left out"""


class DevelopmentArticle(Growing):
    """The article that told it first."""

    id: str
    url: str
    title: str
    outlet: OutletShown
    published: datetime


class DevelopmentTold(Growing):
    """One thing that is new in a story, with the words that carry it and who tells it."""

    id: str
    kind: str
    reason: str
    score: float
    subject: str = ""
    words: tuple[str, ...] = ()
    """the words of the article that carry it"""
    story: str
    story_title: str = ""
    article: DevelopmentArticle
    outlets: tuple[str, ...] = ()
    """domains of those that tell it, in order, where known"""
    support: int | None = None
    """how many outlets tell it; 1: nobody else; none where it is not known"""


class DevelopmentsPage(Page):
    """A page of the answer."""

    developments: tuple[DevelopmentTold, ...]
    """newest article first"""
