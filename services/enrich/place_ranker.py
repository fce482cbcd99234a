"""Give each place that a name can mean its probability, with a small network in two passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from services.enrich.place_evidence import Evidence, Reading
from services.enrich.place_senses import Group, Numbers

WEIGHTS = Path(__file__).parents[2] / "models" / "gazetteer" / "ranker.npz"


@dataclass(frozen=True)
class Network:
    """One hidden layer over the evidence; several trainings side by side in it, averaged."""

    mean: Numbers
    scale: Numbers
    into: Numbers
    bias: Numbers
    out: Numbers

    def scores(self, rows: Numbers) -> Numbers:
        """One number a row; within a group, the softmax of these is the probability."""
        into, bias = self._of_raw_rows
        return np.asarray(np.maximum(rows @ into + bias, 0.0) @ self.out)

    @cached_property
    def _of_raw_rows(self) -> tuple[Numbers, Numbers]:
        """Mean and scale taken into the weights once, not into every row."""
        into = self.into / self.scale[:, None]
        return into, self.bias - self.mean @ into


@dataclass(frozen=True)
class Ranker:
    """The first pass looks at names alone, the second also at what the first made of their neighbours."""

    first: Network
    second: Network

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Self:
        """Read the learned weights."""
        with np.load(path) as kept:
            passes = [
                Network(*(kept[f"{which}_{name}"].astype(float) for name in ("mean", "scale", "into", "bias", "out")))
                for which in ("first", "second")
            ]
        return cls(*passes)

    def probabilities(
        self,
        text: str,
        groups: Sequence[Group],
        evidence: Evidence,
        outlet_country: str | None = None,
        are_all: bool = False,
    ) -> list[Numbers]:
        """For each group one probability for each candidate, and last the one for "none of them"."""
        if not groups:
            return []
        return self.read(evidence.read(text, groups, outlet_country, are_all), groups)

    def read(self, reading: Reading, groups: Sequence[Group]) -> list[Numbers]:
        """The same for evidence that has been gathered."""
        believed = shares_of(self.first.scores(reading.rows()), groups)
        beliefs = np.concatenate([each[:-1] for each in believed])
        return shares_of(self.second.scores(reading.rows(beliefs)), groups)


def shares_of(scores: Numbers, groups: Sequence[Group]) -> list[Numbers]:
    """Scores as probabilities, group by group."""
    lengths = np.array([len(group.sense.candidates) + 1 for group in groups])
    ends = np.cumsum(lengths)
    starts = ends - lengths
    risen = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
    shares = risen / np.repeat(np.add.reduceat(risen, starts), lengths)
    return [shares[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
