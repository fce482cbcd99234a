"""The batch commands' lines, with the shipped models."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.enrich.batch import (
    Unreadable,
    annotate_lines,
    answers,
    article_of,
    follow_lines,
    resolve_lines,
    stance_lines,
)
from services.enrich.settings import EnrichSettings
from tests.enrich.reading import PACT, QUAKE


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> EnrichSettings:
    return EnrichSettings(cache=Path(tmp_path_factory.mktemp("cache")))


def lines(*rows: object) -> list[str]:
    return [json.dumps(row) for row in rows]


def test_annotate_answers_every_line_in_order_and_says_which_it_cannot_read(settings: EnrichSettings) -> None:
    asked = [*lines({"id": "a", "text": PACT}, {"id": "b"}, 7), "{", *lines({"id": "c", "text": QUAKE})]
    first, missing, number, broken, last = annotate_lines(asked, settings)
    assert [first["id"], missing["id"], last["id"]] == ["a", "b", "c"]
    assert missing["error"] == "'text' is missing"
    assert "object" in number["error"]
    assert broken["error"]
    named = {(PACT[one["start"] : one["end"]], one["wikidata"]) for one in first["entities"]}
    assert {("Kenya", "Q114"), ("Ethiopia", "Q115")} <= named
    assert {place["country"] for place in first["places"]} >= {"KE", "ET"}
    assert first["focus"]["country"] == "KE"
    assert last["places"][0]["country"] == "CL"


def test_an_article_that_trips_our_code_does_not_take_the_rest_of_the_file_with_it() -> None:
    def answer(row: dict[str, object]) -> dict[str, object]:
        return {"next": next(iter([]))} if row["id"] == "trips" else {"fine": True}

    tripped, fine = answers(lines({"id": "trips"}, {"id": "goes on"}), answer)
    assert tripped == {"id": "trips", "error": "StopIteration: "}
    assert fine == {"id": "goes on", "fine": True}


def test_stances_are_left_out_where_nobody_asks_for_them(settings: EnrichSettings) -> None:
    text = "Amina Odera condemned Kenya as corrupt. Amina Odera attacked Kenya again, and accused Kenya of theft."
    asked = lines({"id": "a", "text": text})
    [whole], [quick] = annotate_lines(asked, settings), annotate_lines(asked, settings, stances=False)
    assert whole["stances"]
    assert quick == {**whole, "stances": []}


def test_annotate_tells_how_each_name_of_a_place_is_used(settings: EnrichSettings) -> None:
    text = "Russian officials were angry. Kenya said that floods in Nairobi had killed nine people."
    [answer] = annotate_lines(lines({"id": "a", "text": text}), settings)
    used = {text[one["start"] : one["end"]]: one["as"] for one in answer["places"]}
    assert used == {"Russian": "demonym", "Kenya": "metonym", "Nairobi": "literal"}


def test_follow_gives_a_copy_its_story_and_the_id_that_it_was_asked_with(settings: EnrichSettings) -> None:
    rows = lines({"id": 1, "text": PACT, "published": "2026-03-03"}, {"id": "copy", "title": "Other", "text": PACT})
    original, copy = follow_lines(
        [rows[0], json.dumps({**json.loads(rows[1]), "published": "2026-03-03T10:00:00Z"})], settings
    )
    assert (original["duplicate_of"], original["novelty"]) == (None, 1.0)
    assert (copy["story"], copy["duplicate_of"], copy["novelty"]) == (original["story"], 1, 0.0)


def test_follow_says_what_is_told_again_and_by_how_many(settings: EnrichSettings) -> None:
    again = "Ethiopia and Kenya have signed a pact on sharing the water of the Omo river, ministers said in Nairobi."
    rows = [
        {"id": 1, "title": "Kenya and Ethiopia sign water pact", "text": PACT, "outlet": "a.example"},
        {"id": 2, "title": "Ethiopia and Kenya sign pact on Omo water", "text": again, "outlet": "b.example"},
    ]
    first, second = follow_lines(lines(*rows), settings)
    [opening] = first["developments"]
    assert (opening["kind"], first["repeats"]) == ("new_story", [])
    assert second["story"] == first["story"]
    assert second["repeats"] == [
        {"id": opening["id"], "kind": "new_story", "reason": opening["reason"], "articles": 2, "outlets": 2}
    ]


def test_resolve_answers_each_mention_null_where_there_is_none(settings: EnrichSettings) -> None:
    start = PACT.index("Nairobi")
    asked = {"id": "a", "text": PACT, "mentions": [{"start": start, "end": start + 7}, {"start": 10, "end": 13}]}
    [answer] = resolve_lines(lines(asked), settings)
    assert (answer["places"][0]["country"], answer["places"][1]) == ("KE", None)


def test_stance_answers_with_a_label(settings: EnrichSettings) -> None:
    text = "The opposition condemned the Harvest Party as corrupt."
    start = text.index("Harvest")
    [answer] = stance_lines(lines({"id": "a", "text": text, "target_start": start, "target_end": start + 13}), settings)
    assert answer["label"] in (-1, 0, 1)
    assert -1 <= answer["polarity"] <= 1


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026-03-03", datetime(2026, 3, 3, tzinfo=UTC)),
        ("2026-03-03T12:00:00+03:00", datetime(2026, 3, 3, 9, tzinfo=UTC)),
        ("", datetime(2000, 1, 1, 0, 4, tzinfo=UTC)),
        (None, datetime(2000, 1, 1, 0, 4, tzinfo=UTC)),
    ],
)
def test_a_date_may_be_a_day_or_be_missing(raw: str | None, moment: datetime) -> None:
    assert article_of({"id": "a", "text": "x", "published": raw}, when_undated=4).published == moment


def test_a_text_that_is_none_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        article_of({"id": "a", "text": 7})
