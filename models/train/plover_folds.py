"""Measure by cross-validation how well cooperation is told from conflict, on PLOVER's sentences of conflict news.

    python -m models.train.plover_folds --data DATA --out OUT [--folds 5]

The shipped weights have seen all these sentences. Here the pretrained encoder learns stances from the other sets alone,
without any text of PLOVER's, is saved as OUT/base.pt, and then learns from all folds but one, whose pairs it is asked.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from models.train.examples import Example, each_alone, training_rows
from models.train.fitting import fit, packed, padded
from models.train.names_stance import pretrained, stances_loss, weighed
from models.train.network import NamesAndStance, load_pretrained
from services.enrich.wordpieces import WordPieces

MINUTES = 13
"""For the base; two passes, or as many batches as there is time for."""

PASSES, RATE = 5, 5e-5
AGAINST, FOR = 0, 2

Row = dict[str, Any]


def main() -> None:
    """Train the base, then each fold, and print how many pairs are right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args()
    torch.manual_seed(asked.seed)
    torch.set_num_threads(1)
    chance, pieces = random.Random(asked.seed), WordPieces(pretrained() / "tokenizer.json")
    asked.out.mkdir(parents=True, exist_ok=True)
    plover = training_rows(asked.data, "plover_plv")
    texts = sorted({row["text"] for row in plover})
    chance.shuffle(texts)
    fold_of = {text: number % asked.folds for number, text in enumerate(texts)}

    base = asked.out / "base.pt"
    if not base.exists():
        others = _others(asked.data, frozenset(texts), chance)
        network = NamesAndStance()
        load_pretrained(network, pretrained() / "model.safetensors")
        batches = [batch for _ in range(2) for batch in packed(each_alone(others, pieces, chance), chance)]
        chance.shuffle(batches)
        fit(network, batches, asked.out, MINUTES, loss_of)
        torch.save(network.state_dict(), base)

    right = asked_in_all = 0
    for fold in range(asked.folds):
        network = NamesAndStance()
        network.load_state_dict(torch.load(base, weights_only=True))
        learnt = [row for row in plover if fold_of[row["text"]] != fold]
        batches = [batch for _ in range(PASSES) for batch in packed(each_alone(learnt, pieces, chance), chance)]
        chance.shuffle(batches)
        fit(network, batches, asked.out, None, loss_of, rate=RATE)
        held = [row for row in plover if fold_of[row["text"]] == fold]
        right += _right(network, held, pieces, chance)
        asked_in_all += len(held)
        print(json.dumps({"fold": fold, "pairs": asked_in_all, "accuracy": round(right / asked_in_all, 4)}), flush=True)


def loss_of(network: NamesAndStance, batch: list[Example]) -> Tensor:
    """The cross entropy of a batch's stances."""
    ids, shapes, mask = padded(batch)
    return stances_loss(weighed(network, network.read(ids, shapes, mask), mask, batch), batch)


def _others(data: Path, left_out: frozenset[str], chance: random.Random) -> list[Row]:
    directed = training_rows(data, "dse")
    sided = [row for row in directed if row["label"]]
    neutral = chance.sample([row for row in directed if not row["label"]], len(sided))
    rows = [*training_rows(data, "newsmtsc"), *sided, *neutral]
    return [row for row in rows if row["text"] not in left_out]


def _right(network: NamesAndStance, rows: Sequence[Row], pieces: WordPieces, chance: random.Random) -> int:
    """How many pairs are put on their side, neutral being no answer."""
    network.eval()
    by_side: dict[bool, int] = defaultdict(int)
    with torch.no_grad():
        for batch in packed(each_alone(rows, pieces, chance), chance):
            ids, shapes, mask = padded(batch)
            said = weighed(network, network.read(ids, shapes, mask), mask, batch)
            for number, example in enumerate(batch):
                for pair, (_, label) in enumerate(example.stances):
                    shares = said[number, pair]
                    by_side[bool((shares[FOR] > shares[AGAINST]) == (label == FOR))] += 1
    network.train()
    return by_side[True]


if __name__ == "__main__":
    main()
