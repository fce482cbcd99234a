"""Train the ranker of actors on articles with marked ids, and say by folds how well it links articles it has not seen.

    python -m models.train.actor_ranker --gold EL/*.jsonl [--mentions FOLDER] [--folds] [--out models/actors]

With --mentions, the names that the tagger finds are kept there between runs. A link counts as right where its words and
its id are the marked ones, each mention by itself; a mention that is marked for nothing counts as wrong.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from models.train.actor_examples import Read, is_sentence, marked_articles, pieces_of, read_article
from models.train.trees import as_onnx
from services.enrich.actor_company import with_company
from services.enrich.candidates import Numbers, Senses
from services.enrich.knowledge import ActorTable

ACTORS = Path(__file__).parents[1] / "actors"

ALIKE = {"learning_rate": 0.06, "min_samples_leaf": 20, "max_features": 0.3, "max_bins": 64}
"""Of either pass: few numbers at a split, and these in coarse steps, keep trees from learning 250 articles by heart."""

FIRST = ALIKE | {"max_iter": 180, "max_depth": 9, "max_leaf_nodes": 48, "l2_regularization": 1.0}
SECOND = ALIKE | {"max_iter": 140, "max_depth": 6, "max_leaf_nodes": 24, "l2_regularization": 5.0}

SENTENCES = 0.3
"""What an example from single sentences, or a piece of an article, weighs beside one from a whole one."""

HELPING = {0: 1}
"""Of the numbers that no text changes, that which can only help: the share of links."""

HELPING_FROM_END = {-14: 1, -12: 1, -11: 1, -10: 1, -3: 1, -2: -1}
"""Of the last numbers: the kind agrees, words are met, the country is spoken of, a longer name means it or another."""

WANTED = {"plain": 0.91, "sports": 0.9}
"""The share of links that must be right; what the rules add to these is right a little less often."""


@dataclass(frozen=True)
class Link:
    """The best candidate of one name: its chance, the name's mentions, and how many of these it is right for."""

    source: str
    sportive: bool
    chance: float
    counted: int
    right: int


@dataclass(frozen=True)
class Passes:
    """Both passes, as they were trained."""

    first: HistGradientBoostingClassifier
    second: HistGradientBoostingClassifier

    def links(self, article: Read) -> list[Link]:
        """What each name of an article would be linked to."""
        if not len(article.rows):
            return []
        chances = _chances(self.second, _again(article, self.first))
        found, start = [], 0
        for counted, right in zip(article.counted, article.right, strict=True):
            share = chances[start : start + len(right)]
            start += len(right)
            if right:
                best = int(np.argmax(share))
                found.append(Link(article.source, article.sportive, float(share[best]), counted, right[best]))
        return found


def main() -> None:
    """Read the arguments; report by folds, or train on all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, nargs="+", required=True)
    parser.add_argument("--table", type=Path, default=ACTORS / "actors.sqlite.zst")
    parser.add_argument("--mentions", type=Path)
    parser.add_argument("--folds", action="store_true")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    table = ActorTable.open(asked.table)
    known = Senses(table)
    articles: list[Read] = []
    pieces: list[list[Read]] = []
    for path in asked.gold:
        for row, mentions in marked_articles(path, asked.mentions):
            articles.append(read_article(row, mentions, path.stem, table, known))
            pieces.append([read_article(*piece, path.stem, table, known) for piece in pieces_of(row, mentions)])
            for each in pieces[-1]:
                each.piece = True
    sure, unseen = cross_validated(articles, pieces)
    print(json.dumps({"folds": {**scores(unseen, articles, sure), "sure": sure}}), flush=True)
    if asked.folds:
        transfers(articles, pieces, sure)
    if asked.out:
        passes = train([*articles, *chain.from_iterable(pieces)])
        width = articles[0].rows.shape[1]
        (asked.out / "ranker_first.onnx").write_bytes(as_onnx(passes.first, width))
        (asked.out / "ranker_second.onnx").write_bytes(
            as_onnx(passes.second, _again(articles[0], passes.first).shape[1])
        )
        (asked.out / "ranker.json").write_text(json.dumps(sure) + "\n", "utf-8")


def train(articles: Sequence[Read]) -> Passes:
    """Train the first pass; let it judge articles that it did not see; train the second on what it says of them."""
    order = np.random.RandomState(7).permutation(len(articles))
    again: list[tuple[Read, Numbers]] = []
    for part in range(3):
        judge = _fit([(articles[i], articles[i].rows) for n, i in enumerate(order) if n % 3 != part], FIRST)
        again += [(articles[i], _again(articles[i], judge)) for i in order[part::3] if len(articles[i].rows)]
    return Passes(_fit([(article, article.rows) for article in articles], FIRST), _fit(again, SECOND))


def _fit(examples: Sequence[tuple[Read, Numbers]], how: dict[str, Any]) -> HistGradientBoostingClassifier:
    rows, shares, weights = [], [], []
    for article, numbers in examples:
        if not len(numbers):
            continue
        rows.append(numbers)
        for counted, right in zip(article.counted, article.right, strict=True):
            shares += [one / counted if counted else 0.0 for one in right]
            # Mentions of one actor are no examples of their own: their weight grows with the root.
            weights += [counted**0.5 * (SENTENCES if article.piece or is_sentence(article.source) else 1.0)] * len(
                right
            )
    share, weight = np.array(shares), np.array(weights)
    given = np.concatenate((weight * share, weight * (1 - share)))
    wanted = np.repeat([1, 0], len(share))
    both = np.vstack((np.vstack(rows), np.vstack(rows)))
    helps = np.zeros(both.shape[1], dtype=np.int8)
    first_width = examples[0][0].rows.shape[1]
    # The second pass has its own numbers after those of the first.
    for place, sign in (*HELPING.items(), *((place + first_width, sign) for place, sign in HELPING_FROM_END.items())):
        helps[place] = sign
    model = HistGradientBoostingClassifier(early_stopping=False, random_state=0, monotonic_cst=helps, **how)
    return model.fit(both[given > 0], wanted[given > 0], sample_weight=given[given > 0])


def _chances(judge: HistGradientBoostingClassifier, rows: Numbers) -> Numbers:
    return np.asarray(judge.predict_proba(rows)[:, 1])


def _again(article: Read, judge: HistGradientBoostingClassifier) -> Numbers:
    again = with_company(article.rows, _chances(judge, article.rows), article.groups, article.senses)
    return np.asarray(again.astype(np.float32))


def cross_validated(
    articles: Sequence[Read], pieces: Sequence[Sequence[Read]], parts: int = 4
) -> tuple[dict[str, float], list[Link]]:
    """What was linked in articles that were not trained on, and the chances from which enough of it was right."""
    order = np.random.RandomState(3).permutation(len(articles))
    unseen: list[Link] = []
    for part in range(parts):
        passes = train([each for n, i in enumerate(order) if n % parts != part for each in (articles[i], *pieces[i])])
        unseen += [link for i in order[part::parts] for link in passes.links(articles[i])]
    whole = [link for link in unseen if not is_sentence(link.source)]
    plain, sports = ([link for link in whole if link.sportive is sportive] for sportive in (False, True))
    return {"plain": sure_from(plain, WANTED["plain"]), "sports": sure_from(sports, WANTED["sports"])}, unseen


def sure_from(links: Sequence[Link], wanted: float) -> float:
    """The lowest chance from which the wanted share of mentions is right."""
    counted = right = 0
    sure = 1.0
    for link in sorted(links, key=lambda link: -link.chance):
        counted, right = counted + link.counted, right + link.right
        if counted and right / counted >= wanted:
            sure = link.chance
    return round(sure, 3)


def scores(links: Sequence[Link], articles: Sequence[Read], sure: dict[str, float]) -> dict[str, Any]:
    """Precision, recall and F1 by set, with every marked mention to be found."""
    told = {}
    for source in sorted({link.source for link in links}):
        given = [
            link
            for link in links
            if link.source == source and link.chance >= sure["sports" if link.sportive else "plain"]
        ]
        right, counted = sum(link.right for link in given), sum(link.counted for link in given)
        marked = sum(article.marked for article in articles if article.source == source)
        precision, recall = right / max(1, counted), right / max(1, marked)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        told[source] = {"p": round(precision, 3), "r": round(recall, 3), "f1": round(f1, 3)}
    return told


def transfers(articles: Sequence[Read], pieces: Sequence[Sequence[Read]], sure: dict[str, float]) -> None:
    """Train on one set of whole articles, and link the other."""
    sources = sorted({article.source for article in articles if not is_sentence(article.source)})
    for pair in combinations(sources, 2):
        for seen, other in (pair, pair[::-1]):
            passes = train(
                [
                    each
                    for article, parts in zip(articles, pieces, strict=True)
                    if article.source != other
                    for each in (article, *parts)
                ]
            )
            links = [link for article in articles if article.source == other for link in passes.links(article)]
            print(json.dumps({"trained without": other, "seen": seen, **scores(links, articles, sure)}))


if __name__ == "__main__":
    main()
