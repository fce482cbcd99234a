"""Show what evaluating came to: a table for a person, one JSON object a line for a program."""

from __future__ import annotations

import json
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tests.evaluate.figures import Figures, Line, lines_of
from tests.evaluate.predict import Measured

# The scorer's figures have four decimals; a change below this is less than one answer in a thousand.
NOISE = 0.001


def as_json(run: Measured, before: Figures) -> Iterable[str]:
    """A line for each score of a run, with the committed figures and the change beside it."""
    about: dict[str, object] = {"set": run.measure.gold, "step": run.measure.step}
    if run.missing is not None:
        yield json.dumps(about | {"missing": str(run.missing)})
        return
    for score, scored in run.scored.items():
        lines = [line for line in lines_of(run, before) if line.score == score]
        yield json.dumps(
            about
            | {"score": score, **scored}
            | {"rows": run.rows, "errors": run.errors, "cpu_ms_row": run.cpu_ms_row}
            | {"learned": run.measure.learned}
            | {"committed": {line.name: line.committed for line in lines}}
            | {"change": {line.name: line.change for line in lines}}
        )


def as_table(runs: Iterable[Measured], before: Figures) -> Table:
    """All runs as one table; the change is coloured where the console has colours."""
    shown = Table("set", "step", "figure", pad_edge=False)
    for head in ("now", "committed", "change", "CPU ms a row"):
        shown.add_column(head, justify="right")
    for run in runs:
        name = run.measure.gold + (" *" if run.measure.learned else "")
        if run.missing is not None:
            shown.add_row(name, run.measure.step, "missing")
        for number, line in enumerate(lines_of(run, before)):
            about = (name, run.measure.step) if number == 0 else ("", "")
            cost = f"{run.cpu_ms_row:.1f}" if number == 0 else ""
            shown.add_row(*about, line.name, _number(line.now), _number(line.committed), _change(line), cost)
        if run.errors:
            shown.add_row("", "", f"{run.errors} of {run.rows} rows could not be read")
        shown.add_section()
    return shown


def print_table(runs: list[Measured], before: Figures, console: Console) -> None:
    """The table, and what its mark means."""
    console.print(as_table(runs, before))
    if any(run.measure.learned for run in runs):
        console.print("* shipped weights have learned from this set: a fit; held-out figures are in docs/accuracy.md")


def _number(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.4f}"


def _change(line: Line) -> Text:
    if line.change is None:
        return Text("new" if line.committed is None and line.now is not None else "–")
    if abs(line.change) < NOISE:
        return Text(f"{line.change:+.4f}" if line.change else "same", style="dim")
    return Text(f"{line.change:+.4f}", style="green" if line.is_better else "red")
