"""What annotating costs, by step; the baseline is the bare encoder, reading the same words once and nothing else."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import psutil

from bench.articles import articles, beginning_with
from schemas.article import Article
from services.enrich.annotate import Tools, annotate
from services.enrich.language_model import MOST_PIECES
from services.enrich.settings import EnrichSettings
from services.enrich.tools import Models
from services.enrich.wordpieces import WordPieces, row_of
from services.settings import read_settings

WORDS = 464
"""Words of the article to which costs are reduced: the mean of the wire's, and what other systems are measured with."""

WARM = 3
"""Articles that are annotated before anything counts: tables are opened when they are first asked."""


def measure(source: Path | None, count: int) -> Iterator[dict[str, object]]:
    """CPU milliseconds an article, by step."""
    settings = read_settings(EnrichSettings)
    tools = Models.load(settings).tools()
    warm, read = beginning_with([*articles(source, count + WARM)], WARM)
    _steps(tools, warm)
    words = sum(len(article.text.split()) for article in read) / len(read)
    bare = _bare(settings.language_model, [article.text for article in read])
    first = _steps(tools, read)
    again = _steps(tools, read)
    total = sum(first.values())
    yield {
        "what": "CPU ms an article",
        "articles": len(read),
        "words_article": round(words),
        "ms_article": round(total, 1),
        "by_step": first,
        f"ms_{WORDS}_words": round(total * WORDS / words, 1),
        f"by_step_{WORDS}_words": {step: round(taken * WORDS / words, 2) for step, taken in first.items()},
        "again_from_cache_ms_article": round(sum(again.values()), 1),
        "resident_mib": psutil.Process().memory_info().rss // 1024**2,
        "baseline": {
            "what": f"the encoder alone, once over the text in rows of {MOST_PIECES} wordpieces",
            "ms_article": round(bare, 1),
            f"ms_{WORDS}_words": round(bare * WORDS / words, 1),
        },
        "ratio": round(total / bare, 2),
    }


def _steps(tools: Tools, read: Sequence[Article]) -> dict[str, float]:
    """Milliseconds an article that each step takes, in the order of the steps."""
    taken: dict[str, float] = {}

    def timed(step: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*given: Any) -> Any:
            began = time.process_time()
            made = work(*given)
            taken[step] = taken.get(step, 0.0) + time.process_time() - began
            return made

        return measured

    watched = replace(tools, **{step.name: timed(step.name, getattr(tools, step.name)) for step in fields(tools)})
    for article in read:
        annotate([article], watched)
    return {step: round(1000 * seconds / len(read), 2) for step, seconds in taken.items()}


def _bare(folder: Path, texts: Sequence[str]) -> float:
    """Milliseconds a text that the encoder takes for its rows; cutting into wordpieces is not counted."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(folder / "read.onnx"), options, providers=["CPUExecutionProvider"])
    wordpieces = WordPieces(folder / "tokenizer.json")
    rows = []
    for text in texts:
        pieces = wordpieces.read(text)
        for first in range(0, len(pieces.ids), MOST_PIECES - 2):
            row = row_of(pieces, first, min(first + MOST_PIECES - 2, len(pieces.ids)))
            rows.append({"ids": np.array([row.ids]), "shapes": np.array([row.shapes])})
    began = time.process_time()
    for fed in rows:
        session.run(("tags",), fed)
    return 1000 * (time.process_time() - began) / len(texts)
