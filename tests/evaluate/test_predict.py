"""A set is predicted by the command that users run, and judged by the scorer beside the data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.evaluate.predict import ScorerFailed, measured
from tests.evaluate.sets import Measure

PRAISE = "Amina Odera thanked Kenya warmly for its wonderful help."
ROWS = [{"id": "1", "text": PRAISE, "target_start": 20, "target_end": 25}, {"id": "2", "text": PRAISE}]
SET = Measure("stance/praise.jsonl", "stance", ("counted", "nothing"))
SCORER = """
import json, sys
if sys.argv[1] == "broken":
    sys.exit("no such score")
gold, said = (open(path).read().splitlines() for path in sys.argv[2:])
answers = [json.loads(line) for line in said]
counted = {"n": len(gold), "labels": [answer.get("label") for answer in answers]}
print(json.dumps({"score": sys.argv[1], **(counted if sys.argv[1] == "counted" else {"n": 0})}))
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "score.py").write_text(SCORER)
    gold = tmp_path / "data" / SET.gold
    gold.parent.mkdir(parents=True)
    gold.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return tmp_path / "data"


def test_a_set_is_predicted_once_and_scored_by_each_score(data: Path, tmp_path: Path) -> None:
    seen: list[int] = []
    kept = tmp_path / "kept"
    run = measured(SET, data, data.parent / "score.py", lambda _, done, rows: seen.append(done), kept)
    assert run.scored == {"counted": {"n": 2, "labels": [1, None]}}, "a score that counts nothing is left out"
    assert (run.rows, run.errors, seen) == (2, 1, [1, 2])
    assert len((kept / "stance-praise.jsonl").read_text().splitlines()) == 2


def test_a_set_that_is_not_there_is_no_failure(data: Path) -> None:
    run = measured(Measure("no/such.jsonl", "stance", ("counted",)), data, data.parent / "score.py", lambda *_: None)
    assert (run.missing, run.scored) == (data / "no/such.jsonl", {})


def test_a_scorer_that_fails_is_told_in_its_own_words(data: Path) -> None:
    broken = Measure(SET.gold, "stance", ("broken",))
    with pytest.raises(ScorerFailed, match="no such score"):
        measured(broken, data, data.parent / "score.py", lambda *_: None)
