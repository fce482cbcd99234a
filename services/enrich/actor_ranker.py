"""Give each of those whom a name can mean the chance that it is the one, with boosted trees that learned it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np
import onnxruntime

from services.enrich.actor_company import with_company
from services.enrich.candidates import Named, Numbers, Sense

FOLDER = Path(__file__).parents[2] / "models" / "actors"


SPORTIVE = 0.8
"""Scores and words of sports in a hundred words, from which an article is one of sports."""


class Judge(Protocol):
    """One pass: from rows to chances."""

    def chances(self, rows: Numbers) -> Numbers:
        """One chance a row."""
        ...


class Trees:
    """Boosted trees, which onnxruntime walks."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def chances(self, rows: Numbers) -> Numbers:
        """One chance a row."""
        [scores] = self._session.run(None, {"rows": rows.astype(np.float32)})
        return np.asarray(1 / (1 + np.exp(-scores[:, 0].astype(float))))


@dataclass(frozen=True)
class Ranker:
    """The first pass looks at names one by one, the second also at what the first made of the article's others.

    `plain` and `sports` are the chances from which a name is linked, in an article of sports the latter: where
    some nine of ten links were right, unseen.
    """

    first: Judge
    second: Judge
    plain: float
    sports: float

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Self:
        """Read what was learned."""
        sure = json.loads((folder / "ranker.json").read_text("utf-8"))
        return cls(Trees(folder / "ranker_first.onnx"), Trees(folder / "ranker_second.onnx"), **sure)

    def sure(self, sportive: float) -> float:
        """The chance from which a name is linked in an article that speaks so much of sports."""
        return self.sports if sportive > SPORTIVE else self.plain

    def chances(self, rows: Numbers, named: Sequence[Named], senses: Sequence[Sense]) -> Numbers:
        """One chance for each candidate of each name, in order."""
        if not len(rows):
            return np.zeros(0)
        return self.second.chances(with_company(rows, self.first.chances(rows), named, senses))
