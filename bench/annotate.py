"""What annotating costs, by step; the baseline reads the same articles again, with every sentence remembered."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from bench.articles import articles
from schemas.article import Article
from services.enrich.annotate import Tools, lede
from services.enrich.settings import EnrichSettings
from services.enrich.tools import Models
from services.settings import read_settings

T = TypeVar("T")


def measure(source: Path | None, count: int) -> Iterator[dict[str, object]]:
    """CPU milliseconds an article, by step."""
    tools = Models.load(read_settings(EnrichSettings)).tools()
    read = [*articles(source, count)]
    first = _steps(tools, read)
    again = _steps(tools, read)
    total, baseline = sum(first.values()), sum(again.values())
    yield {
        "what": "CPU ms an article",
        "articles": len(read),
        "words_article": round(sum(len(article.text.split()) for article in read) / len(read)),
        "ms_article": round(total, 1),
        "by_step": first,
        "baseline": {"what": "the same again, from the cache of sentences", "ms_article": round(baseline, 1)},
        "ratio": round(total / baseline, 2),
    }


def _steps(tools: Tools, read: Sequence[Article]) -> dict[str, float]:
    """Each step over all articles, on what the step before found."""
    taken: dict[str, float] = {}

    def timed(step: str, work: Callable[[], T]) -> T:
        began = time.process_time()
        made = work()
        taken[step] = round(1000 * (time.process_time() - began) / len(read), 2)
        return made

    timed("vector", lambda: tools.vectors([lede(article) for article in read]))
    sentences = timed("sentences", lambda: [tools.sentences(article.text) for article in read])
    mentions = timed("names", lambda: [tools.mentions(*each) for each in zip(read, sentences, strict=True)])
    actors = timed("actors", lambda: [tools.entities(*each) for each in zip(read, mentions, strict=True)])
    timed("places", lambda: [tools.places(*each) for each in zip(read, mentions, strict=True)])
    timed("stances", lambda: [tools.stances(*each) for each in zip(read, sentences, actors, strict=True)])
    return taken
