"""Measure novelty on pairs of reports: is one that brings a new development told from one that tells the same?

    python -m models.train.novelty --data DATA [--kept FILE] [--disagreements 50]

DATA holds `novelty/pairs.dev.jsonl` and `stories/allsides_full.dev.jsonl`. Each pair is followed by itself, the earlier
report first, through the code that runs in the stream. Prints the area under the curve, of the same day and in all, and
with `--disagreements` the pairs that are furthest from their label. Articles once annotated are kept in FILE.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from schemas.annotations import AnnotatedArticle
from schemas.story import StoryMoment
from services.enrich.annotate import annotate
from services.enrich.batch import article_of
from services.enrich.follow import Measures, follow
from services.enrich.memory import Stories
from services.enrich.settings import EnrichSettings
from services.enrich.tools import Models
from services.settings import read_settings

WINDOW = timedelta(days=30)

Row = dict[str, Any]
Numbers = npt.NDArray[np.float64]


def main() -> None:
    """Annotate, follow each pair, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--disagreements", type=int, default=0)
    asked = parser.parse_args()
    settings = read_settings(EnrichSettings)
    pairs = [row for row in _rows(asked.data / "novelty" / "pairs.dev.jsonl") if row["label"] != "unrelated"]
    wanted = {row[side] for row in pairs for side in ("earlier", "later")}
    rows = [row for row in _rows(asked.data / "stories" / "allsides_full.dev.jsonl") if row["id"] in wanted]
    articles = _annotated(rows, asked.kept, settings)
    measures = Measures.read(settings.models_folder / "stories")
    moments = [followed(articles[row["earlier"]], articles[row["later"]], measures) for row in pairs]
    said = np.array([moment.novelty for moment in moments])
    is_new = np.array([row["label"] == "new_development" for row in pairs])
    within = np.array([row["days"] <= 1 for row in pairs])
    found = {"pairs": len(pairs), "new": int(is_new.sum()), "auc": round(area(said, is_new), 4)}
    found["auc_within_a_day"] = round(area(said[within], is_new[within]), 4)
    print(json.dumps(found))
    far = sorted(range(len(pairs)), key=lambda at: -abs(said[at] - is_new[at]))[: asked.disagreements]
    for at in far:
        told = [one.reason for one in moments[at].developments]
        print(json.dumps({**pairs[at], "novelty": float(said[at]), "developments": told}, ensure_ascii=False))


def followed(earlier: AnnotatedArticle, later: AnnotatedArticle, measures: Measures) -> StoryMoment:
    """The moment of the later report, when only the earlier is known."""
    stories = Stories(WINDOW, 10)
    first = follow(earlier, stories, measures)
    assert first.remembered is not None
    assert first.chronicle is not None
    stories.add(first.remembered, first.chronicle)
    return follow(later, stories, measures).enriched.moment


def area(scores: Numbers, positive: npt.NDArray[np.bool_]) -> float:
    """The area under the ROC curve: how often a positive has the higher score, equal ones by half."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(order))
    _, first, counts = np.unique(scores[order], return_index=True, return_counts=True)
    ranks[order] = np.repeat(first + (counts + 1) / 2, counts)
    of_positive = positive.sum()
    return float((ranks[positive].sum() - of_positive * (of_positive + 1) / 2) / (of_positive * (~positive).sum()))


def _annotated(rows: Sequence[Row], kept: Path | None, settings: EnrichSettings) -> Mapping[str, AnnotatedArticle]:
    if kept is not None and kept.exists():
        lines = kept.read_text("utf-8").splitlines()
        return {row["id"]: AnnotatedArticle.model_validate(row["annotated"]) for row in map(json.loads, lines)}
    tools = Models.load(settings).tools()
    articles = {}
    for done, row in enumerate(rows, 1):
        [articles[row["id"]]] = annotate([article_of(row)], tools)
        if done % 100 == 0:
            print(f"annotated {done} of {len(rows)}", flush=True)
    if kept is not None:
        lines = [json.dumps({"id": name, "annotated": one.model_dump(mode="json")}) for name, one in articles.items()]
        kept.write_text("\n".join(lines) + "\n", "utf-8")
    return articles


def _rows(path: Path) -> Iterable[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    main()
