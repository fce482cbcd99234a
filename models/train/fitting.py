"""Fit a network to batches of examples: rows of like length together, and a rate that rises, then falls to nothing."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn

from models.train.examples import Example

PIECES_A_BATCH = 1536
RATE = 1e-4
# What starts anew, the heads and the marks, learns faster than what was pretrained.
HEADS_FASTER = 5
NEW = ("tags.", "stance.", "shapes.", "marks")
WARM_UP_STEPS = 150
SAVED_EVERY = 300

Network = TypeVar("Network", bound=nn.Module)
Loss = Callable[[Network, list[Example]], Tensor]


def packed(examples: list[Example], chance: random.Random) -> list[list[Example]]:
    """Batch rows of like length, so that little is padding, but not always the same ones together."""
    order = sorted(examples, key=lambda example: len(example.row.ids) + chance.random() * 6)
    batches: list[list[Example]] = [[]]
    for example in order:
        if batches[-1] and (len(batches[-1]) + 1) * len(example.row.ids) > PIECES_A_BATCH:
            batches.append([])
        batches[-1].append(example)
    return batches


def fit(
    network: Network,
    batches: list[list[Example]],
    out: Path,
    minutes: float | None,
    loss_of: Loss[Network],
    rate: float = RATE,
) -> None:
    """Train on the batches in order, saving now and then.

    The word embeddings stay as they were pretrained: names that training never shows keep their place among the others.
    """
    network.words.weight.requires_grad_(False)
    optimizer = _optimizer(network, rate)
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


def _optimizer(network: nn.Module, rate: float) -> torch.optim.Optimizer:
    groups: dict[tuple[bool, bool], list[Tensor]] = {}
    for name, weights in network.named_parameters():
        if weights.requires_grad:
            new = name.startswith(NEW)
            groups.setdefault((new, weights.ndim > 1), []).append(weights)
    return torch.optim.AdamW(
        [
            {"params": weights, "rate": HEADS_FASTER * rate if new else rate, "weight_decay": 0.01 if wide else 0.0}
            for (new, wide), weights in groups.items()
        ],
        fused=True,
    )


def padded(batch: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor]:
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
