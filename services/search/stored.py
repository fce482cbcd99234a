"""Read an enriched article back from the document that the index keeps of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.annotations import AnnotatedArticle, Entity, Place, Stance
from schemas.article import Article, Outlet
from schemas.message import Span
from schemas.story import Development, EnrichedArticle, StoryMoment, StorySoFar

Document = Mapping[str, Any]


def enriched_of(document: Document, so_far: StorySoFar | None = None) -> EnrichedArticle:
    """The article with all by which it answers questions; the document has nothing else of its story so far.

    What only enriching needs (figures, deeds, roles) is not in the document, and not there.
    """
    shown: Document = document.get("shown", {})
    annotated = AnnotatedArticle(
        article=_article(document, shown),
        annotated=document.get("annotated", True),
        entities=tuple(
            Entity(**_fields(entity, Entity), spans=_spans(kept))
            for entity, kept in _with_shown(document, shown, "entities")
        ),
        places=tuple(
            Place(
                **_fields(place, Place),
                **place["location"],
                spans=_spans(kept),
                reason=kept.get("reason", ""),
                runner_up=kept.get("runner_up"),
            )
            for place, kept in _with_shown(document, shown, "places")
        ),
        stances=tuple(
            Stance(
                **{"holder_name": "", "target_name": "", **_fields(stance, Stance)},
                evidence=_spans(kept, "evidence"),
                holder_side=stance.get("holder_country"),
                target_side=stance.get("target_country"),
            )
            for stance, kept in _with_shown(document, shown, "stances")
        ),
        enrichment=shown.get("enrichment", 1),
    )
    return EnrichedArticle(annotated=annotated, moment=moment_of(document, so_far))


def moment_of(document: Document, so_far: StorySoFar | None = None) -> StoryMoment:
    """Where the article stands in its story; spans are left out where they were not read."""
    shown: Document = document.get("shown", {})
    return StoryMoment(
        story=document["story"],
        title=document.get("story_title", ""),
        position=document["position"],
        novelty=document["novelty"],
        duplicate_of=document.get("duplicate_of"),
        shared=document.get("shared", 0.0),
        developments=tuple(
            Development(**_fields(development, Development), spans=_spans(kept))
            for development, kept in _with_shown(document, shown, "developments")
        ),
        repeats=tuple(document.get("repeats", ())),
        # It answers to those that had become part of its story when it came, and to none that did since.
        so_far=so_far.model_copy(update={"merged": tuple(document.get("merged", ()))})
        if so_far
        else _merged_only(document),
    )


def _merged_only(document: Document) -> StorySoFar | None:
    """As much of the story as the document tells: which others had become part of it."""
    if not document.get("merged"):
        return None
    times = {"published": document["published"], "seen": document["seen"]}
    return StorySoFar(
        version=document["position"],
        title=document.get("story_title", ""),
        articles=document["position"],
        merged=tuple(document["merged"]),
        **{f"{end}_{name}": moment for name, moment in times.items() for end in ("first", "last")},
    )


def so_far_of(story: Document) -> StorySoFar:
    """A story as its own document tells how it stands."""
    own = {name: value for name, value in story.items() if name in StorySoFar.model_fields}
    version = max(1, story.get("articles", 1))
    places = [{**place, **place["location"]} for place in story.get("places", ())]
    return StorySoFar.model_validate({"version": version, "title": "", **own, "places": places})


def _article(document: Document, shown: Document) -> Article:
    return Article(
        **{
            name: document[name]
            for name in ("id", "url", "byline", "language", "published", "published_raw", "seen", "revision")
            if name in document
        },
        title=document.get("title", ""),
        text=document.get("text", ""),
        fetched_url=shown.get("fetched_url", document["url"]),
        outlet=Outlet(**document["outlet"]),
    )


def _with_shown(document: Document, shown: Document, name: str) -> list[tuple[Document, Document]]:
    """The items of a list, each with what is only shown of it."""
    items: Sequence[Document] = document.get(name, ())
    return list(zip(items, shown.get(name) or [{}] * len(items), strict=True))


def _spans(shown: Document, name: str = "spans") -> tuple[Span, ...]:
    return tuple(Span(start=start, end=end) for start, end in shown.get(name, ()))


def _fields(item: Document, of: type[Entity | Place | Stance | Development]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name in of.model_fields}
