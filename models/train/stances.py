"""Train how pairs are weighed, beside an encoder that stays as it is, and leave all weights for `models.train.export`.

    python -m models.train.stances --data DATA --begin NAMES/weights.pt --out OUT

What reads words is not touched, so names do not change; only the marks' own layers and the head above them learn.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch
from torch import Tensor

from models.train.examples import Example, stance_epoch
from models.train.export import load
from models.train.fitting import fit, packed, padded
from models.train.names_stance import pretrained, stances_loss, weighed
from models.train.network import NamesAndStance
from services.enrich.wordpieces import WordPieces

EPOCHS = 3
RATE = 2e-4
LEARNS = ("mark_layers.", "marks", "stance.")


def main() -> None:
    """Read the arguments, train, and save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--begin", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--minutes", type=float, help="end by then, the rate falling with time")
    parser.add_argument("--seed", type=int, default=17)
    asked = parser.parse_args()
    torch.manual_seed(asked.seed)
    torch.set_num_threads(1)
    chance = random.Random(asked.seed)
    pieces = WordPieces(pretrained() / "tokenizer.json")
    batches: list[list[Example]] = []
    for _ in range(asked.epochs):
        batches += packed(stance_epoch(asked.data, pieces, chance), chance)
    chance.shuffle(batches)
    network = load(asked.begin)
    for name, weights in network.named_parameters():
        weights.requires_grad_(name.startswith(LEARNS))
    asked.out.mkdir(parents=True, exist_ok=True)
    fit(network, batches, asked.out, asked.minutes, loss_of, rate=RATE)


def loss_of(network: NamesAndStance, batch: list[Example]) -> Tensor:
    """The cross entropy of a batch whose words are read without learning."""
    ids, shapes, mask = padded(batch)
    with torch.no_grad():
        read = network.eval().read(ids, shapes, mask)
    network.train()
    return stances_loss(weighed(network, read, mask, batch), batch)


if __name__ == "__main__":
    main()
