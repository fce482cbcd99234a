"""Train what chooses between places of one name, and what says whether a name means a place at all.

    python -m models.train.place_ranker --gold lgl.jsonl gwn.jsonl [--out models/gazetteer/ranker.npz] [--folds]

`--folds` reports on articles that were not trained on: five folds by outlet, and each set from the other alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.train.descent import BATCHES, Loss, descend
from models.train.place_examples import NEAR_KM, Marked, View, given, homes, km_to, mark_at, part_of, raw, read_gold
from models.train.place_namesakes import planted
from models.train.place_report import Answer, Scored, show
from models.train.reliability import Tenth, drawn
from services.enrich.gazetteer import Gazetteer
from services.enrich.place_evidence import Evidence
from services.enrich.place_mentions import Possible
from services.enrich.place_ranker import Network, Ranker, shares_of
from services.enrich.place_reasons import Judged
from services.enrich.place_recognition import Recogniser, evidence_of
from services.enrich.place_senses import Numbers
from services.enrich.places import Seen, judged_by, tell

FOLDS = 5


@dataclass(frozen=True)
class Article:
    """One marked article: given its mentions, from the raw text, and with the outlet's country beside it."""

    marked: Marked
    given: View
    raw: View
    at_home: View | None
    planted: tuple[View, ...]
    possible: list[Possible]
    people: frozenset[str]

    @property
    def outlet(self) -> str:
        return self.marked.outlet

    @property
    def views(self) -> Sequence[View]:
        """All that is learned from."""
        return [self.given, self.raw, *([self.at_home] if self.at_home else []), *self.planted]


def main() -> None:
    """Read the arguments; report by folds, train on all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, nargs="+", required=True)
    parser.add_argument("--mentions", type=Path, help="a folder to keep what the names model finds, and to find it in")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--folds", action="store_true", help="report on articles that were not trained on")
    parser.add_argument("--plot", type=Path, help="draw what the confidence by folds is worth (SVG)")
    parser.add_argument("--trainings", type=int, default=3, help="networks a pass, averaged")
    parser.add_argument("--quick", action="store_true", help="the five folds only")
    asked = parser.parse_args()
    evidence = Evidence(Gazetteer.open())
    sets = {}
    for path in asked.gold:
        marked = read_gold(path, asked.mentions)
        known = homes(marked)
        sets[path.stem] = [read(each, evidence, known.get(each.outlet)) for each in marked]
    everything = [each for articles in sets.values() for each in articles]
    rankers: list[Ranker] = []
    if asked.folds or asked.out:
        rankers = [
            train_ranker([a for a in everything if part_of(a.outlet, FOLDS) != fold], asked.trainings)
            for fold in range(FOLDS)
        ]
    if asked.folds:
        worth = report_folds(sets, rankers)
        if asked.plot:
            asked.plot.write_text(drawn("Places from raw text, by folds", worth), encoding="utf-8")
        if not asked.quick:
            report_transfer(sets, asked.trainings)
    if asked.out:
        seen = [look(rankers[part_of(a.outlet, FOLDS)], a) for a in everything]
        save(train_ranker(everything, asked.trainings), fit_recogniser(everything, seen), asked.out)


def read(marked: Marked, evidence: Evidence, home: str | None) -> Article:
    """All views of an article; every other one is also read as if the outlet's country were known."""
    view, possible, people = raw(marked, evidence)
    at_home = raw(marked, evidence, home)[0] if home and len(marked.text) % 2 else None
    return Article(marked, given(marked, evidence), view, at_home, tuple(plant(marked, evidence)), possible, people)


def plant(marked: Marked, evidence: Evidence) -> Iterable[View]:
    """The article again, with namesakes planted in it: given its mentions, and from the raw text."""
    for again in planted(marked, evidence.gazetteer, np.random.default_rng(len(marked.text))):
        yield given(again, evidence)
        yield raw(again, evidence)[0]


def train_ranker(articles: Sequence[Article], trainings: int) -> Ranker:
    """Train the first pass; let it judge articles that it did not see; train the second on what it says of them."""
    views = [view for a in articles for view in a.views if view.reading]
    first = fit(views, [view.rows for view in views], trainings)
    networks = [
        fit(rest, [v.rows for v in rest], 1)
        for part in range(3)
        if (rest := [v for v in views if part_of(v.outlet, 3) != part])
    ]
    again = []
    for view in views:
        shares = shares_of(networks[part_of(view.outlet, 3)].scores(view.rows), view.groups)
        again.append(view.reading.rows(np.concatenate([each[:-1] for each in shares])) if view.reading else view.rows)
    return Ranker(first, fit(views, again, trainings))


def fit(views: Sequence[View], rows: Sequence[Numbers], trainings: int) -> Network:
    """Softmax over each group's candidates; the groups that count for nothing are left out."""
    tables, right, exact, weight = [], [], [], []
    for view, table in zip(views, rows, strict=True):
        ends = np.cumsum([len(each) for each in view.right])[:-1]
        for part, r, e, w in zip(np.split(table, ends), view.right, view.exact, view.weights, strict=True):
            if w > 0:
                tables.append(part)
                right.append(r)
                exact.append(e)
                weight.append(w)
    batches: list[tuple[slice, Loss]] = []
    ordered: list[Numbers] = []
    at = 0
    for chosen in np.array_split(np.random.default_rng(0).permutation(len(tables)), BATCHES):
        ordered += [tables[index] for index in chosen]
        length = sum(len(tables[index]) for index in chosen)
        loss = _choosing([right[i] for i in chosen], [exact[i] for i in chosen], np.array([weight[i] for i in chosen]))
        batches.append((slice(at, at + length), loss))
        at += length
    return descend(np.vstack(ordered), batches, trainings)


def _choosing(rights: Sequence[Numbers], exacts: Sequence[Numbers], weight: Numbers) -> Loss:
    """How wrong the choice within each group is: mostly by distance, a fifth by the very id."""
    owner = np.repeat(np.arange(len(rights)), [len(each) for each in rights])
    right, exact = np.concatenate(rights), np.concatenate(exacts)
    starts = np.flatnonzero(np.r_[True, np.diff(owner) > 0])
    weigh = weight[owner] / weight.sum()

    def slope(scores: Numbers) -> Numbers:
        risen = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        share = risen / np.add.reduceat(risen, starts)[owner]
        aim = np.zeros_like(share)
        for part, known in ((0.8, right), (0.2, exact)):
            # all on the right ones, split as they are split now
            mass = share * known + 1e-9 * (known > 0)
            aim += part * mass / np.maximum(np.add.reduceat(mass, starts)[owner], 1e-12)
        return np.asarray((share - aim) * weigh)

    return slope


def look(ranker: Ranker, article: Article) -> list[Judged | None]:
    """For each possible mention what the ranker makes of it."""
    if article.raw.reading is None:
        return [None] * len(article.possible)
    shares = ranker.read(article.raw.reading, article.raw.groups)
    judged = judged_by(article.raw.groups, shares)
    return [None if number is None else judged[number] for number in article.raw.numbers]


def fit_recogniser(articles: Sequence[Article], seen: Sequence[list[Judged | None]]) -> Recogniser:
    """Learn which mentions are right, from what rankers that had not seen the article made of them."""
    tables, right, weight = [], [], []
    for article, judged in zip(articles, seen, strict=True):
        rows = evidence_of(article.marked.text, article.possible, judged, article.people)
        for row, each, meant in zip(rows, article.possible, judged, strict=True):
            if meant is None:
                continue
            mark = mark_at(article.marked.marks, each.start, each.end)
            tables.append(row)
            right.append(is_right(meant, mark))
            untaught = mark is not None and mark.get("lat") is None
            untaught |= article.marked.is_untaught(each.start, each.end)
            weight.append(0.0 if untaught else 1.0)
    order = np.random.default_rng(0).permutation(len(tables))
    table, aim, weigh = np.vstack(tables)[order], np.array(right, dtype=float)[order], np.array(weight)[order]
    ends = [len(part) for part in np.array_split(order, BATCHES)]
    parts = [slice(end - length, end) for end, length in zip(np.cumsum(ends).tolist(), ends, strict=True)]
    batches = [(part, _deciding(aim[part], weigh[part])) for part in parts]
    return Recogniser(descend(table, batches, 3))


def _deciding(aim: Numbers, weight: Numbers) -> Loss:
    """How far the probability of each is from what was right."""
    return lambda scores: np.asarray((1 / (1 + np.exp(-scores)) - aim) * weight / weight.sum())


def is_right(judged: Judged, mark: dict[str, object] | None) -> bool:
    """Whether a marked place is within 161 km of the likeliest."""
    if mark is None or mark.get("lat") is None:
        return False
    return bool(km_to(judged.group, mark)[int(np.argmax(judged.shares))] <= NEAR_KM)


def report_folds(sets: dict[str, list[Article]], rankers: Sequence[Ranker]) -> dict[str, list[Tenth]]:
    """Each fifth by what was trained on the other four, both sets together; gives back what confidence is worth."""
    drawn_from = {}
    everything = [each for articles in sets.values() for each in articles]
    seen = {id(a): look(rankers[part_of(a.outlet, FOLDS)], a) for a in everything}
    answers: dict[int, Scored] = {}
    for fold in range(FOLDS):
        rest = [a for a in everything if part_of(a.outlet, FOLDS) != fold]
        recogniser = fit_recogniser(rest, [seen[id(a)] for a in rest])
        for a in everything:
            if part_of(a.outlet, FOLDS) == fold:
                answers[id(a)] = scored(a, seen[id(a)], recogniser, rankers[fold])
    for name, articles in sets.items():
        drawn_from[name] = show(f"{name}, five folds by outlet", [answers[id(a)] for a in articles])
    return drawn_from


def report_transfer(sets: dict[str, list[Article]], trainings: int) -> None:
    """Each set from all the others alone."""
    for name, articles in sets.items():
        others = [each for other, rest in sets.items() if other != name for each in rest]
        if not others:
            continue
        parts = [train_ranker([a for a in others if part_of(a.outlet, 3) != part], trainings) for part in range(3)]
        ranker = train_ranker(others, trainings)
        recogniser = fit_recogniser(others, [look(parts[part_of(a.outlet, 3)], a) for a in others])
        show(f"{name} from the others", [scored(a, look(ranker, a), recogniser, ranker) for a in articles])


def scored(article: Article, seen: list[Judged | None], recogniser: Recogniser, ranker: Ranker) -> Scored:
    """What is told of an article from its raw text, and what is answered for its marked mentions."""
    shares = recogniser.probabilities(article.marked.text, article.possible, seen, article.people)
    told = [
        Answer(each.start, each.end, float(share), meant.best.lat, meant.best.lon)
        for each, meant, share in zip(article.possible, seen, shares, strict=True)
        if meant is not None
    ]
    return Scored(
        article.marked.id,
        article.marked.text,
        article.marked.marks,
        told,
        sorted(_as_annotated(article, seen, shares), key=lambda each: each.start),
        list(_given(article.given, ranker)),
    )


def _as_annotated(article: Article, seen: list[Judged | None], shares: Numbers) -> Iterable[Answer]:
    """What `locate` tells of the article, streets and buildings included."""
    text = article.marked.text
    told, spots = tell(text, article.marked.mentions, Seen(article.possible, seen, article.people), shares)
    for spot in spots:
        town = told[spot.number].judged.best
        yield Answer(spot.start, spot.end, spot.confidence, town.lat, town.lon)
    for each in told:
        if not any(spot.start <= each.mention.start < spot.end for spot in spots):
            best = each.judged.best
            yield Answer(each.mention.start, each.mention.end, each.confidence, best.lat, best.lon)


def _given(view: View, ranker: Ranker) -> Iterable[tuple[float, float, int]]:
    """For each group the confidence, the share of its mentions that is right, and how many they are."""
    yield 0.0, 0.0, view.marked - sum(view.counts)
    if view.reading is None:
        return
    shares = ranker.read(view.reading, view.groups)
    for judged, right, count in zip(judged_by(view.groups, shares), view.right, view.counts, strict=True):
        yield judged.confidence, float(right[int(np.argmax(judged.shares))]), count


def save(ranker: Ranker, recogniser: Recogniser, path: Path) -> None:
    """Keep all networks in half the size that training used."""
    networks = {"first": ranker.first, "second": ranker.second, "recognise": recogniser.network}
    kept = {
        f"{which}_{name}": getattr(network, name).astype(np.float32)
        for which, network in networks.items()
        for name in ("mean", "scale", "into", "bias", "out")
    }
    np.savez_compressed(path, **kept)


if __name__ == "__main__":
    main()
