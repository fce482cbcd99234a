"""The committed figures: what each set last came to, for holding a new run against; docs/accuracy.md shows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.evaluate.predict import Measured
from tests.evaluate.sets import FIGURES, MEASURES, Measure, Scored

COMMITTED = Path(__file__).with_name("figures.json")
DOCUMENT = Path(__file__).parents[2] / "docs" / "accuracy.md"
BEGIN, END = "<!-- figures: written by `make evaluate KEEP=1` -->", "<!-- figures end -->"

Figures = dict[str, dict[str, Scored]]
"""By set, by score: what the scorer said."""


class NoPlaceForFigures(ValueError):
    """The document lacks the two marks between which its table stands."""


@dataclass(frozen=True)
class Line:
    """One figure of one set, now and as committed; none where it was not measured."""

    measure: Measure
    score: str
    name: str
    now: float | None
    committed: float | None
    more_is_better: bool

    @property
    def change(self) -> float | None:
        """Now less committed, to the fourth decimal place, which is all that the scorer gives."""
        if self.now is None or self.committed is None:
            return None
        return round(self.now - self.committed, 4)

    @property
    def is_better(self) -> bool:
        """Is the change for the better?"""
        return self.change is not None and (self.change > 0 if self.more_is_better else self.change < 0)


def committed(path: Path = COMMITTED) -> Figures:
    """The figures last kept; none at all before the first."""
    if not path.exists():
        return {}
    figures: Figures = json.loads(path.read_text("utf-8"))
    return figures


def lines_of(measured: Measured, before: Figures) -> Iterator[Line]:
    """Each shown figure of a run, beside the committed one."""
    for score, scored in measured.scored.items():
        yield from _lines(measured.measure, score, scored, before.get(measured.measure.gold, {}).get(score, {}))


def _lines(measure: Measure, score: str, now: Scored, before: Scored) -> Iterator[Line]:
    for figure in FIGURES[score]:
        yield Line(measure, score, figure.name, figure.of(now), figure.of(before), figure.more_is_better)


def keep(runs: list[Measured], path: Path = COMMITTED, document: Path = DOCUMENT) -> None:
    """Commit these figures in place of the last ones of the same sets, in the file and in the document's table."""
    figures = committed(path)
    for run in runs:
        if run.scored:
            figures.setdefault(run.measure.gold, {}).update(run.scored)
    path.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")
    document.write_text(with_table(document.read_text("utf-8"), table(figures)), "utf-8")


def with_table(text: str, rows: str) -> str:
    """The document with this table between its marks. Raises NoPlaceForFigures."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise NoPlaceForFigures(f"the document needs the lines {BEGIN} and {END}")
    return f"{head}{begin}\n{rows}\n{end}{tail}"


def table(figures: Figures) -> str:
    """The committed figures as a Markdown table, in the order of the sets; a fit is marked as one."""
    rows = ["| set | command | figures | what has learned from it |", "| --- | --- | --- | --- |"]
    for measure in MEASURES:
        for score in measure.scores:
            scored = figures.get(measure.gold, {}).get(score)
            if scored is None:
                continue
            shown = "; ".join(
                f"{line.name} {line.now:.3f}" for line in _lines(measure, score, scored, {}) if line.now is not None
            )
            rows.append(f"| {measure.gold} | `{measure.step}` | {shown} | {measure.learned or 'nothing'} |")
    return "\n".join(rows)
