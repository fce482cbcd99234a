"""`dateline extract` answers every line in its place."""

import json

from services.ingest.batch import extract_lines
from tests.ingest.fakes import page


def test_every_line_has_its_answer_under_its_own_id() -> None:
    lines = [
        json.dumps({"id": "p1", "url": "https://www.a.example/one", "html": page()}),
        json.dumps({"id": "p2", "url": "https://a.example/two", "html": "<p>no"}),
        json.dumps({"id": "p3", "html": page()}),
        "{",
        "[]",
    ]
    whole, empty, nameless, broken, odd = extract_lines(lines)
    assert (whole["id"], whole["title"], whole["outlet"]["domain"]) == ("p1", "Pact signed", "a.example")
    assert whole["published_how"] == "seen"
    assert (empty["id"], empty["error"].partition(":")[0]) == ("p2", "NotAnArticle")
    assert (nameless["id"], nameless["title"]) == ("p3", "Pact signed")
    assert broken["id"] is None
    assert broken["error"]
    assert odd["error"]
