"""A thousand saved searches held against each article; the baseline reads the article anew for each of them."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.articles import articles
from schemas.annotations import AnnotatedArticle
from schemas.story import EnrichedArticle, StoryMoment
from services.search.criteria import Criteria
from services.search.match import Reading, match, meets

SEARCHES = 1000
BASELINE_ARTICLES = 3
"""Reading anew a thousand times is so slow that a few articles say it."""


def measure(source: Path | None, count: int) -> Iterator[dict[str, object]]:
    """Milliseconds an article, over searches made of the articles' own words."""
    read = [_enriched(article) for article in articles(source, count)]
    words = sorted({word for enriched in read for word in enriched.article.title.split() if word.isalpha()})
    searches = [Criteria(q=f"{words[n % len(words)]} {words[(7 * n + 3) % len(words)]}") for n in range(SEARCHES)]
    ours = _milliseconds(read, lambda enriched: _reading_once(enriched, searches))
    baseline = _milliseconds(read[:BASELINE_ARTICLES], lambda enriched: [match(each, enriched) for each in searches])
    yield {
        "what": f"{SEARCHES} saved searches against one article",
        "articles": len(read),
        "ms_article": round(ours, 2),
        "baseline": {"what": "the article read anew for each search", "ms_article": round(baseline, 2)},
        "ratio": round(ours / baseline, 4),
    }


def _reading_once(enriched: EnrichedArticle, searches: list[Criteria]) -> list[bool]:
    reading = Reading(enriched)
    return [meets(each, reading) for each in searches]


def _milliseconds(read: list[EnrichedArticle], work: Callable[[EnrichedArticle], object]) -> float:
    began = time.process_time()
    for enriched in read:
        work(enriched)
    return 1000 * (time.process_time() - began) / len(read)


def _enriched(article: object) -> EnrichedArticle:
    annotated = AnnotatedArticle.model_validate({"article": article})
    return EnrichedArticle(annotated=annotated, moment=StoryMoment(story="s", position=1, novelty=1.0))
