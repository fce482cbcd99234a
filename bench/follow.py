"""Following, against the size of its window; the baseline is one product of an article's vector with all that are kept.

The articles are made up, so that there can be a hundred thousand: words by Zipf's law, a third of an article's own to
its story, vectors that lie close within a story, and as many names, figures and deeds as the wire's have.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import psutil

import models
from schemas.annotations import AnnotatedArticle, Deed, Entity, Figure, Place
from schemas.article import Article, Outlet
from schemas.message import Span
from services.collector import spare
from services.enrich.claims import Claims
from services.enrich.follow import Measures, follow, remembered
from services.enrich.likeness import Rarity, terms
from services.enrich.memory import Stories
from services.enrich.novelty import opening
from services.enrich.vector import SIZE

ARTICLES_A_STORY = 3.3
WORDS, STORY_WORDS, VOCABULARY = 460, 40, 60_000
"""Words of an article (the wire's mean), words that are its story's own, and words that there are."""

THOUSANDS = 1000
STEPS = (0.01, 0.1, 0.3, 1.0)
MEASURED = 400
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
_ACTS = ("sign", "arrest", "accuse", "reject", "send", "approve", "withdraw", "attack")


def measure(source: Path | None, count: int) -> Iterator[dict[str, object]]:
    """Milliseconds an article and MiB at parts of a window of `count` thousand articles; `source` is not read."""
    del source
    window = count * THOUSANDS
    made = _Made(window)
    before = psutil.Process().memory_info().rss
    stories = Stories(timedelta(days=7), window)
    measures = Measures(made.rarity, Measures.read(Path(models.__file__).parent / "stories").weights)
    filled = 0
    for step in STEPS:
        while filled < int(step * window) - MEASURED:
            _keep(made.article(filled), stories, measures)
            filled += 1
        batch = [made.article(filled + number) for number in range(MEASURED)]
        filled += MEASURED
        # As the stream does once it has restored what it remembers.
        spare()
        began = time.process_time()
        for article in batch:
            followed = follow(article, stories, measures)
            followed.rows()
            if followed.remembered is not None and followed.chronicle is not None:
                stories.add(followed.remembered, followed.chronicle, followed.merged)
        ours = 1000 * (time.process_time() - began) / MEASURED
        baseline = _bare(stories, batch)
        yield {
            "what": "following an article",
            "articles": len(stories),
            "stories": stories.stories,
            "ms_article": round(ours, 2),
            "per_second": round(1000 / ours),
            "mib": (psutil.Process().memory_info().rss - before) // 1024**2,
            "baseline": {"what": "one vector times all that are kept", "ms_article": round(baseline, 2)},
            "ratio": round(ours / baseline, 2),
        }


def _keep(article: AnnotatedArticle, stories: Stories, measures: Measures) -> None:
    """Remember an article with the story that it was made for, as following would, without looking for it."""
    story = article.article.outlet.name
    chronicle, claims = stories.chronicle(story), Claims(article)
    row = remembered(claims, f"{article.article.id}.1", stories, measures)
    if not chronicle.articles:
        chronicle.tell([new.found for new in opening(story).new], (), article.article)
    chronicle.take(claims, row.order, measures.rarity, is_copy=False, is_revision=False)
    moment = row.moment.model_copy(update={"story": story})
    stories.add(row.of(moment), chronicle.packed())


def _bare(stories: Stories, batch: list[AnnotatedArticle]) -> float:
    """Milliseconds that the simplest exact search of vectors takes, which finds no story yet."""
    matrix = stories.columns.vector[: len(stories)].astype(np.float32)
    began = time.process_time()
    for article in batch[:50]:
        np.argpartition(matrix @ np.array(article.vector, dtype=np.float32), -1)
    return 1000 * (time.process_time() - began) / 50


class _Made:
    """Articles by their number; the same number gives the same article."""

    def __init__(self, window: int) -> None:
        self._stories = max(1, int(window / ARTICLES_A_STORY))
        self._shares = 1 / np.arange(1, VOCABULARY + 1)
        self._shares /= self._shares.sum()
        # How rare a word is, as a corpus of so many articles would tell.
        seen = np.minimum(window, window * (1 - np.exp(-WORDS * self._shares)))
        frequencies = Counter({terms(_word(rank))[0]: int(found) for rank, found in enumerate(seen)})
        self.rarity = Rarity(frequencies, window)

    def article(self, number: int) -> AnnotatedArticle:
        """The article with that number, of a story whose articles come one after another, among others' in between."""
        chance = np.random.default_rng(number)
        story = int(chance.integers(max(1, number // 4), number // 4 + 400)) % self._stories
        own = np.random.default_rng(10**9 + story)
        of_story = [_word(rank) for rank in own.integers(200, VOCABULARY, STORY_WORDS)]
        common = [_word(rank) for rank in chance.choice(VOCABULARY, WORDS, p=self._shares)]
        words = [one if chance.random() < 0.7 else of_story[int(chance.integers(STORY_WORDS))] for one in common]
        text = ". ".join(" ".join(words[at : at + 20]) for at in range(0, WORDS, 20))
        vector = own.normal(size=SIZE) + 0.5 * chance.normal(size=SIZE)
        published = FIRST + timedelta(seconds=4 * number)
        return AnnotatedArticle(
            article=Article(
                id=hashlib.sha256(str(number).encode()).hexdigest()[:32],
                url=f"https://wire.example/{number}",
                fetched_url=f"https://wire.example/{number}",
                outlet=Outlet(domain=f"outlet-{number % 500}.example", name=f"story-{story}"),
                title=" ".join([*of_story[:6], words[0], words[1]]),
                text=text,
                language="en",
                published=published,
                seen=published,
            ),
            entities=tuple(_entity(story, chance, at) for at in range(12)),
            places=tuple(_place(story, chance, at) for at in range(3)),
            figures=tuple(
                Figure(value=float(chance.integers(2, 99)), unit="count", of="dead", span=Span(start=at, end=at + 2))
                for at in range(10, 90, 10)
            ),
            deeds=tuple(
                Deed(name=_ACTS[int(chance.integers(8))], act="ACCUSE", told="news", span=Span(start=at, end=at + 4))
                for at in range(5, 25, 5)
            ),
            vector=tuple((vector / np.linalg.norm(vector)).round(4).tolist()),
        )


def _word(rank: int) -> str:
    return f"w{rank:x}q"


def _entity(story: int, chance: np.random.Generator, at: int) -> Entity:
    name = f"Name {story * 8 + at}" if at < 8 else f"Name {10**8 + int(chance.integers(10**6))}"
    return Entity(
        id=f"local:person:{name}",
        name=name,
        kind="person",
        spans=(Span(start=at * 30, end=at * 30 + 9),),
        salience=float(chance.random()),
    )


def _place(story: int, chance: np.random.Generator, at: int) -> Place:
    return Place(
        name=f"Place {story * 2 + at}" if at < 2 else f"Place {int(chance.integers(10**5))}",
        spans=(Span(start=at * 40 + 5, end=at * 40 + 12),),
        lat=0,
        lon=0,
        feature="city",
        confidence=0.9,
        reason="it is there",
    )
