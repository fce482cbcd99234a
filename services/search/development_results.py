"""What a reader is told of developments: pure, from documents and from messages alike."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from schemas.story import DevelopmentKind, EnrichedArticle
from services.search.results import OutletShown, Shown


class DevelopmentArticle(Shown):
    """The article that told it first."""

    id: str
    url: str
    title: str
    outlet: OutletShown
    published: datetime


class DevelopmentTold(Shown):
    """One thing that is new in a story, with the words that carry it and who tells it."""

    id: str
    kind: DevelopmentKind
    reason: str
    score: float
    subject: str = ""
    words: tuple[str, ...] = Field(default=(), description="the words of the article that carry it")
    story: str
    story_title: str = ""
    article: DevelopmentArticle
    outlets: tuple[str, ...] = Field(default=(), description="domains of those that tell it, in order, where known")
    support: int | None = Field(
        default=None, description="how many outlets tell it; 1: nobody else; null where it is not known"
    )


@dataclass(frozen=True)
class New:
    """A development as a message brings it, with every id by which its story can be asked for from then on."""

    told: DevelopmentTold
    stories: tuple[str, ...]

    @property
    def id(self) -> str:
        """The same wherever it comes again."""
        return self.told.id


def developments_of(source: Mapping[str, Any], story: Mapping[str, Any] | None) -> list[DevelopmentTold]:
    """Every development of an article's document, in step with it; `story` is the story's as it is now, if known."""
    told_by = {one["id"]: one["outlets"] for one in (story or {}).get("developments", [])}
    article = DevelopmentArticle(**{"title": "", **source})
    details = source.get("shown", {}).get("developments", [])
    return [
        DevelopmentTold(
            **{
                **development,
                "id": development_id(article.id, development),
                "words": [source.get("text", "")[start:end] for start, end in _spans(details, number)],
                "story": story["id"] if story else source["story"],
                "story_title": (story or {}).get("title") or source.get("story_title", ""),
                "article": article,
                **_support(told_by.get(development.get("id"))),
            }
        )
        for number, development in enumerate(source.get("developments", []))
    ]


def developments_told(enriched: EnrichedArticle) -> Iterator[New]:
    """Every development of a message, as its story stood with it."""
    article, moment = enriched.article, enriched.moment
    told_by = {one.id: one.outlets for one in moment.so_far.developments} if moment.so_far else {}
    stories = (moment.story, *(moment.so_far.merged if moment.so_far else ()))
    for development in moment.developments:
        said = development.model_dump(include={"id", "kind", "reason", "score", "subject"})
        told = DevelopmentTold(
            **{
                **said,
                "id": development_id(article.id, said),
                "words": [span.of(article.text) for span in development.spans],
                "story": moment.story,
                "story_title": moment.title,
                "article": DevelopmentArticle(
                    id=article.id,
                    url=article.url,
                    title=article.title,
                    outlet=OutletShown(**article.outlet.model_dump(include={"domain", "name", "country"})),
                    published=article.published,
                ),
                **_support(told_by.get(development.id)),
            }
        )
        yield New(told, stories)


def development_id(article: str, development: Mapping[str, Any]) -> str:
    """Its own id, or for one from before they had any, one that follows from where it stands."""
    if given := development.get("id"):
        return str(given)
    stands = f"{article} {development['kind']} {development.get('subject', '')}"
    return hashlib.sha256(stands.encode()).hexdigest()[:32]


def _support(outlets: Any) -> dict[str, Any]:
    return {} if outlets is None else {"outlets": outlets, "support": len(set(outlets))}


def _spans(details: list[dict[str, Any]], number: int) -> list[list[int]]:
    spans: list[list[int]] = details[number].get("spans", []) if number < len(details) else []
    return spans
