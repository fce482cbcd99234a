"""The same article is always the same document, and the mapping knows each of its fields."""

import json
from typing import Any

import pytest
from hypothesis import given

from schemas.story import EnrichedArticle
from services.search.document import document
from services.search.mapping import ARTICLES, disagreements
from tests.search.reports import report, reports


def unknown_fields(found: dict[str, Any], mapping: dict[str, Any], at: str = "") -> list[str]:
    unknown = []
    for name, value in found.items():
        field = mapping["properties"].get(name)
        if field is None:
            unknown.append(at + name)
        elif "properties" in field:
            for one in value if isinstance(value, list) else [value]:
                unknown += unknown_fields(one, field, f"{at}{name}.")
    return unknown


@given(reports())
def test_the_mapping_knows_every_field_of_a_document(article: EnrichedArticle) -> None:
    assert unknown_fields(document(article), ARTICLES.mapping) == []


@given(reports())
def test_the_same_article_gives_the_same_bytes(article: EnrichedArticle) -> None:
    again = EnrichedArticle.model_validate_json(article.model_dump_json())
    assert json.dumps(document(again)) == json.dumps(document(article))


@given(reports())
def test_what_is_shown_runs_in_step_with_the_lists_beside_it(article: EnrichedArticle) -> None:
    found = document(article)
    for name in ("entities", "places", "stances", "developments"):
        assert len(found.get(name, [])) == len(found["shown"].get(name, []))


def test_an_entity_is_found_by_either_id_and_by_its_folded_name() -> None:
    entity = report().annotated.entities[0].model_copy(update={"id": "local:kenya", "name": "Kënya  Républic"})
    found = document(report(entities=(entity,), stances=()))
    assert found["entity_ids"] == ["local:kenya", "Q114"]
    assert found["entity_names"] == ["kenya republic"]


def test_a_stance_says_for_which_country_its_sides_act_and_in_which_sentence() -> None:
    kenya, ethiopia = report().annotated.entities
    entities = (kenya.model_copy(update={"country": "KE"}), ethiopia)
    (stance,) = document(report(entities=entities))["stances"]
    assert (stance["holder_kind"], stance["holder_country"]) == ("location", "KE")
    assert "target_country" not in stance
    assert stance["pair"] == "Q114 → Q115"
    assert stance["strength"] == pytest.approx(0.8 * 0.9)
    text = report().article.text
    assert stance["sentence"] == text[stance["sentence_start"] : stance["sentence_end"]] == text


def test_a_stance_knows_best_for_whom_its_sides_act() -> None:
    kenya, ethiopia = report().annotated.entities
    (praise,) = report().annotated.stances
    said = praise.model_copy(update={"holder_side": "UG", "act": "AID", "quad": "material cooperation"})
    entities = (kenya.model_copy(update={"country": "KE"}), ethiopia.model_copy(update={"country": "ET"}))
    (stance,) = document(report(entities=entities, stances=(said,)))["stances"]
    assert (stance["holder_country"], stance["target_country"]) == ("UG", "ET")
    assert (stance["act"], stance["quad"]) == ("AID", "material cooperation")


def test_the_outlet_as_holder_acts_for_no_country() -> None:
    (praise,) = report().annotated.stances
    own = praise.model_copy(update={"holder": "outlet", "holder_name": "outlet"})
    (stance,) = document(report(stances=(own,)))["stances"]
    assert "holder_country" not in stance
    assert "holder_kind" not in stance


def test_what_says_nothing_is_left_out() -> None:
    found = document(report(entities=(), places=(), stances=(), focus=None, vector=(0.0,) * 384))
    for name in ("entities", "entity_ids", "places", "locations", "focus", "stances", "vector", "byline"):
        assert name not in found


def test_an_index_made_by_this_code_agrees_with_it() -> None:
    found = json.loads(json.dumps(ARTICLES.mapping))
    found["properties"]["vector"]["index"] = True  # Elasticsearch fills its defaults in
    assert disagreements(ARTICLES.mapping, found) == []


def test_an_index_made_by_other_code_is_told_from_ours() -> None:
    found = json.loads(json.dumps(ARTICLES.mapping))
    found["dynamic"] = "true"
    found["properties"]["outlet"]["properties"]["domain"]["type"] = "text"
    found["properties"]["stances"]["properties"]["mood"] = {"type": "keyword"}
    del found["properties"]["title"]["fields"]
    assert disagreements(ARTICLES.mapping, found) == [
        "dynamic is 'true', not 'strict'",
        "outlet.domain.type is 'text', not 'keyword'",
        "title.exact is missing",
        "stances.mood is unknown here",
    ]
