"""Say whether an article answers a question, in memory: yes exactly when the index finds it by the same question."""

import math
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from schemas.annotations import Entity, Place, Stance
from schemas.story import EnrichedArticle
from services.search.criteria import Box, Criteria, Near, StanceAsk, fold, words_of
from services.search.document import countries_acted_for, entities_by_id
from services.search.english import terms
from services.search.sides import side_of

EARTH_RADIUS_M = 6_371_008.7714
"""The mean radius that the index measures with."""

# The index keeps a coordinate in 32 bits: steps of about a centimetre.
_LAT_STEP = 180 / 2**32
_LON_STEP = 360 / 2**32

Phrase = tuple[tuple[str, int], ...]
"""Terms, each with its distance from the phrase's first."""


def match(criteria: Criteria, enriched: EnrichedArticle) -> bool:
    """Say whether the article meets every part of the question; `query.to_query` asks the same of the index."""
    return meets(criteria, Reading(enriched))


@dataclass(frozen=True, eq=False)
class Reading:
    """An article read once for all the questions it is held against; each part is made when first asked for."""

    enriched: EnrichedArticle

    @cached_property
    def title(self) -> dict[str, set[int]]:
        """Where each term stands in the title."""
        return _standing(self.enriched.article.title)

    @cached_property
    def text(self) -> dict[str, set[int]]:
        """Where each term stands in the text."""
        return _standing(self.enriched.article.text)

    @cached_property
    def entity_ids(self) -> set[str]:
        """Wikidata and local ids of all that is named."""
        entities = self.enriched.annotated.entities
        return {entity.id for entity in entities} | {entity.wikidata for entity in entities if entity.wikidata}

    @cached_property
    def entity_names(self) -> set[str]:
        """Names, folded, of all that is named."""
        return {fold(entity.name) for entity in self.enriched.annotated.entities}

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


def meets(criteria: Criteria, reading: Reading) -> bool:
    """Say whether the article that was read meets every part; cheap parts are asked first."""
    article, moment = reading.enriched.article, reading.enriched.moment
    return (
        _any_of(criteria.outlet, (article.outlet.domain,))
        and _any_of(criteria.outlet_country, (article.outlet.country,) if article.outlet.country else ())
        and _any_of(criteria.language, (article.language,))
        and _any_of(criteria.story, (moment.story, *(moment.so_far.merged if moment.so_far else ())))
        and _any_of(criteria.development, (development.kind for development in moment.developments))
        and (criteria.novelty_min is None or _float32(moment.novelty) >= _float32(criteria.novelty_min))
        and (criteria.published_from is None or article.published >= criteria.published_from)
        and (criteria.published_to is None or article.published < criteria.published_to)
        and _any_of(criteria.country, reading.countries)
        and all(name in reading.entity_ids or fold(name) in reading.entity_names for name in criteria.entity)
        and (criteria.stance is None or _any_is(criteria.stance, reading))
        and (criteria.near is None or any(_is_near(criteria.near, *point) for point in reading.points))
        and (criteria.box is None or any(_is_inside(criteria.box, *point) for point in reading.points))
        and (criteria.q is None or _says(criteria.q, reading))
    )


def _any_of(wanted: tuple[str, ...], there: Iterable[str]) -> bool:
    return not wanted or any(value in wanted for value in there)


def _any_is(asked: StanceAsk, reading: Reading) -> bool:
    return any(_is(asked, stance, reading.by_id) for stance in reading.enriched.annotated.stances)


def _is(asked: StanceAsk, stance: Stance, by_id: Mapping[str, Entity]) -> bool:
    holder_country, target_country = countries_acted_for(stance, by_id)
    return (
        _names(asked.holder, stance.holder, stance.holder_name, holder_country)
        and _names(asked.target, stance.target, stance.target_name, target_country)
        and _any_of(asked.act, (stance.act,) if stance.act else ())
        and (asked.quoted is None or asked.quoted == stance.quoted)
        and _float32(asked.polarity_min) <= _float32(stance.polarity) <= _float32(asked.polarity_max)
    )


def _names(asked: str | None, entity_id: str, name: str, country: str | None) -> bool:
    if asked is None:
        return True
    side = side_of(asked)
    if side.name is not None and (side.name == entity_id or fold(side.name) == fold(name)):
        return True
    return side.country is not None and side.country == country


def _is_near(near: Near, lat: float, lon: float) -> bool:
    """Within the great-circle distance, by the haversine."""
    north, east = math.radians(lat - near.lat), math.radians(lon - near.lon)
    half = (
        math.sin(north / 2) ** 2
        + math.cos(math.radians(lat)) * math.cos(math.radians(near.lat)) * math.sin(east / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half))) <= near.km * 1000


def _is_inside(box: Box, lat: float, lon: float) -> bool:
    """Edges included, as far as the index can tell them: to a step of its coordinates."""
    if not _down(box.south, _LAT_STEP, 90.0) <= lat <= _down(box.north, _LAT_STEP, 90.0):
        return False
    west, east = _down(box.west, _LON_STEP, 180.0), _down(box.east, _LON_STEP, 180.0)
    return west <= lon <= east if box.west <= box.east else lon >= west or lon <= east


def _as_kept(place: Place) -> tuple[float, float]:
    return _down(place.lat, _LAT_STEP, 90.0), _down(place.lon, _LON_STEP, 180.0)


def _down(degrees: float, step: float, end: float) -> float:
    # The last value has no step of its own.
    return (math.floor(degrees / step) if degrees < end else math.floor(end / step) - 1) * step


def _says(q: str, reading: Reading) -> bool:
    words, phrases = _asked(q)
    return all(word in reading.title or word in reading.text for word in words) and all(
        _stands(phrase, reading.title) or _stands(phrase, reading.text) for phrase in phrases
    )


# As many as an alerter has searches in a busy minute; each is a few words.
@lru_cache(maxsize=10_000)
def _asked(q: str) -> tuple[frozenset[str], tuple[Phrase, ...]]:
    """The terms of `q` and its phrases; a phrase of stop words alone asks nothing."""
    sought = words_of(q)
    phrases = []
    for phrase in sought.phrases:
        if standing := tuple(terms(phrase)):
            first = standing[0][1]
            phrases.append(tuple((term, position - first) for term, position in standing))
    return frozenset(term for term, _ in terms(" ".join(sought.words))), tuple(phrases)


def _stands(phrase: Phrase, standing: dict[str, set[int]]) -> bool:
    first, _ = phrase[0]
    return any(
        all(start + distance in standing.get(term, ()) for term, distance in phrase)
        for start in standing.get(first, ())
    )


def _standing(text: str) -> dict[str, set[int]]:
    standing: dict[str, set[int]] = {}
    for term, position in terms(text):
        standing.setdefault(term, set()).add(position)
    return standing


def _float32(number: float) -> float:
    single: float = struct.unpack("f", struct.pack("f", number))[0]
    return single
