"""The figures that are kept are those that the document shows, and a change shows what it costs."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.evaluate.figures import (
    BEGIN,
    DOCUMENT,
    END,
    NoPlaceForFigures,
    committed,
    keep,
    lines_of,
    table,
    with_table,
)
from tests.evaluate.predict import Measured
from tests.evaluate.sets import FIGURES, MEASURES, Measure
from tests.evaluate.show import as_json, print_table

LINKS = Measure("el/news-fair-v2.dev.jsonl", "annotate", ("link",), learned="ranker of actors")
BEFORE = {LINKS.gold: {"link": {"p": 0.9, "r": 0.4, "f1": 0.5538}}}
RUN = Measured(LINKS, {"link": {"p": 0.85, "r": 0.5, "f1": 0.6296}}, rows=40, cpu_ms_row=120.0)


def shown(runs: list[Measured], terminal: bool) -> str:
    said = StringIO()
    console = Console(file=said, force_terminal=terminal, color_system="standard" if terminal else None, width=140)
    print_table(runs, BEFORE, console)
    return said.getvalue()


def test_the_documents_table_is_the_committed_figures() -> None:
    assert table(committed()) in DOCUMENT.read_text("utf-8"), "run `make evaluate KEEP=1`"


def test_every_committed_figure_is_of_a_set_that_is_still_measured() -> None:
    measured = {(measure.gold, score) for measure in MEASURES for score in measure.scores}
    assert {(gold, score) for gold, scored in committed().items() for score in scored} <= measured


def test_every_score_has_figures_that_stand_for_it() -> None:
    assert {score for measure in MEASURES for score in measure.scores} <= set(FIGURES)


def test_no_step_runs_twice_over_one_set() -> None:
    runs = [(measure.gold, measure.step) for measure in MEASURES]
    assert len(runs) == len(set(runs))


def test_a_change_is_said_figure_by_figure_with_its_direction() -> None:
    changes = {line.name: (line.change, line.is_better) for line in lines_of(RUN, BEFORE)}
    assert changes == {"precision": (-0.05, False), "recall": (0.1, True), "F1": (0.0758, True)}


def test_where_less_is_better_a_fall_is_an_improvement() -> None:
    measure = Measure("geo/lgl.jsonl", "resolve", ("resolve",))
    run = Measured(measure, {"resolve": {"acc161": 0.9, "auc": 0.1}})
    [_, auc] = lines_of(run, {measure.gold: {"resolve": {"acc161": 0.9, "auc": 0.2}}})
    assert auc.is_better


def test_the_change_is_coloured_on_a_terminal_only() -> None:
    assert "\x1b[31m-0.0500" in shown([RUN], terminal=True)
    assert "-0.0500" in shown([RUN], terminal=False)
    assert "\x1b" not in shown([RUN], terminal=False)


def test_a_set_that_is_not_there_is_said_to_be_missing() -> None:
    run = Measured(LINKS, {}, missing=Path("el/nothing.jsonl"))
    assert "missing" in shown([run], terminal=False)
    [line] = as_json(run, BEFORE)
    assert json.loads(line)["missing"] == "el/nothing.jsonl"


def test_a_program_is_given_the_committed_figures_and_the_change() -> None:
    [line] = as_json(RUN, BEFORE)
    said = json.loads(line)
    assert (said["score"], said["p"], said["committed"]["precision"], said["change"]["precision"]) == (
        "link",
        0.85,
        0.9,
        -0.05,
    )


def test_what_is_kept_replaces_the_same_set_and_no_other(tmp_path: Path) -> None:
    path, document = tmp_path / "figures.json", tmp_path / "accuracy.md"
    others = {"dups/stream.jsonl": {"dups": {"p": 1.0, "r": 1.0, "f1": 1.0}}}
    path.write_text(json.dumps(BEFORE | others))
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    keep([RUN], path, document)
    kept = committed(path)
    assert kept == {LINKS.gold: RUN.scored} | others
    assert document.read_text() == f"before\n{BEGIN}\n{table(kept)}\n{END}\nafter\n"


def test_a_document_without_a_place_for_figures_is_refused() -> None:
    with pytest.raises(NoPlaceForFigures):
        with_table("no marks here", "| a |")


def test_a_set_is_chosen_by_its_path_its_step_or_its_score() -> None:
    chosen = {only: [each.gold for each in MEASURES if each.is_asked(only)] for only in ("lgl", "stance", "link")}
    assert chosen["lgl"] == ["geo/lgl.jsonl", "geo/lgl.jsonl"]
    assert len(chosen["stance"]) == 4
    assert all(gold.startswith("el/") for gold in chosen["link"])
