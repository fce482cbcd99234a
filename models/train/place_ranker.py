"""Train the place ranker on marked articles, and say by folds how well it does on articles that it has not seen.

python -m models.train.place_ranker --gold lgl.jsonl gwn.jsonl [--out models/gazetteer/ranker.npz] [--folds]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from services.enrich.gazetteer import Gazetteer
from services.enrich.place_evidence import Evidence, Reading
from services.enrich.place_ranker import Network, Ranker, shares_of
from services.enrich.place_senses import Group, Numbers
from services.enrich.places import group_names

NEAR_KM = 161.0
HIDDEN, TRAININGS, EPOCHS, RATE, DECAY, DROP = 16, 3, 120, 6e-3, 3e-4, 0.1


@dataclass
class Read:
    """One article as the ranker meets it, with what is right: for each group which rows, and how many mentions."""

    id: str
    outlet: str
    text: str
    groups: list[Group]
    right: list[Numbers]
    exact: list[Numbers]
    mentions: list[int]
    unknown: int
    reading: Reading | None
    rows: Numbers


def main() -> None:
    """Read the arguments; train on all, or report by folds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--folds", action="store_true")
    asked = parser.parse_args()
    evidence = Evidence(Gazetteer.open())
    sets = {path.stem: read_gold(path, evidence) for path in asked.gold}
    if asked.folds:
        report(sets, evidence)
    if asked.out:
        ranker = train([each for articles in sets.values() for each in articles])
        save(ranker, asked.out)


def read_gold(path: Path, evidence: Evidence) -> list[Read]:
    """Group the gold mentions of each article as `places` does, and mark the candidates that are right."""
    articles = []
    for line in filter(None, path.read_text(encoding="utf-8").split("\n")):
        facts = json.loads(line)
        gold = [mark for mark in facts["toponyms"] if mark.get("lat") is not None]
        groups, numbers = group_names(facts["text"], [(mark["start"], mark["end"]) for mark in gold], evidence)
        right, exact, mentions = [], [], []
        for index, group in enumerate(groups):
            meant = [mark for mark, number in zip(gold, numbers, strict=True) if number == index]
            near = np.array([_km(group, mark) for mark in meant]) <= NEAR_KM
            same = np.array([[c.geonames == mark.get("geonameid") for c in group.sense.candidates] for mark in meant])
            right.append(_with_none(near.mean(axis=0)))
            exact.append(_with_none(same.mean(axis=0)))
            mentions.append(len(meant))
        reading = evidence.read(facts["text"], groups) if groups else None
        rows = reading.rows() if reading else np.zeros((0, 0))
        outlet = facts.get("domain") or facts["id"]
        articles.append(
            Read(
                str(facts["id"]),
                outlet,
                facts["text"],
                groups,
                right,
                exact,
                mentions,
                numbers.count(None),
                reading,
                rows,
            )
        )
    return articles


def _with_none(share: Numbers) -> Numbers:
    return np.append(share, 1.0 - share.max())


def _km(group: Group, mark: dict[str, Any]) -> Numbers:
    lat, lon = np.radians(mark["lat"]), np.radians(mark["lon"])
    there = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return np.asarray(12742 * np.arcsin(np.minimum(1.0, np.linalg.norm(group.sense.points - there, axis=1) / 2)))


def train(articles: Sequence[Read]) -> Ranker:
    """Train the first pass; let it judge articles that it did not see; train the second on what it says of them."""
    first = fit(articles, [article.rows for article in articles])
    beliefs: dict[str, Numbers] = {}
    for part in range(3):
        unseen = [a for a in articles if hash_of(a.outlet) % 3 == part]
        network = fit([a for a in articles if hash_of(a.outlet) % 3 != part], None)
        for article in unseen:
            if article.groups:
                shares = shares_of(network.scores(article.rows), article.groups)
                beliefs[article.id] = np.concatenate([each[:-1] for each in shares])
    again = [a.reading.rows(beliefs[a.id]) if a.reading else a.rows for a in articles]
    return Ranker(first, fit(articles, again))


def hash_of(outlet: str) -> int:
    """The same number for the same outlet in every run."""
    return sum(ord(sign) * (place + 7) for place, sign in enumerate(outlet))


def fit(articles: Sequence[Read], rows: Sequence[Numbers] | None) -> Network:
    """Softmax over each group's candidates, Adam, full batches; several seeds, averaged into one wider layer."""
    tables = [article.rows for article in articles] if rows is None else rows
    table = np.vstack([each for each in tables if each.size])
    groups = [
        (right, exact, count)
        for a in articles
        for right, exact, count in zip(a.right, a.exact, a.mentions, strict=True)
    ]
    right = np.concatenate([each[0] for each in groups])
    exact = np.concatenate([each[1] for each in groups])
    owner = np.repeat(np.arange(len(groups)), [len(each[0]) for each in groups])
    weight = np.sqrt(np.array([each[2] for each in groups], dtype=float))
    mean, scale = table.mean(axis=0), table.std(axis=0) + 1e-2
    table = ((table - mean) / scale).astype(np.float32)
    nets = [_descend(table, owner, right, exact, weight, seed) for seed in range(TRAININGS)]
    return Network(
        mean,
        scale,
        np.hstack([net[0] for net in nets]),
        np.concatenate([net[1] for net in nets]),
        np.concatenate([net[2] for net in nets]) / len(nets),
    )


def _descend(
    table: Numbers, owner: NDInt, right: Numbers, exact: Numbers, weight: Numbers, seed: int
) -> tuple[Numbers, Numbers, Numbers]:
    draw = np.random.default_rng(seed)
    width = table.shape[1]
    parts = [draw.normal(0, (2 / width) ** 0.5, (width, HIDDEN)), np.zeros(HIDDEN), draw.normal(0, 0.1, HIDDEN)]
    parts = [part.astype(np.float32) for part in parts]
    moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parts]
    starts = np.flatnonzero(np.r_[True, np.diff(owner) > 0])
    for step in range(1, EPOCHS + 1):
        seen = table * np.where(draw.random(width) > DROP, 1, 0).astype(np.float32)
        raw = seen @ parts[0] + parts[1]
        hidden = np.maximum(raw, 0)
        scores = hidden @ parts[2]
        share = _by_group(scores, owner, starts)
        aim = 0.8 * _aim(share, right, owner, starts) + 0.2 * _aim(share, exact, owner, starts)
        slope = ((share - aim) * weight[owner] / weight.sum()).astype(np.float32)
        back = (slope[:, None] * parts[2]) * (raw > 0)
        slopes = [seen.T @ back, back.sum(axis=0), hidden.T @ slope]
        rate = RATE * min(1.0, 2 * (1 - step / (EPOCHS + 1)))
        for index, grad in enumerate(slopes):
            grad = grad + DECAY * parts[index]
            one, two = moments[index]
            one, two = 0.9 * one + 0.1 * grad, 0.99 * two + 0.01 * grad**2
            moments[index] = (one, two)
            parts[index] = parts[index] - rate * (one / (1 - 0.9**step)) / (np.sqrt(two / (1 - 0.99**step)) + 1e-8)
    return parts[0], parts[1], parts[2]


NDInt = np.ndarray[Any, np.dtype[np.int64]]


def _by_group(scores: Numbers, owner: NDInt, starts: NDInt) -> Numbers:
    risen = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
    return np.asarray(risen / np.add.reduceat(risen, starts)[owner])


def _aim(share: Numbers, right: Numbers, owner: NDInt, starts: NDInt) -> Numbers:
    """What the probabilities should have been: all on the right ones, split as they are split now."""
    mass = share * right + 1e-9 * (right > 0)
    return np.asarray(mass / np.maximum(np.add.reduceat(mass, starts)[owner], 1e-12))


def report(sets: dict[str, list[Read]], evidence: Evidence) -> None:
    """Five folds by outlet within each set with the others always in, and each set from the others alone."""
    for name, articles in sets.items():
        others = [each for other, rest in sets.items() if other != name for each in rest]

        def judged_by_folds(name: str = name, articles: list[Read] = articles, others: list[Read] = others) -> None:
            judged = []
            for fold in range(5):
                ranker = train([a for a in articles if hash_of(a.outlet) % 5 != fold] + others)
                judged += [judge(ranker, a, evidence) for a in articles if hash_of(a.outlet) % 5 == fold]
            show(f"{name}, five folds by outlet", judged)

        judged_by_folds()
        if others:
            ranker = train(others)
            show(f"{name} from the others", [judge(ranker, a, evidence) for a in articles])


def judge(ranker: Ranker, article: Read, evidence: Evidence) -> list[tuple[float, float, int]]:
    """For each group the confidence of the best candidate, whether it is right, and the mentions it stands for."""
    judged = [(0.0, 0.0, article.unknown)]
    for share, right, count in zip(
        ranker.probabilities(article.text, article.groups, evidence), article.right, article.mentions, strict=True
    ):
        best = int(np.argmax(share[:-1]))
        judged.append((float(share[best]), float(right[best]), count))
    return judged


def show(title: str, judged: Iterable[list[tuple[float, float, int]]]) -> None:
    """Accuracy over mentions, and how far the confidence can be believed."""
    flat = np.array([each for article in judged for each in article])
    right = (flat[:, 1] * flat[:, 2]).sum() / flat[:, 2].sum()
    bins = []
    for low in np.arange(0, 1, 0.1):
        inside = (flat[:, 0] >= low) & (flat[:, 0] < low + 0.1 + 1e-9) & (flat[:, 0] > 0)
        if flat[inside, 2].sum() > 0:
            bins.append(
                f"{low:.1f}:{np.average(flat[inside, 1], weights=flat[inside, 2]):.2f}({int(flat[inside, 2].sum())})"
            )
    print(f"{title}: {right:.4f} of {int(flat[:, 2].sum())}  {' '.join(bins)}", flush=True)


def save(ranker: Ranker, path: Path) -> None:
    """Keep both passes in half the size that training used."""
    kept = {}
    for which in ("first", "second"):
        for name in ("mean", "scale", "into", "bias", "out"):
            kept[f"{which}_{name}"] = getattr(getattr(ranker, which), name).astype(np.float32)
    np.savez_compressed(path, **kept)


if __name__ == "__main__":
    main()
