"""What a reader is answered: pure, from what Elasticsearch found to the articles and excerpts of the API."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.annotations import Act, EntityKind, FeatureClass, Quad
from schemas.message import Span
from schemas.story import DevelopmentKind
from services.search.query import MARKS

Hit = Mapping[str, Any]

_MARK = re.compile("[" + "".join(MARKS) + "]")


Spans = Annotated[
    tuple[Span, ...] | None, Field(description="where in the article's text; null in a list, which has no text")
]


class Shown(BaseModel):
    """A frozen part of an answer."""

    model_config = ConfigDict(frozen=True)


class Excerpt(Shown):
    """A piece of title or text, plain; `marks` say which of its characters matched, so no markup has to be trusted."""

    field: Literal["title", "text"]
    text: str
    marks: tuple[Span, ...] = ()


class OutletShown(Shown):
    domain: str
    name: str = ""
    country: str | None = None


class EntityShown(Shown):
    id: str
    name: str
    kind: EntityKind
    wikidata: str | None = None
    country: str | None = None
    confidence: float
    salience: float
    spans: Spans = None


class PlaceShown(Shown):
    name: str
    lat: float
    lon: float
    country: str | None = None
    admin1: str | None = None
    geonames: int | None = None
    feature: FeatureClass
    confidence: float
    reason: str | None = None
    runner_up: str | None = None
    spans: Spans = None


class FocusShown(Shown):
    """The one place and country that the article is about."""

    name: str
    country: str | None = None
    lat: float
    lon: float


class StanceShown(Shown):
    holder: str
    holder_name: str
    holder_country: str | None = Field(default=None, description="the country that the holder is, or acts for")
    target: str
    target_name: str
    target_country: str | None = Field(default=None, description="the country that the target is, or acts for")
    polarity: float = Field(description="-1 against, +1 for")
    confidence: float
    quoted: bool
    act: Act | None = Field(default=None, description="what the holder does to the target, where the words are clear")
    quad: Quad | None = Field(default=None, description="the class of that act")
    evidence: Spans = None


class DevelopmentShown(Shown):
    id: str = Field(default="", description="the same in every article of the story that tells it; empty in old ones")
    kind: DevelopmentKind
    reason: str
    score: float
    subject: str = ""
    spans: Spans = None


class ArticleShown(Shown):
    """An article as a list shows it: everything but its text and the spans into it."""

    id: str
    url: str
    title: str
    outlet: OutletShown
    language: str
    published: datetime
    revision: int
    annotated: bool = Field(description="false where no model reads the article's language: nothing was looked for")
    excerpts: tuple[Excerpt, ...] = Field(default=(), description="what matched, best first; else the text's beginning")
    entities: tuple[EntityShown, ...] = ()
    places: tuple[PlaceShown, ...] = ()
    focus: FocusShown | None = None
    stances: tuple[StanceShown, ...] = ()
    story: str
    story_title: str = ""
    position: int
    novelty: float
    duplicate_of: str | None = None
    shared: float | None = Field(default=None, description="the share of a near-duplicate's text in the original")
    developments: tuple[DevelopmentShown, ...] = ()
    repeats: tuple[str, ...] = Field(default=(), description="ids of developments that it tells and others told before")


class ArticleWhole(ArticleShown):
    """An article with its text, and the words that each statement about it rests on: `text[start:end]`."""

    text: str = ""
    byline: str | None = None
    published_raw: str | None = None
    seen: datetime
    enrichment: int = 1


def article_shown(hit: Hit) -> ArticleShown:
    """One hit of a list."""
    return ArticleShown(**_fields(hit["_source"]), excerpts=excerpts(hit.get("highlight", {})))


def article_whole(source: Hit) -> ArticleWhole:
    """One document, with the spans that `shown` keeps beside its lists."""
    kept = source.get("shown", {})
    fields = _fields(source)
    for name in ("entities", "places", "stances", "developments"):
        if details := kept.get(name):
            beside = zip(fields[name], details, strict=True)
            fields[name] = [{**stated, **_spans_named(detail)} for stated, detail in beside]
    return ArticleWhole(**fields, enrichment=kept.get("enrichment", 1))


def excerpts(highlight: Mapping[str, list[str]]) -> tuple[Excerpt, ...]:
    """The marked pieces, text before title: it is what a reader has not seen yet."""
    both: tuple[Literal["text", "title"], ...] = ("text", "title")
    return tuple(
        excerpt for field in both for fragment in highlight.get(field, []) if (excerpt := _excerpt(field, fragment))
    )


def counts_shown(found: Mapping[str, Any]) -> dict[str, int]:
    """The articles of each value that `query.to_counts` asked of."""
    return {bucket["key"]: bucket["doc_count"] for bucket in found["aggregations"]["counts"]["buckets"]}


def _fields(source: Hit) -> dict[str, Any]:
    """The document's fields in the shape of an answer; those absent because they were empty are empty again."""
    fields = {name: value for name, value in source.items() if name in ArticleWhole.model_fields}
    for name in ("entities", "stances", "developments"):
        fields[name] = list(source.get(name, []))
    fields["places"] = [_on_the_map(place) for place in source.get("places", [])]
    if focus := source.get("focus"):
        fields["focus"] = _on_the_map(focus)
    return {"title": "", **fields}


def _on_the_map(place: Mapping[str, Any]) -> dict[str, Any]:
    return {**place, "lat": place["location"]["lat"], "lon": place["location"]["lon"]}


def _spans_named(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [Span(start=start, end=end) for start, end in value] if name in ("spans", "evidence") else value
        for name, value in detail.items()
    }


def _excerpt(field: Literal["text", "title"], fragment: str) -> Excerpt | None:
    text, marks = "", []
    for number, piece in enumerate(_MARK.split(fragment)):
        # Split at opening and closing marks alike, every second piece is one that matched.
        if number % 2 and piece:
            marks.append(Span(start=len(text), end=len(text) + len(piece)))
        text += piece
    if field == "title" and not marks:
        return None
    return Excerpt(field=field, text=text, marks=tuple(marks))
