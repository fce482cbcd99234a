"""Say what is new in an article, against what its story has told so far."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.annotations import AnnotatedArticle, Entity, Place
from schemas.message import Span
from schemas.story import Development
from services.enrich.dateline import spans_of_story
from services.enrich.story import Remembered

MAIN_ACTOR = 0.4
"""Salience from which an entity plays a main role: named in the title, or four times, early on."""

MAIN_PLACE = 600
"""A place named this early in the text is where the report is; what comes later is background."""

MOST_DEVELOPMENTS = 5


def new_story() -> tuple[Development, ...]:
    """The development of an article that opens a story."""
    return (Development(kind="new_story", reason="No earlier article tells of this.", score=1.0),)


def developments(annotated: AnnotatedArticle, so_far: Sequence[Remembered]) -> tuple[Development, ...]:
    """What the article adds to its story so far: main actors and places that no earlier article names."""
    if not annotated.annotated or not so_far:
        return ()
    actors = frozenset[str]().union(*(earlier.actors for earlier in so_far))
    places = frozenset[str]().union(*(earlier.places for earlier in so_far))
    found = [
        *(_new_actor(entity, len(so_far)) for entity in annotated.entities if _is_new_actor(entity, actors)),
        *(
            _new_place(place, spans, len(so_far))
            for place in annotated.places
            # Where a report was written is not yet where something happened.
            if (spans := spans_of_story(place.spans, annotated.written))
            and spans[0].start < MAIN_PLACE
            and place_id(place) not in places
            and place.name not in actors
        ),
    ]
    return tuple(sorted(found, key=lambda one: -one.score)[:MOST_DEVELOPMENTS])


def novelty(found: Sequence[Development], contained: float) -> float:
    """How new an article is to its story, 0 to 1: by its developments, and by how much was told in the same words."""
    # The strongest development counts in full, the others a quarter each; an article without any is 0.3 new at most,
    # since it may tell the same in other words.
    scores = sorted((one.score for one in found), reverse=True)
    told = 0.3 + 0.7 * min(1.0, scores[0] + 0.25 * sum(scores[1:])) if scores else 0.3
    return round(told * (1 - contained), 3)


def place_id(place: Place) -> str:
    """What makes two mentions of a place the same place."""
    return str(place.geonames) if place.geonames is not None else place.name.casefold()


def actor_names(entity: Entity) -> list[str]:
    """What an actor is known by later: its id, and its name, should a later article link it otherwise."""
    return [entity.id, entity.name]


def _is_new_actor(entity: Entity, known: frozenset[str]) -> bool:
    return (
        entity.kind in ("person", "organization")
        and entity.salience >= MAIN_ACTOR
        and not known.intersection(actor_names(entity))
    )


def _new_actor(entity: Entity, earlier: int) -> Development:
    return Development(
        kind="new_actor",
        reason=f"{entity.name} is not named in {_earlier(earlier)} of this story.",
        score=round(min(1.0, 0.3 + entity.salience * 0.7), 3),
        subject=entity.id,
        spans=entity.spans[:3],
    )


def _new_place(place: Place, spans: Sequence[Span], earlier: int) -> Development:
    # A place at the very start is where it happens; one further down is named in passing.
    early = 1 - spans[0].start / MAIN_PLACE
    return Development(
        kind="new_place",
        reason=f"{place.name} is not named in {_earlier(earlier)} of this story.",
        score=round(place.confidence * (0.2 + 0.4 * early), 3),
        subject=place.name,
        spans=spans[:3],
    )


def _earlier(articles: int) -> str:
    return "the earlier article" if articles == 1 else f"the {articles} earlier articles"
