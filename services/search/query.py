"""A question as Elasticsearch is asked it: pure values, from `Criteria` to a query, a sort, facets and highlights."""

from typing import Any, Literal

from services.search.criteria import Box, Criteria, Near, StanceAsk, Words, fold
from services.search.sides import side_of

Sort = Literal["relevance", "date"]
GroupBy = Literal["story"]
Facet = Literal["outlet", "country", "language", "entity", "story", "development"]
Clause = dict[str, Any]

FIELDS = ["title^2", "text"]
"""Where words are sought; in news the headline says what it is about, so that it counts double."""

SHOWN_VALUES = 20
"""Values of a facet: as many as a reader looks through; `other` counts the rest."""

MARKS = ("\ufdd0", "\ufdd1")
"""Put around what matched: Unicode's noncharacters, which no publisher's text can mean anything by."""

EXCERPT = 240
"""Characters of an excerpt: two or three lines."""


def to_query(criteria: Criteria) -> Clause:
    """The query that finds every article which meets the criteria, and no other; words and phrases give the score."""
    return {"bool": {"must": _text(criteria.words) or [{"match_all": {}}], "filter": _filters(criteria)}}


def to_sort(sort: Sort) -> list[Clause]:
    """The order of the answer, total: the id, unlike any other, comes last, so that a page can end anywhere."""
    newest: Clause = {"published": "desc"}
    return [*([newest] if sort == "date" else [{"_score": "desc"}, newest]), {"id": "asc"}]


def to_facets(facets: tuple[Facet, ...]) -> dict[str, Clause]:
    """The aggregations that count the values of each facet, by article."""
    return {facet: _FACETS[facet] for facet in facets}


def to_counts(criteria: Criteria, field: str, values: list[str]) -> dict[str, Any]:
    """The search that counts, for each of these values of a field, the articles that meet the question, exactly."""
    return {
        "query": {"bool": {"filter": [to_query(criteria), {"terms": {field: values}}]}},
        "size": 0,
        "track_total_hits": False,
        "aggs": {"counts": {"terms": {"field": field, "size": len(values)}}},
    }


def stance_clauses(asked: StanceAsk) -> list[Clause]:
    """What one stance must meet, each clause of it, as asked of the stances inside an article."""
    clauses = [
        _side(role, name) for role, name in (("holder", asked.holder), ("target", asked.target)) if name is not None
    ]
    clauses.append({"range": {"stances.polarity": {"gte": asked.polarity_min, "lte": asked.polarity_max}}})
    if asked.act:
        clauses.append({"terms": {"stances.act": list(asked.act)}})
    if asked.quoted is not None:
        clauses.append({"term": {"stances.quoted": asked.quoted}})
    return clauses


def with_stance(clauses: list[Clause]) -> Clause:
    """The articles with a stance that meets all the clauses: nested, so that it is one and the same."""
    return {"nested": {"path": "stances", "query": {"bool": {"filter": clauses}}}}


def to_highlight(criteria: Criteria) -> Clause:
    """What to mark in title and text; where nothing is marked, the text's beginning serves as the excerpt."""
    sought = criteria.words
    query = {"bool": {"must": _text(sought)}} if sought != Words() else {"match_none": {}}
    return {
        "type": "unified",
        "pre_tags": [MARKS[0]],
        "post_tags": [MARKS[1]],
        "highlight_query": query,
        "fields": {
            "title": {"number_of_fragments": 0},
            "text": {"number_of_fragments": 3, "fragment_size": EXCERPT, "order": "score", "no_match_size": EXCERPT},
        },
    }


def _text(sought: Words) -> list[Clause]:
    # A stop word asks nothing, so words that are all stop words ask nothing ("all", not the default "none").
    clauses: list[Clause] = []
    if sought.words:
        clauses.append(
            {
                "multi_match": {
                    "query": " ".join(sought.words),
                    "type": "cross_fields",
                    "operator": "and",
                    "fields": FIELDS,
                    "zero_terms_query": "all",
                }
            }
        )
    clauses += [
        {"multi_match": {"query": phrase, "type": "phrase", "fields": FIELDS, "zero_terms_query": "all"}}
        for phrase in sought.phrases
    ]
    return clauses


def _filters(criteria: Criteria) -> list[Clause]:
    filters = [_entity(name) for name in criteria.entity]
    for field, values in (
        ("countries", criteria.country),
        ("outlet.domain", criteria.outlet),
        ("outlet.country", criteria.outlet_country),
        ("language", criteria.language),
        ("development_kinds", criteria.development),
    ):
        if values:
            filters.append({"terms": {field: list(values)}})
    if criteria.near:
        filters.append(_near(criteria.near))
    if criteria.box:
        filters.append(_box(criteria.box))
    if criteria.stance:
        filters.append(with_stance(stance_clauses(criteria.stance)))
    if published := _published(criteria):
        filters.append({"range": {"published": published}})
    if criteria.novelty_min is not None:
        filters.append({"range": {"novelty": {"gte": criteria.novelty_min}}})
    if criteria.story:
        filters.append(_either(*({"terms": {field: list(criteria.story)}} for field in ("story", "merged"))))
    return filters


def _entity(name: str) -> Clause:
    return _either({"term": {"entity_ids": name}}, {"term": {"entity_names": fold(name)}})


def _side(role: str, asked: str) -> Clause:
    side = side_of(asked)
    clauses: list[Clause] = []
    if side.name is not None:
        clauses.append({"term": {f"stances.{role}": side.name}})
        clauses.append({"term": {f"stances.{role}_folded": fold(side.name)}})
    if side.country is not None:
        clauses.append({"term": {f"stances.{role}_country": side.country}})
    return _either(*clauses)


def _near(near: Near) -> Clause:
    return {"geo_distance": {"distance": f"{near.km}km", "locations": {"lat": near.lat, "lon": near.lon}}}


def _box(box: Box) -> Clause:
    corners = {"top": box.north, "left": box.west, "bottom": box.south, "right": box.east}
    return {"geo_bounding_box": {"locations": corners}}


def _published(criteria: Criteria) -> dict[str, str]:
    bounds = {"gte": criteria.published_from, "lt": criteria.published_to}
    return {bound: moment.isoformat(timespec="milliseconds") for bound, moment in bounds.items() if moment}


def _either(*clauses: Clause) -> Clause:
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def _terms(field: str, **more: Any) -> Clause:
    # By count and then by value, so that the same index always answers in the same order.
    order = [{"_count": "desc"}, {"_key": "asc"}]
    return {"terms": {"field": field, "size": SHOWN_VALUES, "order": order}, **more}


_FACETS: dict[Facet, Clause] = {
    "outlet": _terms("outlet.domain"),
    "country": _terms("countries"),
    "language": _terms("language"),
    "development": _terms("development_kinds"),
    "story": _terms("story", aggs={"named": {"top_hits": {"size": 1, "_source": ["story_title"]}}}),
    "entity": {
        "nested": {"path": "entities"},
        "aggs": {
            "values": _terms(
                "entities.id",
                aggs={"named": {"terms": {"field": "entities.name", "size": 1}}, "articles": {"reverse_nested": {}}},
            )
        },
    },
}
