"""An article as it is read to be held against questions: its terms, names and points as the index keeps them."""

import math
from dataclasses import dataclass
from functools import cached_property

from schemas.annotations import Entity, Place
from schemas.story import EnrichedArticle
from services.search.document import entities_by_id
from services.search.english import in_order
from services.search.values import fold

# The index keeps a coordinate in 32 bits: steps of about a centimetre.
LAT_STEP = 180 / 2**32
LON_STEP = 360 / 2**32


class Standing:
    """The terms of a text; where one stands is looked for when it is asked, as few are."""

    def __init__(self, text: str) -> None:
        self._in_order = in_order(text)
        self._terms = frozenset(self._in_order) - {""}
        self._at: dict[str, frozenset[int]] = {}

    def __contains__(self, term: str) -> bool:
        return term in self._terms

    @property
    def terms(self) -> frozenset[str]:
        """All of them."""
        return self._terms

    def at(self, term: str) -> frozenset[int]:
        """The positions of a term; none if it is not there."""
        if term not in self._terms:
            return frozenset()
        if (known := self._at.get(term)) is None:
            known = self._at[term] = frozenset(at for at, there in enumerate(self._in_order) if there == term)
        return known


@dataclass(frozen=True, eq=False)
class Reading:
    """An article read once for all the questions it is held against; each part is made when first asked for."""

    enriched: EnrichedArticle

    @cached_property
    def title(self) -> Standing:
        """Where each term stands in the title."""
        return Standing(self.enriched.article.title)

    @cached_property
    def text(self) -> Standing:
        """Where each term stands in the text."""
        return Standing(self.enriched.article.text)

    @cached_property
    def entity_ids(self) -> set[str]:
        """Wikidata and local ids of all that is named."""
        entities = self.enriched.annotated.entities
        return {entity.id for entity in entities} | {entity.wikidata for entity in entities if entity.wikidata}

    @cached_property
    def entity_names(self) -> set[str]:
        """Names, folded, of all that is named; what folds to nothing is no name."""
        return {folded for entity in self.enriched.annotated.entities if (folded := fold(entity.name))}

    @cached_property
    def place_names(self) -> set[str]:
        """Names, folded, of the places on the map."""
        return {folded for place in self.enriched.annotated.places if (folded := fold(place.name))}

    @cached_property
    def by_id(self) -> dict[str, Entity]:
        """Who is meant by the holder and the target of a stance."""
        return entities_by_id(self.enriched.annotated)

    @cached_property
    def countries(self) -> set[str]:
        """The countries of the places that are named."""
        return {place.country for place in self.enriched.annotated.places if place.country}

    @cached_property
    def points(self) -> list[tuple[float, float]]:
        """Latitude and longitude of each place, as the index keeps them."""
        return [_as_kept(place) for place in self.enriched.annotated.places]


def _as_kept(place: Place) -> tuple[float, float]:
    return down(place.lat, LAT_STEP, 90.0), down(place.lon, LON_STEP, 180.0)


def down(degrees: float, step: float, end: float) -> float:
    """The step of the index that a coordinate is kept in."""
    # The last value has no step of its own.
    return (math.floor(degrees / step) if degrees < end else math.floor(end / step) - 1) * step
