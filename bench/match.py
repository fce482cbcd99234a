"""Saved searches held against an article, at ever more of them; beside checking each, and beside the index's `msearch`.

The articles' texts are real or the samples'; whom they name is drawn by Zipf's law from fifty thousand invented people,
and so is whom the searches ask for, which readers do.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import psutil
from elasticsearch import Elasticsearch

from bench.articles import articles
from deploy.local.elasticsearch import start_elasticsearch
from deploy.local.process import free_port
from deploy.local.settings import LocalSettings
from schemas.annotations import AnnotatedArticle, Entity, Place, Stance
from schemas.article import Article
from schemas.message import Span
from schemas.saved_search import SavedSearch
from schemas.story import Development, EnrichedArticle, StoryMoment
from services.collector import spare
from services.search.criteria import Criteria
from services.search.document import document
from services.search.index import Index
from services.search.mapping import ARTICLES
from services.search.match import test_of_criteria
from services.search.matcher import Matcher
from services.search.query import to_query
from services.search.reading import Reading
from services.search.saved_searches import Watch
from services.search.settings import SearchSettings
from services.search.tree_match import Test
from services.settings import read_settings

STEPS = (100, 1_000, 10_000, 100_000)
MOST_CHECKED = 10_000
"""Searches that the baselines check one by one: a hundred thousand take them minutes an article."""

BASELINE_ARTICLES = 3
VOCABULARY_ARTICLES, WARMING = 3_000, 500
"""Articles whose words readers ask for, and those that go by before anything is measured."""

PEOPLE, NAMED = 50_000, 15
COUNTRIES = ("KE", "ET", "US", "GB", "FR", "CN", "RU", "KP", "IN", "BR")
SAVED = datetime(2026, 1, 1, tzinfo=UTC)
SPAN = (Span(start=0, end=1),)


def measure(source: Path | None, count: int) -> Iterator[dict[str, object]]:
    """Milliseconds an article, MiB, and how many searches an article answers and is put to, at each number of them."""
    made = _Made(list(articles(source, max(count, VOCABULARY_ARTICLES))), max(count, WARMING))
    matcher, asked, began_with = Matcher(), list[Criteria](), psutil.Process().memory_info().rss
    for searches in STEPS:
        saved = [made.search(number) for number in range(len(matcher), searches)]
        taken_in = time.process_time()
        for search in saved:
            criteria = Criteria.model_validate(search.criteria)
            matcher.put(search.id, Watch(search, criteria))
            if len(matcher) <= MOST_CHECKED:
                asked.append(criteria)
        taken_in = time.process_time() - taken_in
        tests = [test_of_criteria(criteria) for criteria in asked]
        # As the alerter does once it knows the searches.
        spare()
        # What is rare is known after some hundreds of articles, as it is in a stream that has run for a while.
        for enriched in made.read:
            matcher.matching(Reading(enriched))
        tried, found = matcher.tried, 0

        def ours(enriched: EnrichedArticle) -> None:
            nonlocal found
            found += len(matcher.matching(Reading(enriched)))

        milliseconds = _milliseconds(made.read[:count], ours)
        row: dict[str, object] = {
            "what": "saved searches held against one article",
            "searches": searches,
            "ms_article": round(milliseconds, 2),
            "per_second": round(1000 / milliseconds),
            "answers_article": round(found / len(made.read[:count]), 1),
            "put_to_article": round((matcher.tried - tried) / len(made.read[:count]), 1),
            "put_to_every": matcher.always,
            "mib": (psutil.Process().memory_info().rss - began_with) // 1024**2,
            "taken_in_seconds": round(taken_in, 1),
        }
        if searches <= MOST_CHECKED:
            each = _milliseconds(made.read[:BASELINE_ARTICLES], partial(_each, tests))
            row["baseline"] = {"what": "each of them checked", "ms_article": round(each, 2)}
            row["ratio"] = round(milliseconds / each, 4)
        yield row
    # Last: a node is busy with itself for a while after each of these.
    with _index() as client:
        for searches in (step for step in STEPS if step <= MOST_CHECKED):
            milliseconds = _msearch(client, made.read[:BASELINE_ARTICLES], asked[:searches])
            yield {"what": "one article sought by msearch", "searches": searches, "ms_article": round(milliseconds, 1)}


def _each(tests: Sequence[Test], enriched: EnrichedArticle) -> list[bool]:
    reading = Reading(enriched)
    return [test(reading, enriched.article.seen) for test in tests]


def _milliseconds(read: Sequence[EnrichedArticle], work: Callable[[EnrichedArticle], object]) -> float:
    began = time.process_time()
    for enriched in read:
        work(enriched)
    return 1000 * (time.process_time() - began) / len(read)


@contextmanager
def _index() -> Iterator[Elasticsearch]:
    """An index of the articles' own mapping on a node of its own, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        server = start_elasticsearch(Path(folder), free_port(), read_settings(LocalSettings).cache.expanduser())
        try:
            with Elasticsearch(server.address, request_timeout=600) as client:
                Index(client, SearchSettings(elasticsearch=server.address)).ensure()
                yield client
        finally:
            server.stop()


def _msearch(client: Elasticsearch, read: Sequence[EnrichedArticle], asked: Sequence[Criteria]) -> float:
    """Milliseconds an article that is indexed, alone, and sought by every search, a thousand in a request."""
    took = 0.0
    for enriched in read:
        index = ARTICLES.alias("")
        began = time.monotonic()
        client.index(index=index, id=enriched.article.id, document=document(enriched), refresh=True)
        for first in range(0, len(asked), 1_000):
            bodies: list[Any] = []
            for criteria in asked[first : first + 1_000]:
                query = {"bool": {"filter": [to_query(criteria)]}}
                bodies += [{"index": index}, {"query": query, "size": 0, "terminate_after": 1}]
            client.msearch(searches=bodies)
        took += time.monotonic() - began
        client.delete(index=index, id=enriched.article.id, refresh=True)
    return 1000 * took / len(read)


class _Made:
    """Articles that name people, and searches for them, always the same."""

    def __init__(self, read: Sequence[Article], enriched: int) -> None:
        self._chance = random.Random(7)
        texts = [f"{article.title} {article.text}".split() for article in read]
        self._texts = [words for words in texts if len(words) > 9]
        self._words = sorted({word for words in texts for word in words if word.isalpha() and len(word) > 3})
        self._ranks = range(PEOPLE)
        # The most named is in one article of fifteen, as a large country is.
        self._shares = list(accumulate(1 / (rank + 30) for rank in self._ranks))
        self.read = [self._enriched(article) for article in read[:enriched]]

    def search(self, number: int) -> SavedSearch:
        """One search, as readers save them."""
        who, word = self._people(2), self._chance.choice(self._words)
        near = {"lat": round(self._chance.uniform(-60, 60), 2), "lon": round(self._chance.uniform(-180, 180), 2)}
        text = self._chance.choice(self._texts)
        at = self._chance.randrange(len(text) - 2)
        phrase = " ".join(text[at : at + 3]).replace('"', "").replace("\\", "")
        shapes: list[tuple[int, dict[str, Any]]] = [
            (30, {"entity": f"p{who[0]}", "q": word}),
            (20, {"entity": f"p{who[0]}", "development": "new_act", "country": self._chance.choice(COUNTRIES)}),
            (15, {"q": f"{word} {self._chance.choice(self._words)}"}),
            (10, {"q": f'"{phrase}" {word}'}),
            (10, {"stance": {"holder": f"p{who[0]}", "target": f"p{who[1]}"}}),
            (5, {"near": {**near, "km": 200}, "q": word}),
            (5, {"q": f"country:{self._chance.choice(COUNTRIES)} {word} NOT p{who[0]}"}),
            (5, {"q": f"{word} (entity:p{who[0]} OR entity:p{who[1]})"}),
        ]
        weights = [weight for weight, _ in shapes]
        criteria = self._chance.choices([shape for _, shape in shapes], weights)[0]
        return SavedSearch(id=f"s-{number}", name="A search", criteria=criteria, created=SAVED)

    def _people(self, count: int) -> list[int]:
        return self._chance.choices(self._ranks, cum_weights=self._shares, k=count)

    def _enriched(self, article: Article) -> EnrichedArticle:
        named = [f"p{rank}" for rank in dict.fromkeys(self._people(NAMED))]
        entities = tuple(Entity(id=who, name=f"Person {who}", kind="person", spans=SPAN) for who in named)
        stances = tuple(
            Stance(
                holder=holder,
                holder_name=holder,
                target=target,
                target_name=target,
                polarity=0.5,
                confidence=0.9,
                evidence=SPAN,
            )
            for holder, target in pairwise(named[:4])
        )
        places = tuple(
            Place(
                name="Here",
                spans=SPAN,
                lat=self._chance.uniform(-60, 60),
                lon=self._chance.uniform(-180, 180),
                country=self._chance.choice(COUNTRIES),
                feature="city",
                confidence=0.9,
                reason="invented",
            )
            for _ in range(3)
        )
        annotated = AnnotatedArticle(article=article, entities=entities, places=places, stances=stances)
        new = Development(kind=self._chance.choice(("new_act", "new_actor")), reason="It is new.", score=0.7)
        story = f"s-{self._chance.randrange(100)}"
        return EnrichedArticle(
            annotated=annotated, moment=StoryMoment(story=story, position=1, novelty=0.5, developments=(new,))
        )
