"""The small encoder that reads sentences: what each word names, and how one named thing stands to another.

One int8 ONNX file, on the CPU. A text goes through alone, never in a batch with others: int8 activations are scaled by
the largest in the batch, and an article's annotations must not hang on which articles happened to come beside it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from services.enrich.wordpieces import Asked, Pieces, WordPieces, asked_for_names, asked_for_stance

MODEL_FOLDER = Path(__file__).resolve().parents[2] / "models" / "names_stance"
KINDS = ("person", "organization", "location", "other")

# The length that the model was trained on; attention beyond it has not been taught.
MOST_PIECES = 128
# A word near a window's edge is read again, with what stands around it, in the next window.
OVERLAP = 32

Floats = NDArray[np.float32]
Stances = tuple[float, float, float]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """Words that name something: `text[start:end]` of the text that was tagged."""

    start: int
    end: int
    kind: str
    confidence: float


@dataclass(frozen=True, slots=True)
class StanceAsk:
    """How does the source stand to the target in this text? Without a source: how does the text itself?"""

    text: str
    target: tuple[int, int]
    source: tuple[int, int] | None = None


class LanguageModel:
    """Loaded once; answers from its cache what it was asked before, so that wire copy is read once."""

    def __init__(self, folder: Path = MODEL_FOLDER, *, threads: int = 1, cache_size: int = 50_000) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # The arena keeps the largest block ever needed; texts differ in length, and memory would only grow.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._wordpieces = WordPieces(folder / "tokenizer.json")
        self.tagged: Remembered[tuple[TaggedSpan, ...]] = Remembered(cache_size)
        self.scored: Remembered[Stances] = Remembered(cache_size)

    def tag(self, texts: Sequence[str]) -> list[list[TaggedSpan]]:
        """Find the names in each text, in order, however long it is."""
        return [list(spans) for spans in self.tagged.answer([(text,) for text in texts], self._tag)]

    def score_stances(self, asks: Sequence[StanceAsk]) -> list[Stances]:
        """Give each ask the probabilities of against, neutral and for."""
        return self.scored.answer([(ask.text, ask.target, ask.source) for ask in asks], self._score)

    def _tag(self, text: str) -> tuple[TaggedSpan, ...]:
        pieces = self._wordpieces.read(text)
        if not pieces.ids:
            return ()
        logits: Floats = np.empty((len(pieces.ids), 1 + 2 * len(KINDS)), dtype=np.float32)
        for first, last, kept in windows(len(pieces.ids), MOST_PIECES - 2):
            tags, _ = self._run(asked_for_names(pieces, first, last))
            logits[kept:last] = tags[1 + kept - first : 1 + last - first]
        return tuple(_names(pieces, _shares(logits)))

    def _score(self, text: str, target: tuple[int, int], source: tuple[int, int] | None) -> Stances:
        pieces = self._wordpieces.read(text)
        if not pieces.ids:
            return (0.0, 1.0, 0.0)
        _, stances = self._run(asked_for_stance(pieces, target, source, MOST_PIECES))
        against, neutral, favour = (float(share) for share in _shares(stances))
        return (against, neutral, favour)

    def _run(self, asked: Asked) -> tuple[Floats, Floats]:
        tags, stances = self._session.run(
            ("tags", "stances"),
            {
                "ids": np.array([asked.ids], dtype=np.int64),
                "shapes": np.array([asked.shapes], dtype=np.int64),
                "mask": np.ones((1, len(asked.ids)), dtype=np.int64),
                "target": np.array([asked.target], dtype=np.int64),
                "source": np.array([asked.source], dtype=np.int64),
            },
        )
        return tags[0], stances[0]


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
        return [self._one(question, find_out) for question in questions]

    def _one(self, question: tuple[Hashable, ...], find_out: Callable[..., Answer]) -> Answer:
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


def _names(pieces: Pieces, shares: Floats) -> list[TaggedSpan]:
    """Join words into names. A word is tagged by its first piece; the kind is what its words together say most."""
    found: list[TaggedSpan] = []
    begins = [at for at in range(len(pieces.ids)) if at == 0 or pieces.words[at] != pieces.words[at - 1]]
    tags = shares[begins].argmax(axis=-1).tolist()
    word = 0
    while word < len(begins):
        if tags[word] == 0:
            word += 1
            continue
        last = word + 1
        # Odd tags begin a name, even ones carry it on.
        while last < len(begins) and tags[last] and tags[last] % 2 == 0:
            last += 1
        said = shares[begins[word:last], 1:].reshape(last - word, len(KINDS), 2).sum(axis=-1).mean(axis=0)
        ends_before = begins[last] if last < len(begins) else len(pieces.ids)
        found.append(
            TaggedSpan(
                start=pieces.spans[begins[word]][0],
                end=pieces.spans[ends_before - 1][1],
                kind=KINDS[int(said.argmax())],
                confidence=round(float(said.max()), 4),
            )
        )
        word = last
    return found
