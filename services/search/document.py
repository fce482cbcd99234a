"""Turn an enriched article into the document that the index keeps: the same article, the same bytes."""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.annotations import AnnotatedArticle, Entity, Focus, Place, Stance
from schemas.message import Span
from schemas.story import Development, EnrichedArticle
from services.search.sentence import sentence_around
from services.search.values import fold, unsigned

Document = dict[str, Any]


def document(enriched: EnrichedArticle) -> Document:
    """The article as its index document; nothing of when or by whom it was indexed, and no empty field.

    `shown` runs in step with the lists beside it: `shown.entities[2]` belongs to `entities[2]`.
    """
    article, annotated, moment = enriched.article, enriched.annotated, enriched.moment
    places, entities = annotated.places, annotated.entities
    return filled(
        {
            "id": article.id,
            "url": article.url,
            "outlet": filled(
                {"domain": article.outlet.domain, "name": article.outlet.name, "country": article.outlet.country}
            ),
            "title": article.title,
            "text": article.text,
            "byline": article.byline,
            "language": article.language,
            "published": article.published.isoformat(),
            "published_raw": article.published_raw,
            "seen": article.seen.isoformat(),
            "revision": article.revision,
            "annotated": annotated.annotated,
            "entities": [_entity(entity) for entity in entities],
            "entity_ids": once_each(
                name for entity in entities for name in (entity.id, entity.wikidata) if name is not None
            ),
            "entity_names": _names(entity.name for entity in entities),
            "places": [_place(place) for place in places],
            "place_names": _names(place.name for place in places),
            "locations": [_point(place) for place in places],
            "countries": once_each(place.country for place in places if place.country is not None),
            "focus": None if annotated.focus is None else _focus(annotated.focus),
            "stances": _stances(annotated),
            "story": moment.story,
            "story_title": moment.title,
            "position": moment.position,
            "novelty": unsigned(moment.novelty),
            "merged": list(moment.so_far.merged) if moment.so_far else None,
            "duplicate_of": moment.duplicate_of,
            "original": moment.duplicate_of or article.id,
            "shared": moment.shared if moment.duplicate_of else None,
            "developments": [_development(development) for development in moment.developments],
            "development_kinds": once_each(development.kind for development in moment.developments),
            "repeats": list(moment.repeats),
            # A vector without length has no direction to compare, and the index refuses it.
            "vector": list(annotated.vector) if any(annotated.vector) else None,
            "shown": _shown(enriched),
        }
    )


def entities_by_id(annotated: AnnotatedArticle) -> dict[str, Entity]:
    """Who is meant by the holder and the target of a stance; of two with one id, the first."""
    return {entity.id: entity for entity in reversed(annotated.entities)}


def countries_acted_for(stance: Stance, by_id: Mapping[str, Entity]) -> tuple[str | None, str | None]:
    """The countries that holder and target act for: in this stance, where it says so, or else in all of the article."""
    holder, target = by_id.get(stance.holder), by_id.get(stance.target)
    return (
        stance.holder_side or (holder.country if holder else None),
        stance.target_side or (target.country if target else None),
    )


def _entity(entity: Entity) -> Document:
    return filled(
        {
            "id": entity.id,
            "name": entity.name,
            "folded": fold(entity.name),
            "kind": entity.kind,
            "wikidata": entity.wikidata,
            "country": entity.country,
            "confidence": entity.confidence,
            "salience": entity.salience,
        }
    )


def _place(place: Place) -> Document:
    return filled(
        {
            "name": place.name,
            "geonames": place.geonames,
            "country": place.country,
            "admin1": place.admin1,
            "location": _point(place),
            "confidence": place.confidence,
            "feature": place.feature,
        }
    )


def _focus(focus: Focus) -> Document:
    return filled({"country": focus.country, "name": focus.name, "location": _point(focus)})


def _stances(annotated: AnnotatedArticle) -> list[Document]:
    by_id, text = entities_by_id(annotated), annotated.article.text
    return [_stance(stance, by_id, text) for stance in annotated.stances]


def _stance(stance: Stance, by_id: Mapping[str, Entity], text: str) -> Document:
    holder, target = by_id.get(stance.holder), by_id.get(stance.target)
    holder_country, target_country = countries_acted_for(stance, by_id)
    sentence = sentence_around(text, stance.evidence[0])
    return filled(
        {
            "holder": stance.holder,
            "holder_name": stance.holder_name,
            "holder_folded": fold(stance.holder_name),
            "holder_kind": holder.kind if holder else None,
            "holder_country": holder_country,
            "target": stance.target,
            "target_name": stance.target_name,
            "target_folded": fold(stance.target_name),
            "target_kind": target.kind if target else None,
            "target_country": target_country,
            "pair": f"{stance.holder} → {stance.target}",
            "polarity": unsigned(stance.polarity),
            "confidence": stance.confidence,
            "strength": round(abs(stance.polarity) * stance.confidence, 6),
            "quoted": stance.quoted,
            "act": stance.act,
            "quad": stance.quad,
            "sentence": sentence.of(text),
            "sentence_start": sentence.start,
            "sentence_end": sentence.end,
        }
    )


def _development(development: Development) -> Document:
    return filled(
        {
            "id": development.id,
            "kind": development.kind,
            "reason": development.reason,
            "score": unsigned(development.score),
            "subject": development.subject,
        }
    )


def _shown(enriched: EnrichedArticle) -> Document:
    annotated, moment = enriched.annotated, enriched.moment
    return filled(
        {
            "fetched_url": enriched.article.fetched_url,
            "enrichment": annotated.enrichment,
            "entities": [{"spans": _spans(entity.spans)} for entity in annotated.entities],
            "places": [
                filled({"spans": _spans(place.spans), "reason": place.reason, "runner_up": place.runner_up})
                for place in annotated.places
            ],
            "focus": None
            if annotated.focus is None
            else filled({"geonames": annotated.focus.geonames, "confidence": annotated.focus.confidence}),
            "stances": [{"evidence": _spans(stance.evidence)} for stance in annotated.stances],
            "developments": [{"spans": _spans(development.spans)} for development in moment.developments],
        }
    )


def _point(where: Place | Focus) -> Document:
    return {"lat": where.lat, "lon": where.lon}


def _spans(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _names(names: Iterable[str]) -> list[str]:
    """Names as they are found by; what folds to nothing is nobody's."""
    return once_each(folded for name in names if (folded := fold(name)))


def once_each(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def filled(fields: Document) -> Document:
    """The fields that say something: an absent field and an empty one mean the same."""
    return {name: value for name, value in fields.items() if value is not None and value != "" and value != []}
