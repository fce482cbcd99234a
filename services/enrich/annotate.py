"""Say what an article says: its names, its places, who is for or against whom, and its figures and deeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schemas.annotations import AnnotatedArticle, Entity, Focus, Place, Stance, Written
from schemas.article import Article
from schemas.message import Span
from services.enrich.dateline import told_of, written
from services.enrich.deeds import find_deeds
from services.enrich.entities import Mention
from services.enrich.figures import find_figures
from services.telemetry import timed

ENRICHMENT = 5
"""Grows whenever an article would be annotated otherwise than before, so that a better reading replaces it."""

LANGUAGES = frozenset({"en"})
"""What the models were made for; an article in any other language goes on unread, and says so."""


@dataclass(frozen=True)
class Placed:
    """Where an article happens: its places, the one that it is about, and places that it only alludes to."""

    places: tuple[Place, ...] = ()
    focus: Focus | None = None
    allusions: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Tools:
    """The steps with their models already in them, so that annotating is the same with fakes.

    `vectors` takes the texts of a whole batch; the others take one article at a time. `entities` and `places` are
    told too what of the text speaks of its own writing.
    """

    sentences: Callable[[str], Sequence[Span]]
    mentions: Callable[[Article, Sequence[Span]], Sequence[Mention]]
    entities: Callable[[Article, Sequence[Mention], Written | None, Sequence[Place]], tuple[Entity, ...]]
    places: Callable[[Article, Sequence[Mention], Written | None], Placed]
    stances: Callable[[Article, Sequence[Span], Sequence[Entity]], tuple[Stance, ...]]
    vectors: Callable[[Sequence[str]], Sequence[tuple[float, ...]]]


def annotate(articles: Sequence[Article], tools: Tools) -> list[AnnotatedArticle]:
    """Annotate a batch of articles, in their order; those that no model was made for go on unread."""
    with timed("enrich", "vector"):
        vectors = iter(tools.vectors([lede(article) for article in articles if article.language in LANGUAGES]))
    return [
        _annotated(article, next(vectors), tools)
        if article.language in LANGUAGES
        else AnnotatedArticle(article=article, annotated=False, enrichment=ENRICHMENT)
        for article in articles
    ]


def lede(article: Article) -> str:
    """The title and the text's first part: what a report puts first is what it is about."""
    # 1,000 characters are more wordpieces than the embedder reads (128) in any English text.
    return f"{article.title}\n{article.text[:1000]}"


def _annotated(article: Article, vector: tuple[float, ...], tools: Tools) -> AnnotatedArticle:
    with timed("enrich", "sentences"):
        sentences = tools.sentences(article.text)
    with timed("enrich", "entities"):
        mentions = tools.mentions(article, sentences)
    with timed("enrich", "places"):
        frame = written(article.text, mentions)
        placed = tools.places(article, mentions, frame)
    with timed("enrich", "actors"):
        entities = tools.entities(article, mentions, frame, placed.places)
    with timed("enrich", "stances"):
        stances = tools.stances(article, sentences, told_of(entities, frame))
    return AnnotatedArticle(
        article=article,
        entities=entities,
        places=placed.places,
        allusions=placed.allusions,
        focus=placed.focus,
        stances=stances,
        figures=find_figures(article.title, article.text),
        deeds=find_deeds(article.title, article.text),
        written=frame,
        vector=vector,
        enrichment=ENRICHMENT,
    )
