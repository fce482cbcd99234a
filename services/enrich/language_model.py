"""The small encoder that reads passages: what each word names, and how one named thing stands to another.

Two int8 ONNX files, on the CPU: one reads a passage, the other weighs the pairs marked in it. A passage goes through
alone, never in a batch with others: int8 activations are scaled by the largest in the batch, and an article's
annotations must not hang on which articles happened to come beside it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import onnxruntime

from services.enrich.marks import lay_out
from services.enrich.tagging import TAGS, Floats, TaggedSpan, names_in
from services.enrich.wordpieces import Marks, Row, WordPieces, around, marked, row_of, shifted

MODEL_FOLDER = Path(__file__).resolve().parents[2] / "models" / "names_stance"
# The length that the model was trained on; attention beyond it has not been taught.
MOST_PIECES = 128
# A word near a window's edge is read again, with what stands around it, in the next window.
OVERLAP = 32

# Pairs weighed beside one reading of a row: of a row with more, the others are weighed beside a copy.
PAIRS_A_ROW = 6

# Rows kept as they were read, until the stances of the same article are asked: some 1 MB each.
ROWS_KEPT = 32

# onnxruntime's joining of an addition and a normalisation takes seven times as long as the two apart.
SLOWER = ("SkipLayerNormFusion",)

Stances = tuple[float, float, float]
NEITHER: Stances = (0.0, 1.0, 0.0)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class StanceAsk:
    """How does the source stand to the target in this text? Without a source: how does the text itself?"""

    text: str
    target: tuple[int, int]
    source: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """One row that the encoder has read: its tags, and what the marks of a pair begin as and look at."""

    tags: Floats
    begun: Floats
    """pieces × 384"""
    keys: Floats
    values: Floats
    """layers × pieces × 384 each"""


class LanguageModel:
    """Loaded once; answers from its cache what it was asked before.

    Names are remembered by passage, so that wire copy is read for them once. Stances are remembered by all that an
    article asks together, so that only the same asks, as of an article sent again, are answered from there.
    """

    def __init__(self, folder: Path = MODEL_FOLDER, *, threads: int = 1, cache_size: int = 50_000) -> None:
        # The arena keeps the largest block ever needed: a row's is bounded, the rows of an article are not.
        self._reader = _session(folder / "read.onnx", threads, arena=True)
        self._weigher = _session(folder / "weigh.onnx", threads, arena=False)
        self._wordpieces = WordPieces(folder / "tokenizer.json")
        self._pieces = lru_cache(ROWS_KEPT)(self._wordpieces.read)
        self.tagged: Remembered[tuple[TaggedSpan, ...]] = Remembered(cache_size)
        self.scored: Remembered[tuple[Stances, ...]] = Remembered(cache_size)
        self.rows: Remembered[Read] = Remembered(ROWS_KEPT)

    def tag(self, texts: Sequence[str]) -> list[list[TaggedSpan]]:
        """Find the names in each text, in order, however long it is."""
        return [list(spans) for spans in self.tagged.answer([(text,) for text in texts], self._tag)]

    def score_stances(self, asks: Sequence[StanceAsk]) -> list[Stances]:
        """Give each ask the probabilities of against, neutral and for; each text is read once for all its asks.

        They are weighed, and remembered, together: int8 activations are scaled by the largest among them.
        """
        return list(self.scored.one(tuple(asks), self._score)) if asks else []

    def _tag(self, text: str) -> tuple[TaggedSpan, ...]:
        pieces = self._pieces(text)
        if not pieces.ids:
            return ()
        logits: Floats = np.empty((len(pieces.ids), len(TAGS)), dtype=np.float32)
        for first, last, kept in windows(len(pieces.ids), MOST_PIECES - 2):
            tags = self._read(row_of(pieces, first, last)).tags
            logits[kept:last] = tags[1 + kept - first : 1 + last - first]
        return tuple(names_in(pieces, _shares(logits)))

    def _score(self, *asks: StanceAsk) -> tuple[Stances, ...]:
        scored = [NEITHER] * len(asks)
        rows = list(self._rows_of(asks))
        if rows:
            stances = _shares(self._weigh([self._read(row) for row, _ in rows], [places for _, places in rows]))
            for row, (_, places) in zip(stances.tolist(), rows, strict=True):
                for (against, neutral, favour), (number, _) in zip(row, places, strict=False):
                    scored[number] = (against, neutral, favour)
        return tuple(scored)

    def _rows_of(self, asks: Sequence[StanceAsk]) -> Iterator[tuple[Row, list[tuple[int, Marks]]]]:
        """The rows to read, each with a few asks, by number and marks."""
        found: dict[tuple[str, int, int], tuple[Row, list[tuple[int, Marks]]]] = {}
        for number, ask in enumerate(asks):
            pieces = self._pieces(ask.text)
            if not pieces.ids:
                continue
            marks = marked(pieces, ask.target, ask.source)
            first, last = around(len(pieces.ids), marks, MOST_PIECES - 2)
            _, places = found.setdefault((ask.text, first, last), (row_of(pieces, first, last), []))
            places.append((number, shifted(marks, first, last)))
        for row, places in found.values():
            for at in range(0, len(places), PAIRS_A_ROW):
                yield row, places[at : at + PAIRS_A_ROW]

    def _read(self, row: Row) -> Read:
        return self.rows.one((tuple(row.ids), tuple(row.shapes)), self._read_anew)

    def _read_anew(self, ids: tuple[int, ...], shapes: tuple[int, ...]) -> Read:
        tags, begun, keys, values = self._reader.run(
            ("tags", "begun", "keys", "values"),
            {"ids": np.array([ids], dtype=np.int64), "shapes": np.array([shapes], dtype=np.int64)},
        )
        return Read(tags, begun, keys, values)

    def _weigh(self, rows: Sequence[Read], asked: Sequence[Sequence[tuple[int, Marks]]]) -> Floats:
        laid = lay_out([[mark for _, mark in marks] for marks in asked])
        longest = max(len(row.begun) for row in rows)
        begun = np.zeros((len(rows), longest, rows[0].begun.shape[-1]), dtype=np.float32)
        keys = np.zeros((len(rows[0].keys), *begun.shape), dtype=np.float32)
        values, mask = np.zeros_like(keys), np.zeros((len(rows), longest), dtype=np.int64)
        for number, row in enumerate(rows):
            length = len(row.begun)
            begun[number, :length], mask[number, :length] = row.begun, 1
            keys[:, number, :length], values[:, number, :length] = row.keys, row.values
        [weighed] = self._weigher.run(
            ("stances",),
            {
                "begun": begun,
                "keys": keys,
                "values": values,
                "mask": mask,
                "at": laid.at,
                "roles": laid.roles,
                "pairs": laid.pairs,
                "marks_of": laid.marks_of,
            },
        )
        scores: Floats = weighed
        return scores


def _session(path: Path, threads: int, *, arena: bool) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = arena
    return onnxruntime.InferenceSession(
        str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER
    )


class Remembered(Generic[Answer]):
    """Answers by question, the least lately asked forgotten first; safe to ask from several threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()
        self._lock = threading.Lock()
        self.hits = 0
        self.misses = 0

    def answer(self, questions: Iterable[tuple[Any, ...]], find_out: Callable[..., Answer]) -> list[Answer]:
        """Give each question its answer, asking only for those that are not remembered."""
        return [self.one(question, find_out) for question in questions]

    def one(self, question: tuple[Hashable, ...], find_out: Callable[..., Answer]) -> Answer:
        """Give one question its answer."""
        # A digest and not the question: sentences are long, and fifty thousand of them would be held twice.
        key = blake2b(repr(question).encode("utf-8", "backslashreplace"), digest_size=16).digest()
        with self._lock:
            if key in self._answers:
                self.hits += 1
                self._answers.move_to_end(key)
                return self._answers[key]
            self.misses += 1
        found = find_out(*question)
        with self._lock:
            self._answers[key] = found
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)
        return found


def windows(length: int, most: int) -> list[tuple[int, int, int]]:
    """Cover a length by overlapping windows: (first, last, from where this one's reading counts).

    Of what two windows share, the earlier reads the first half and the later the second, each far from its own edge.
    """
    found, first, kept = [], 0, 0
    while True:
        last = min(first + most, length)
        found.append((first, last, kept))
        if last == length:
            return found
        first, kept = last - OVERLAP, last - OVERLAP // 2


def _shares(logits: Floats) -> Floats:
    raised: Floats = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares
