"""Articles that are told again of namesakes, to learn from: marks and mentions stay on their words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from models.train.place_examples import Marked, Tagged
from models.train.place_namesakes import planted
from models.train.place_report import km
from services.enrich.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gazetteer]:
    opened = Gazetteer.open(unpacked_into=tmp_path_factory.mktemp("gazetteer"))
    yield opened
    opened.close()


def marked(text: str, **points: tuple[float, float]) -> Marked:
    """An article in which each of these names is marked, and found, wherever it stands first."""
    marks: list[dict[str, Any]] = []
    for name, (lat, lon) in points.items():
        start = text.index(name)
        marks.append({"start": start, "end": start + len(name), "lat": lat, "lon": lon, "geonameid": None})
    found = [Tagged(mark["start"], mark["end"], "location", 0.9) for mark in marks]
    return Marked("a", "a.example", text, marks, found)


def drawn(article: Marked, gazetteer: Gazetteer) -> list[Marked]:
    return [each for seed in range(12) for each in planted(article, gazetteer, np.random.default_rng(seed))]


def test_a_town_is_renamed_after_a_neighbour_with_a_larger_namesake(gazetteer: Gazetteer) -> None:
    text = "Lexington had rain. A bridge near Lexington in Kentucky fell."
    article = marked(text, Lexington=(37.99, -84.48), Kentucky=(37.55, -85.0))
    again = drawn(article, gazetteer)
    assert again
    for each in again:
        town, state = each.marks
        name = each.text[town["start"] : town["end"]]
        assert name != "Lexington"
        assert each.text == text.replace("Lexington", name)
        assert each.text[state["start"] : state["end"]] == "Kentucky"
        assert km(town["lat"], town["lon"], 37.99, -84.48) < 100
        assert any(km(c.lat, c.lon, town["lat"], town["lon"]) > 161 for c in gazetteer.named(name))
        assert [(m.start, m.end) for m in each.mentions] == [(mark["start"], mark["end"]) for mark in each.marks]


def test_a_city_alone_becomes_one_that_is_called_as_a_state(gazetteer: Gazetteer) -> None:
    article = marked("Police in Chicago waited.", Chicago=(41.85, -87.65))
    assert {each.text for each in drawn(article, gazetteer)} == {
        "Police in New York waited.",
        "Police in Washington waited.",
    }


def test_a_state_that_is_only_named_becomes_one_that_holds_a_namesake(gazetteer: Gazetteer) -> None:
    article = marked("The mayor of Paris met a visitor from Ohio.", Paris=(48.85, 2.35), Ohio=(40.25, -83.0))
    names = {
        (each.text[first["start"] : first["end"]], each.text[second["start"] : second["end"]])
        for each in drawn(article, gazetteer)
        for first, second in [each.marks]
    }
    assert names & {("Paris", state) for state in ("Texas", "Kentucky", "Tennessee", "Illinois", "Missouri", "Idaho")}


def test_an_article_without_a_town_or_state_is_not_told_again(gazetteer: Gazetteer) -> None:
    assert drawn(marked("France waits.", France=(46.0, 2.0)), gazetteer) == []
