"""The batch form of place resolution."""

from __future__ import annotations

import json

from services.enrich.gazetteer import Gazetteer
from services.enrich.resolve import resolve


def test_each_line_is_answered_in_order_and_a_broken_one_stops_nothing(gazetteer: Gazetteer) -> None:
    lines = [
        json.dumps(
            {"id": "a", "text": "Fog in Tbilisi.", "mentions": [{"start": 7, "end": 14}, {"start": 0, "end": 3}]}
        ),
        "{",
        json.dumps({"id": "c", "text": "short", "mentions": [{"start": 2, "end": 99}]}),
        json.dumps({"id": "d", "text": "Nothing.", "mentions": []}),
    ]
    first, second, third, fourth = resolve(lines, gazetteer)
    assert first["places"][0]["country"] == "GE"
    assert (first["places"][0]["start"], first["places"][0]["end"]) == (7, 14)
    assert first["places"][1] is None
    assert (second["id"], "error" in second) == (None, True)
    assert (third["id"], "error" in third) == ("c", True)
    assert fourth == {"id": "d", "places": []}
