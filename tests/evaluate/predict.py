"""Run a batch step over a gold set, as users run it, and have what it says scored."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.evaluate.sets import Measure, Scored

Progress = Callable[[Measure, int, int], None]
"""Told of each row: the measure, rows done, rows in all."""


class ScorerFailed(RuntimeError):
    """The scorer did not take what it was given."""


class StepFailed(RuntimeError):
    """The step that was to predict a set ended in failure."""


@dataclass(frozen=True)
class Measured:
    """What one run over one set came to; no scores where the set is not there."""

    measure: Measure
    scored: dict[str, Scored]
    rows: int = 0
    errors: int = 0
    cpu_ms_row: float = 0.0
    missing: Path | None = None


def measured(measure: Measure, data: Path, scorer: Path, progress: Progress, keep_in: Path | None = None) -> Measured:
    """Predict one set and score it; `keep_in` keeps the predictions, for reading the errors."""
    gold = data / measure.gold
    if not gold.exists():
        return Measured(measure, {}, missing=gold)
    rows = sum(1 for line in gold.open(encoding="utf-8") if line.strip())
    with _folder(keep_in) as folder:
        predicted = folder / f"{measure.step}-{gold.name}"
        before = _cpu_seconds()
        errors = _predict(measure, _asked(measure, gold, scorer, folder), predicted, rows, progress)
        cpu = _cpu_seconds() - before
        scored = {score: _score(scorer, score, gold, predicted) for score in measure.scores}
    # Sets without what a score looks for (a focus country, say) count nothing of it.
    scored = {score: said for score, said in scored.items() if said.get("n") != 0}
    return Measured(measure, scored, rows, errors, round(1000 * cpu / rows, 1))


@contextmanager
def _folder(keep_in: Path | None) -> Iterator[Path]:
    if keep_in is not None:
        keep_in.mkdir(parents=True, exist_ok=True)
        yield keep_in
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _asked(measure: Measure, gold: Path, scorer: Path, folder: Path) -> Path:
    if measure.step != "resolve":
        return gold
    asked = folder / f"asked-{gold.name}"
    asked.write_text(_say(scorer, "asked-resolve", str(gold)), "utf-8")
    return asked


def _predict(measure: Measure, asked: Path, predicted: Path, rows: int, progress: Progress) -> int:
    """Write what the step says, row by row, and return how many rows it could not read."""
    command = [sys.executable, "-m", "deploy.cli", measure.step, *measure.options, str(asked)]
    unbuffered = os.environ | {"PYTHONUNBUFFERED": "1"}  # so that progress is seen row by row
    errors = 0
    with (
        predicted.open("w", encoding="utf-8") as out,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=unbuffered) as step,
    ):
        assert step.stdout is not None
        for done, line in enumerate(step.stdout, 1):
            out.write(line)
            errors += '"error": ' in line and "error" in json.loads(line)
            progress(measure, done, rows)
    if step.returncode:
        raise StepFailed(f"dateline {measure.step} {asked.name} ended with {step.returncode}")
    return errors


def _score(scorer: Path, score: str, gold: Path, predicted: Path) -> Scored:
    said: Scored = json.loads(_say(scorer, score, str(gold), str(predicted)))
    return {name: value for name, value in said.items() if name != "score"}


def _say(scorer: Path, *arguments: str) -> str:
    ran = subprocess.run([sys.executable, str(scorer), *arguments], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise ScorerFailed(f"{scorer.name} {arguments[0]}: {ran.stderr.strip().splitlines()[-1:]}")
    return ran.stdout


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
