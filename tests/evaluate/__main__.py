"""`python -m tests.evaluate --data DIR`: run each batch step on the gold sets found there and score it.

The corpora are not part of the project; DIR holds them as JSON Lines, and `score.py` beside DIR scores predictions.
Prints one JSON object a line: the set, its score, rows, and CPU milliseconds a row.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measure:
    """One gold set: the step that predicts it, and how score.py judges it."""

    gold: str
    step: str
    score: str


MEASURES = (
    Measure("ner/conll2003pp.dev.jsonl", "annotate", "ner"),
    Measure("ner/crossner_politics.dev.jsonl", "annotate", "ner"),
    Measure("geo/lgl.jsonl", "annotate", "geo"),
    Measure("geo/gwn.jsonl", "annotate", "geo"),
    Measure("geo/lgl.jsonl", "resolve", "resolve"),
    Measure("geo/gwn.jsonl", "resolve", "resolve"),
    Measure("el/news-fair-v2.dev.jsonl", "annotate", "link"),
    Measure("el/aida-conll-dev.jsonl", "annotate", "link"),
    Measure("stance/newsmtsc.dev_rw.jsonl", "stance", "stance"),
    Measure("stance/newsmtsc.dev_mt.jsonl", "stance", "stance"),
    Measure("stance/dse.dev.jsonl", "stance", "stance"),
    Measure("stories/allsides_lede.dev.jsonl", "follow", "stories"),
    Measure("stories/allsides_full.dev.jsonl", "follow", "stories"),
    Measure("dups/stream.jsonl", "follow", "dups"),
)


def measure(measures: tuple[Measure, ...], data: Path, scorer: Path) -> Iterator[dict[str, object]]:
    """Predict and score each set; a set that is not there is said to be missing."""
    with tempfile.TemporaryDirectory() as folder:
        for each in measures:
            gold = data / each.gold
            if not gold.exists():
                yield {"set": each.gold, "missing": str(gold)}
                continue
            asked, predicted = Path(folder) / "asked.jsonl", Path(folder) / "predicted.jsonl"
            if each.step == "resolve":
                asked.write_text(_run(scorer, "asked-resolve", str(gold)), "utf-8")
            else:
                asked = gold
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            with predicted.open("w", encoding="utf-8") as out:
                subprocess.run([sys.executable, "-m", "deploy.cli", each.step, str(asked)], stdout=out, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            rows = sum(1 for line in gold.open(encoding="utf-8") if line.strip())
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            score = json.loads(_run(scorer, each.score, str(gold), str(predicted)))
            yield {
                "set": each.gold,
                "step": each.step,
                **score,
                "rows": rows,
                "cpu_ms_row": round(1000 * cpu / rows, 1),
            }


def _run(scorer: Path, *arguments: str) -> str:
    return subprocess.run([sys.executable, str(scorer), *arguments], capture_output=True, text=True, check=True).stdout


def main() -> None:
    """Measure what was asked for, or everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="the folder of gold corpora")
    parser.add_argument("--only", default="", help="only sets whose path or step contains this")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        sys.exit(f"{asked.data} is no folder; give the corpora with DATA=…")
    scorer = asked.data.parent / "score.py"
    if not scorer.exists():
        sys.exit(f"{scorer} is not there; it scores what the steps print")
    chosen = tuple(each for each in MEASURES if asked.only in each.gold or asked.only in each.step)
    for row in measure(chosen, asked.data, scorer):
        sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
