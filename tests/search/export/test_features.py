"""GeoJSON: a feature an article, at the points of its places."""

import json

from services.search.document import document
from services.search.export.formats import FORMATS
from tests.search.reports import report

GEOJSON = FORMATS["geojson"]


def test_a_feature_has_its_places_in_the_order_of_its_points() -> None:
    (feature,) = json.loads(GEOJSON.begins + GEOJSON.written([document(report(1))], first=True) + GEOJSON.ends)[
        "features"
    ]
    assert feature["geometry"] == {"type": "MultiPoint", "coordinates": [[36.81667, -1.28333]]}
    assert feature["properties"]["places"] == [{"name": "Nairobi", "country": "KE", "geonames": 184745}]
    assert feature["properties"]["outlet"]["domain"] == "savannah-post.example"


def test_an_article_without_places_has_no_geometry() -> None:
    bare = json.loads(GEOJSON.write(document(report(1, places=(), focus=None))))
    assert bare["geometry"] is None
    assert bare["properties"]["countries"] == []


def test_pages_join_into_one_collection_and_none_is_an_empty_one() -> None:
    pages = [[document(report(1)), document(report(2))], [document(report(3))], []]
    written = "".join(GEOJSON.written(page, first=number == 0) for number, page in enumerate(pages))
    assert len(json.loads(GEOJSON.begins + written + GEOJSON.ends)["features"]) == 3
    assert json.loads(GEOJSON.begins + GEOJSON.written([], first=True) + GEOJSON.ends)["features"] == []
