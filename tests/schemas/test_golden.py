"""The schemas only grow, and every example of every version decodes for ever."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest

from schemas import wire
from schemas.article import Article
from schemas.golden import breaking_changes, golden_path, schema_of
from schemas.topics import TOPICS, Topic

EXAMPLES = Path(wire.__file__).parent / "examples"
CASES = [(topic, path) for topic in TOPICS for path in sorted((EXAMPLES / topic.name).glob("*.json"))]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_the_golden_schema_is_the_codes(topic: Topic) -> None:
    golden = json.loads(golden_path(topic.message).read_text("utf-8"))
    assert golden == schema_of(topic.message), "run `python -m schemas.golden`, which refuses what would break"


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_topic_has_an_example(topic: Topic) -> None:
    assert [path for case, path in CASES if case is topic]


@pytest.mark.parametrize(("topic", "path"), CASES, ids=lambda case: getattr(case, "stem", None) or case.name)
def test_an_example_decodes_and_keeps_every_field_on_its_way_through(topic: Topic, path: Path) -> None:
    stored = json.loads(path.read_text("utf-8"))
    message = wire.decode(topic, path.read_bytes())
    again = json.loads(wire.encode(message))
    assert again == stored
    jsonschema.validate(stored, json.loads(golden_path(topic.message).read_text("utf-8")))


def test_a_new_optional_field_is_growth() -> None:
    old = schema_of(Article)
    new = copy.deepcopy(old)
    new["properties"]["section"] = {"type": "string", "default": ""}
    new["properties"]["rights"]["default"]["syndicated"] = False
    assert breaking_changes(old, new) == []


def test_what_would_part_old_and_new_services_is_named() -> None:
    old = schema_of(Article)
    gone, needed, loose, other = (copy.deepcopy(old) for _ in range(4))
    del gone["properties"]["byline"]
    needed["required"].append("byline")
    loose["required"].remove("title")
    other["$defs"]["Outlet"]["properties"]["domain"] = {"type": "integer"}
    valued = copy.deepcopy(old)
    valued["properties"]["language"]["default"] = "fr"
    assert breaking_changes(old, valued) == ["language is 'fr' now where a message lacks it, and was 'und'"]
    assert breaking_changes(old, gone) == ["byline is gone"]
    assert breaking_changes(old, needed) == ["byline is required now, and older messages lack it"]
    assert breaking_changes(old, loose) == ["title is optional now, and older readers require it"]
    assert breaking_changes(old, other) == ["Outlet.domain means something else now"]
