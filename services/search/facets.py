"""Count articles by what they have: what Elasticsearch is asked for each facet, and the counts that a reader sees."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from schemas.annotations import OUTLET_AS_HOLDER
from services.search.query import Clause
from services.search.results import Shown

Facet = Literal["outlet", "country", "language", "entity", "place", "story", "stance_pair", "development"]

SHOWN_VALUES = 20
"""Values of a facet: as many as a reader looks through; `other` counts the rest."""

_MISSING = "_missing"


class FacetValue(Shown):
    """A value, and how many of the articles found have it."""

    value: str
    name: str | None = Field(default=None, description="for people, where the value is an id")
    count: int


class FacetShown(Shown):
    """The commonest values with the number of articles that have each. `other` and `missing` say what is not shown.

    Of `outlet`, `language` and `story` an article has one at most: all counts, `other` and `missing` add up to the
    articles found. Of the rest it may have several: all counts and `other` add up to the values that articles have.
    """

    values: tuple[FacetValue, ...] = ()
    other: int = Field(default=0, description="how often articles have a value that is not among those shown")
    missing: int = Field(default=0, description="articles that have none")


def to_facets(facets: tuple[Facet, ...]) -> dict[str, Clause]:
    """The aggregations that count the values of each facet, by article, and the articles without any."""
    counted: dict[str, Clause] = {facet: _FACETS[facet] for facet in facets}
    return {**counted, **{f"{facet}{_MISSING}": _without(facet) for facet in facets}}


def facets_shown(aggregations: Mapping[str, Any]) -> dict[Facet, FacetShown]:
    """The facets that were asked for, each with its counts."""
    return {
        facet: _shown(facet, aggregations[facet], aggregations[f"{facet}{_MISSING}"]["doc_count"])
        for facet in _FACETS
        if facet in aggregations
    }


def _terms(field: str, **more: Any) -> Clause:
    # By count and then by value, so that the same index always answers in the same order.
    order = [{"_count": "desc"}, {"_key": "asc"}]
    return {"terms": {"field": field, "size": SHOWN_VALUES, "order": order}, **more}


def _named(*source: str) -> Clause:
    return {"named": {"top_hits": {"size": 1, "_source": list(source)}}}


_ARTICLES: Clause = {"articles": {"reverse_nested": {}}}

# The outlet's own tone towards everybody would be most of what is shown, and is no pair of actors.
_TAKES_A_SIDE: Clause = {"bool": {"must_not": [{"term": {"stances.holder": OUTLET_AS_HOLDER}}]}}

_FACETS: dict[Facet, Clause] = {
    "outlet": _terms("outlet.domain"),
    "country": _terms("countries"),
    "language": _terms("language"),
    "development": _terms("development_kinds"),
    "story": _terms("story", aggs=_named("story_title")),
    "entity": {
        "nested": {"path": "entities"},
        "aggs": {
            "values": _terms(
                "entities.id", aggs={"named": {"terms": {"field": "entities.name", "size": 1}}, **_ARTICLES}
            )
        },
    },
    "place": {
        "nested": {"path": "places"},
        "aggs": {
            "values": _terms("places.geonames", aggs={**_named("places.name", "places.country"), **_ARTICLES}),
        },
    },
    "stance_pair": {
        "nested": {"path": "stances"},
        "aggs": {
            "sided": {
                "filter": _TAKES_A_SIDE,
                "aggs": {
                    "values": _terms(
                        "stances.pair", aggs={**_named("stances.holder_name", "stances.target_name"), **_ARTICLES}
                    )
                },
            }
        },
    },
}

_ALONE: dict[Facet, str] = {
    "outlet": "outlet.domain",
    "country": "countries",
    "language": "language",
    "development": "development_kinds",
    "story": "story",
}
_INSIDE: dict[Facet, tuple[str, Clause]] = {
    "entity": ("entities", {"exists": {"field": "entities.id"}}),
    "place": ("places", {"exists": {"field": "places.geonames"}}),
    "stance_pair": ("stances", {"bool": {"filter": [{"exists": {"field": "stances.pair"}}, _TAKES_A_SIDE]}}),
}


def _without(facet: Facet) -> Clause:
    if field := _ALONE.get(facet):
        return {"missing": {"field": field}}
    path, has_one = _INSIDE[facet]
    return {"filter": {"bool": {"must_not": [{"nested": {"path": path, "query": has_one}}]}}}


def _shown(facet: Facet, found: Mapping[str, Any], missing: int) -> FacetShown:
    found = found.get("sided", found)
    counted = found.get("values", found)
    return FacetShown(
        values=tuple(
            FacetValue(
                value=str(bucket["key"]),
                name=_name(facet, bucket),
                count=bucket.get("articles", bucket)["doc_count"],
            )
            for bucket in counted["buckets"]
        ),
        other=counted["sum_other_doc_count"],
        missing=missing,
    )


def _name(facet: Facet, bucket: Mapping[str, Any]) -> str | None:
    if facet == "entity":
        return next((str(name["key"]) for name in bucket["named"]["buckets"]), None)
    if "named" not in bucket:
        return None
    source: Mapping[str, Any] = next((hit["_source"] for hit in bucket["named"]["hits"]["hits"]), {})
    if facet == "story":
        return source.get("story_title")
    if facet == "stance_pair":
        return f"{source['holder_name']} → {source['target_name']}"
    return ", ".join(part for part in (source["name"], source.get("country")) if part)
