"""What the open lists have wrong is mended before it gets into the table of actors."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from models.train.actor_lists import Gathering
from models.train.actor_mends import told_country


def gathered(folder: Path, *, union: list[dict[str, Any]], leader: dict[str, Any], member: dict[str, Any]) -> Gathering:
    """The actors of lists that hold only these rows."""
    country = {
        "name": "Puerto Rico",
        "official": "Puerto Rico",
        "aliases": [],
        "demonym": {},
        "iso2": "PR",
        "iso3": "PRI",
    }
    lists = {
        "countries_qid.jsonl": [],
        "countries_mledoze.jsonl": [country],
        "leaders_2022_wikidata.jsonl": [],
        "leaders_2026_asean_g20.jsonl": [leader],
        "us_congress_current.jsonl": [member],
    }
    for name, rows in lists.items():
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with gzip.open(folder / "union.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"aliases": [], "sources": ["one", "two"], **row}) + "\n" for row in union)
    found = Gathering(folder, links=False)
    found.add_countries()
    found.add_office_holders()
    found.add_union()
    return found


@pytest.fixture
def found(tmp_path: Path) -> Gathering:
    """What is gathered from one wrong row of each sort."""
    orban = {"qid": "Q57641", "name": "Viktor Orbán", "aliases": ["Ursula von der Leyen", "Orbán Viktor"]}
    florida: dict[str, Any] = {
        "qid": "Q812",
        "name": "Florida",
        "description": "state in the United States",
        "country": "PR",
    }
    florida |= {"popularity": 274, "kind": "location", "sources": ["bear_facts", "dr5hn_states_cities"]}
    leader = {
        "qid": "Q57641",
        "name": "Ursula von der Leyen",
        "aliases": [None],
        "country": "EU",
        "since": "2019-12-01",
    }
    member = {"qid": "Q888668", "name": "Robert C. ", "aliases": ["Robert Scott", "Bobby Scott"], "chamber": "rep"}
    return gathered(
        tmp_path,
        union=[{**orban, "kind": "person"}, florida],
        leader={**leader, "position": "President of the European Commission"},
        member=member,
    )


def test_an_office_holder_under_anothers_id_is_refused_and_so_is_the_alias(found: Gathering) -> None:
    orban = found.actors[57641]
    assert (orban.name, orban.role, orban.terms) == ("Viktor Orbán", None, set())
    assert "orban viktor" in orban.names
    assert "ursula von der leyen" not in orban.names
    assert "Ursula von der Leyen" not in orban.others


def test_a_refusal_is_said(found: Gathering, capsys: pytest.CaptureFixture[str]) -> None:
    found.add_office_holders()
    assert "Ursula von der Leyen" in capsys.readouterr().err


def test_a_name_cut_off_after_an_initial_gives_way_to_the_first_alias(found: Gathering) -> None:
    scott = found.actors[888668]
    assert scott.name == "Robert Scott"
    assert set(scott.names) == {"robert scott", "bobby scott"}


def test_a_country_told_beats_a_namesakes_whose_people_are_left_out(found: Gathering) -> None:
    florida = found.actors[812]
    assert (florida.kind, florida.country, florida.people) == ("location", "US", 0)


@pytest.mark.parametrize(
    ("name", "description", "others", "country"),
    [
        ("Georgia", "state of the United States of America", [], "US"),
        ("Birmingham", "", ["City of Birmingham, Alabama"], "US"),
        ("Birmingham", "city in England", ["Birmingham, Alabama"], None),
        ("London", "city in Southwestern Ontario, Canada", [], "CA"),
        ("Kamloops", "city in British Columbia", [], "CA"),
        ("Great Lakes", "lakes in the United States and Canada", [], None),
        ("Rio Grande", "river between Mexico and the United States", [], None),
        ("Guam", "territory of the United States", [], None),
        ("Tbilisi", "", ["Tbilisi, Georgia"], None),
    ],
)
def test_a_country_is_told_by_the_description_or_a_longer_name(
    name: str, description: str, others: list[str], country: str | None
) -> None:
    assert told_country(name, description, others) == country


def test_the_outline_of_a_province_tells_the_country() -> None:
    assert told_country("Toronto", "", [], "ca-on.geojson") == "CA"
