"""Write articles as GeoJSON (RFC 7946): a feature each, at all the points of its places."""

import json
from collections.abc import Mapping
from typing import Any

BEGINS = '{"type":"FeatureCollection","features":['
ENDS = "]}\n"

FIELDS = [
    *("id", "url", "title", "outlet", "language", "published", "story", "story_title", "novelty", "duplicate_of"),
    *("places", "countries"),
]
"""The fields of the document that a feature needs."""


def feature(source: Mapping[str, Any]) -> str:
    """An article as a feature: its places are a MultiPoint, and `properties.places` names them in the same order. One
    without places has no geometry, which GeoJSON allows.
    """
    places = source.get("places", [])
    points = [[place["location"]["lon"], place["location"]["lat"]] for place in places]
    named = [{name: place.get(name) for name in ("name", "country", "geonames")} for place in places]
    told = {name: source.get(name) for name in FIELDS if name not in ("id", "places", "countries")}
    said = {
        "type": "Feature",
        "id": source["id"],
        "geometry": {"type": "MultiPoint", "coordinates": points} if points else None,
        "properties": {**told, "countries": source.get("countries", []), "places": named},
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
