"""Train a small network of one hidden layer by gradient descent, in numpy: no framework for a thousand weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from services.enrich.place_ranker import Network
from services.enrich.place_senses import Numbers

HIDDEN, RATE, DECAY, DROP = 16, 5e-3, 3e-4, 0.1
BATCHES, EPOCHS = 12, 25

NDInt = np.ndarray[Any, np.dtype[np.int64]]
Loss = Callable[[Numbers], Numbers]
"""From the scores of a batch of rows to the loss's slope at each."""


def descend(rows: Numbers, batches: Sequence[tuple[slice, Loss]], trainings: int) -> Network:
    """Adam, batch by batch; several seeds side by side, averaged into one wider layer."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-2
    table = ((rows - mean) / scale).astype(np.float32)
    nets = [_one(table, batches, seed) for seed in range(trainings)]
    return Network(
        mean,
        scale,
        np.hstack([net[0] for net in nets]),
        np.concatenate([net[1] for net in nets]),
        np.concatenate([net[2] for net in nets]) / len(nets),
    )


def _one(table: Numbers, batches: Sequence[tuple[slice, Loss]], seed: int) -> tuple[Numbers, Numbers, Numbers]:
    draw = np.random.default_rng(seed)
    width = table.shape[1]
    parts = [draw.normal(0, (2 / width) ** 0.5, (width, HIDDEN)), np.zeros(HIDDEN), draw.normal(0, 0.1, HIDDEN)]
    parts = [part.astype(np.float32) for part in parts]
    moments = [(np.zeros_like(p), np.zeros_like(p)) for p in parts]
    steps = EPOCHS * len(batches)
    order = [batch for _ in range(EPOCHS) for batch in draw.permutation(len(batches))]
    for step, batch in enumerate(order, start=1):
        rows, loss = batches[batch]
        seen = table[rows]
        kept = np.where(draw.random(width) > DROP, 1, 0).astype(np.float32)[:, None]
        raw = seen @ (parts[0] * kept) + parts[1]
        hidden = np.maximum(raw, 0)
        slope = loss(hidden @ parts[2]).astype(np.float32)
        back = (slope[:, None] * parts[2]) * (raw > 0)
        slopes = [(seen.T @ back) * kept, back.sum(axis=0), hidden.T @ slope]
        rate = RATE * min(1.0, 2 * (1 - step / (steps + 1)))
        for index, grad in enumerate(slopes):
            grad = grad + DECAY * parts[index]
            one, two = moments[index]
            one, two = 0.9 * one + 0.1 * grad, 0.99 * two + 0.01 * grad**2
            moments[index] = (one, two)
            parts[index] = parts[index] - rate * (one / (1 - 0.9**step)) / (np.sqrt(two / (1 - 0.99**step)) + 1e-8)
    return parts[0], parts[1], parts[2]
