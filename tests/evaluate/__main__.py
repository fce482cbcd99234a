"""`python -m tests.evaluate --data DIR`: run each batch step on the gold sets found there, and score it.

The corpora are not part of the project; DIR holds them as JSON Lines, and `score.py` beside DIR scores predictions.
Prints a table with the committed figures beside, so that a change shows what it costs; one JSON object a line where
nobody looks. `--keep` commits the figures: to figures.json, and to the table in docs/accuracy.md.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from tests.evaluate import predict
from tests.evaluate.figures import NoPlaceForFigures, committed, keep
from tests.evaluate.predict import Measured, ScorerFailed, StepFailed, measured
from tests.evaluate.sets import MEASURES, Measure
from tests.evaluate.show import as_json, print_table

NICENESS = 10


def main() -> None:
    """Measure what was asked for, or everything."""
    asked = _asked()
    scorer = asked.data.parent / "score.py"
    if not asked.data.is_dir():
        sys.exit(f"{asked.data} is no folder; give the corpora with DATA=…")
    if not scorer.exists():
        sys.exit(f"{scorer} is not there; it scores what the steps print")
    chosen = [each for each in MEASURES if each.is_asked(asked.only)]
    if not chosen:
        sys.exit(
            f"no set, step or score contains {asked.only!r}; there are {', '.join(each.gold for each in MEASURES)}"
        )
    os.nice(NICENESS)
    console = Console()
    told = as_json if asked.json or not console.is_terminal else None
    before, runs = committed(), list[Measured]()
    try:
        for run in _runs(chosen, asked.data, scorer, asked.predictions):
            runs.append(run)
            for line in told(run, before) if told else ():
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("broken off; what was measured until then:\n")
    except (ScorerFailed, StepFailed) as error:
        sys.exit(str(error))
    if not told:
        print_table(runs, before, console)
    if asked.keep:
        _keep(runs)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="the folder of gold corpora")
    parser.add_argument("--only", default="", help="only sets whose path, step or score contains this")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, also on a terminal")
    parser.add_argument("--keep", action="store_true", help="commit the figures: figures.json and docs/accuracy.md")
    parser.add_argument("--predictions", type=Path, help="keep what the steps print in this folder")
    return parser.parse_args()


def _runs(chosen: list[Measure], data: Path, scorer: Path, predictions: Path | None) -> Iterator[Measured]:
    with _progress(len(chosen)) as progress:
        for measure in chosen:
            yield measured(measure, data, scorer, progress, predictions)


@contextmanager
def _progress(sets: int) -> Iterator[predict.Progress]:
    """Say on the error stream how far it is: a bar for a person, a line for each set where nobody looks."""
    console = Console(stderr=True)
    begun: set[Measure] = set()
    if not console.is_terminal:

        def line(measure: Measure, done: int, rows: int) -> None:
            if measure not in begun:
                begun.add(measure)
                sys.stderr.write(f"{len(begun)} of {sets}: {measure.step} {measure.gold}, {rows} rows\n")

        yield line
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True) as shown:
        task = shown.add_task("loading")

        def bar(measure: Measure, done: int, rows: int) -> None:
            if measure not in begun:
                begun.add(measure)
                shown.reset(task)
            label = f"{len(begun)} of {sets}  {measure.step} {measure.gold}"
            shown.update(task, description=label, completed=done, total=rows)

        yield bar


def _keep(runs: list[Measured]) -> None:
    try:
        keep(runs)
    except NoPlaceForFigures as error:
        sys.exit(f"docs/accuracy.md: {error}")


if __name__ == "__main__":
    main()
