"""Measure the shipped model through the code that runs it, on files that never taught it.

    python -m models.train.measure --data DATA [--model FOLDER] [--only NAME] [--said FOLDER] [--plot SVG]

One JSON object a line. With --said, the answers are kept there, one line an article, for another scorer.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from models.train.reliability import Tenth, drawn, tenths
from schemas.annotations import Entity
from schemas.message import Span
from services.enrich.entities import Mention, find_entities
from services.enrich.language_model import MODEL_FOLDER, LanguageModel, StanceAsk
from services.enrich.sentences import split_sentences
from services.enrich.stance import find_stances, leaning, stance_of

Row = dict[str, Any]
ARTICLES = 200
NAMES = ("conll2003pp", "crossner_politics")
STANCES = ("newsmtsc.dev_rw", "newsmtsc.dev_mt", "dse.dev")


def main() -> None:
    """Measure names, then stances."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--only", default="")
    parser.add_argument("--said", type=Path)
    parser.add_argument("--plot", type=Path, help="draw what the shares of stances are worth (SVG)")
    asked = parser.parse_args()
    model = LanguageModel(asked.model)
    files = {f"ner/{name}.dev": (names_of, names_score) for name in NAMES}
    files |= {f"stance/{name}": (stance_in, stance_score) for name in STANCES}
    files["stance/persent.dev"] = (tone_of, stance_score)
    for file, (answer, score) in files.items():
        if asked.only in file:
            rows = list(_rows(asked.data / f"{file}.jsonl"))
            began = time.process_time()
            said = [answer(row, model) for row in rows]
            spent = (time.process_time() - began) / len(rows) * 1000
            print(json.dumps({"file": file, **score(rows, said), "cpu_ms_a_row": round(spent, 2)}), flush=True)
            if asked.said:
                _keep(asked.said / f"{Path(file).name}.jsonl", rows, said)
    if asked.plot:
        worth = {name: reliability([*_rows(asked.data / f"stance/{name}.jsonl")], model) for name in STANCES}
        asked.plot.write_text(drawn("stances", worth), encoding="utf-8")
        print(json.dumps({"worth": worth}))
    if asked.only in "load" and (asked.data / "load.jsonl.gz").exists():
        print(json.dumps({"file": "load", **cost(asked.data / "load.jsonl.gz", asked.model)}))


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def names_of(row: Row, model: LanguageModel) -> Row:
    """The names in one article."""
    mentions = find_entities("", row["text"], split_sentences(row["text"]), model)
    return {"entities": [{"start": m.start, "end": m.end, "kind": m.kind, "name": m.name} for m in mentions]}


def stance_in(row: Row, model: LanguageModel) -> Row:
    """The stance that one row asks for."""
    source = (row["source_start"], row["source_end"]) if row.get("source") else (None, None)
    label, polarity = stance_of(row["text"], row["target_start"], row["target_end"], *source, model=model)
    return {"label": label, "polarity": polarity}


def reliability(rows: list[Row], model: LanguageModel) -> list[Tenth]:
    """How often the likeliest stance is right, by the share that it was given."""
    judged = []
    for row in rows:
        source = (row["source_start"], row["source_end"]) if row.get("source") else None
        [shares] = model.score_stances([StanceAsk(row["text"], (row["target_start"], row["target_end"]), source)])
        shares = leaning(shares, directed=source is not None)
        said = max(range(3), key=shares.__getitem__)
        judged.append((shares[said], float(said - 1 == row["label"]), 1))
    return tenths(judged)


def tone_of(row: Row, model: LanguageModel) -> Row:
    """The outlet's tone toward the one person or organization that a whole article is about, found by its last word."""
    text, word = row["text"], re.escape(row["target"].split()[-1])
    spans = tuple(Span(start=match.start(), end=match.end()) for match in re.finditer(word, text))
    if not spans:
        return {"label": 0, "polarity": 0.0}
    target = Entity(id="target", name=row["target"], kind="person", spans=spans, salience=1.0)
    said = [stance.polarity for stance in find_stances(text, split_sentences(text), [target], model)]
    return {"label": (said[0] > 0) - (said[0] < 0) if said else 0, "polarity": said[0] if said else 0.0}


def names_score(rows: list[Row], said: list[Row]) -> Row:
    """F1 of exact span and kind, over all mentions, without kind `other`, and by kind."""
    return {
        "f1": _names_f1(rows, said, lambda _: True),
        "f1_without_other": _names_f1(rows, said, lambda kind: kind != "other"),
        **{
            kind: _names_f1(rows, said, lambda asked, kind=kind: asked == kind)  # type: ignore[misc]
            for kind in ("person", "organization", "location", "other")
        },
    }


def _names_f1(rows: list[Row], said: list[Row], keep: Callable[[str], bool]) -> float:
    right = claimed = there = 0
    for row, answer in zip(rows, said, strict=True):
        gold = {(e["start"], e["end"], e["kind"]) for e in row["entities"] if keep(e["kind"])}
        found = {(e["start"], e["end"], e["kind"]) for e in answer["entities"] if keep(e["kind"])}
        right, claimed, there = right + len(gold & found), claimed + len(found), there + len(gold)
    return round(2 * right / (claimed + there), 4)


def stance_score(rows: list[Row], said: list[Row]) -> Row:
    """Macro F1 over against, neutral and for."""
    pairs = Counter((row["label"], answer["label"]) for row, answer in zip(rows, said, strict=True))
    scores = {
        name: 2
        * pairs[label, label]
        / max(1, sum(n for (gold, found), n in pairs.items() for side in (gold, found) if side == label))
        for name, label in (("against", -1), ("neutral", 0), ("for", 1))
    }
    claimed = {
        f"{name}_right": round(
            pairs[label, label] / max(1, sum(n for (_, found), n in pairs.items() if found == label)), 3
        )
        for name, label in (("against", -1), ("for", 1))
    }
    return {
        "macro_f1": round(sum(scores.values()) / 3, 4),
        **claimed,
        **{name: round(f1, 4) for name, f1 in scores.items()},
    }


def cost(load: Path, folder: Path) -> Row:
    """CPU time an article by step, on 200 whole articles, by a model that has read none of them before."""
    model = LanguageModel(folder)
    spent: Counter[str] = Counter()
    words = 0
    with gzip.open(load, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in itertools.islice(lines, ARTICLES)]
    for row in rows:
        clock = [time.process_time()]
        sentences = split_sentences(row["text"])
        clock.append(time.process_time())
        mentions = find_entities(row["title"], row["text"], sentences, model)
        clock.append(time.process_time())
        find_stances(row["text"], sentences, _grouped(mentions), model)
        clock.append(time.process_time())
        spent.update(dict(zip(("sentences", "names", "stances"), (b - a for a, b in pairwise(clock)), strict=True)))
        words += len(row["text"].split())
    cpu = {f"{step}_cpu_ms": round(1000 * seconds / len(rows), 2) for step, seconds in spent.items()}
    return {
        "articles": len(rows),
        "words": words // len(rows),
        **cpu,
        "asks": round(model.scored.misses / len(rows), 1),
    }


def _grouped(mentions: list[Mention]) -> list[Entity]:
    """Entities by their words alone, people by their last: enough to know what the asking costs."""
    found: dict[tuple[str, str], list[Mention]] = {}
    for mention in mentions:
        name = mention.name.split()[-1] if mention.kind == "person" else mention.name
        found.setdefault((name, mention.kind), []).append(mention)
    return [
        Entity(
            id=f"{kind}:{name}",
            name=name,
            kind=said[0].kind,
            spans=tuple(Span(start=one.start, end=one.end) for one in said),
            salience=min(1.0, len(said) / 10),
        )
        for (name, kind), said in found.items()
    ]


def _keep(path: Path, rows: list[Row], said: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as lines:
        for row, answer in zip(rows, said, strict=True):
            lines.write(json.dumps({"id": row["id"], **answer}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
