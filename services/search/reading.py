"""An article as it is read to be held against questions: its terms, names and points as the index keeps them."""

import math
from collections import defaultdict
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
    """The terms of a text; where they stand is found out when it is asked first, since most questions never ask."""

    def __init__(self, text: str) -> None:
        self._in_order = in_order(text)
        self._terms = frozenset(self._in_order) - {""}

    def __contains__(self, term: str) -> bool:
        return term in self._terms

    @property
    def terms(self) -> frozenset[str]:
        """All of them."""
        return self._terms

    def at(self, term: str) -> set[int]:
        """The positions of a term; none if it is not there."""
        return self._positions.get(term, _NOWHERE)

    @cached_property
    def _positions(self) -> dict[str, set[int]]:
        positions: defaultdict[str, set[int]] = defaultdict(set)
        for at, term in enumerate(self._in_order):
            positions[term].add(at)
        # Empty where a stop word stands.
        positions.pop("", None)
        return dict(positions)


_NOWHERE: set[int] = set()


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
