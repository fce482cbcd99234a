"""Articles as the API shows them: who, where, for or against whom, which story, and what is new in each."""

from datetime import datetime

from pydantic import Field

from dateline_client.growing import Growing, Page


class OutletShown(Growing):
    domain: str
    name: str = ""
    country: str | None = None


class Span(Growing):
    """Where words stand in an article's text: `text[start:end]`, in Python characters, end exclusive."""

    start: int
    end: int


class Excerpt(Growing):
    """A piece of title or text, plain; `marks` say which of its characters matched, so no markup has to be trusted."""

    field: str
    text: str
    marks: tuple[Span, ...] = ()


class EntityShown(Growing):
    id: str
    name: str
    kind: str
    wikidata: str | None = None
    country: str | None = None
    confidence: float
    salience: float
    spans: tuple[Span, ...] | None = None
    """where in the article's text; none in a list, which has no text"""


class PlaceShown(Growing):
    name: str
    lat: float
    lon: float
    country: str | None = None
    admin1: str | None = None
    geonames: int | None = None
    feature: str
    confidence: float
    reason: str | None = None
    runner_up: str | None = None
    spans: tuple[Span, ...] | None = None
    """where in the article's text; none in a list, which has no text"""


class FocusShown(Growing):
    """The one place and country that the article is about."""

    name: str
    country: str | None = None
    lat: float
    lon: float


class StanceShown(Growing):
    holder: str
    holder_name: str
    holder_country: str | None = None
    """the country that the holder is, or acts for"""
    target: str
    target_name: str
    target_country: str | None = None
    """the country that the target is, or acts for"""
    polarity: float
    """-1 against, +1 for"""
    confidence: float
    quoted: bool
    act: str | None = None
    """what the holder does to the target, where the words are clear"""
    quad: str | None = None
    """the class of that act"""
    evidence: tuple[Span, ...] | None = None
    """where in the article's text; none in a list, which has no text"""


class DevelopmentShown(Growing):
    id: str = ""
    """the same in every article of the story that tells it; empty in old ones"""
    kind: str
    reason: str
    score: float
    subject: str = ""
    spans: tuple[Span, ...] | None = None
    """where in the article's text; none in a list, which has no text"""


class ArticleShown(Growing):
    """An article as a list shows it: everything but its text and the spans into it."""

    id: str
    url: str
    title: str
    outlet: OutletShown
    language: str
    published: datetime
    revision: int
    annotated: bool
    """false where no model reads the article's language: nothing was looked for"""
    excerpts: tuple[Excerpt, ...] = ()
    """what matched, best first; else the text's beginning"""
    entities: tuple[EntityShown, ...] = ()
    places: tuple[PlaceShown, ...] = ()
    focus: FocusShown | None = None
    stances: tuple[StanceShown, ...] = ()
    story: str
    story_title: str = ""
    position: int
    novelty: float
    duplicate_of: str | None = None
    shared: float | None = None
    """the share of a near-duplicate's text in the original"""
    developments: tuple[DevelopmentShown, ...] = ()
    repeats: tuple[str, ...] = ()
    """ids of developments that it tells and others told before"""


class ArticleFound(ArticleShown):
    """An article of an answer, which may stand for others."""

    stands_for: int | None = None
    """with `group_by` or `fold_duplicates`: how many found articles it stands for, exactly"""


class ArticleWhole(ArticleShown):
    """An article with its text, and the words that each statement about it rests on: `text[start:end]`."""

    text: str = ""
    byline: str | None = None
    published_raw: str | None = None
    seen: datetime
    enrichment: int = 1


class FacetValue(Growing):
    """A value, and how many of the articles found have it."""

    value: str
    name: str | None = None
    """for people, where the value is an id"""
    count: int


class FacetShown(Growing):
    """The commonest values with the number of articles that have each. `other` and `missing` say what is not shown."""

    values: tuple[FacetValue, ...] = ()
    other: int = 0
    """how often articles have a value that is not among those shown"""
    missing: int = 0
    """articles that have none"""


class ArticlesPage(Page):
    """A page of the answer."""

    total: int
    """articles that were found, folded or not; exact up to 10,000"""
    total_is_exact: bool
    articles: tuple[ArticleFound, ...]
    facets: dict[str, FacetShown] = Field(default_factory=dict)
    """those that were asked for"""
