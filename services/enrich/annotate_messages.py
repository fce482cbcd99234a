"""Annotate messages as they come off their topic: read each, annotate all at once, and say what came of every one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TypeVar

from schemas import wire
from schemas.annotations import AnnotatedArticle
from schemas.article import Article
from schemas.topics import ARTICLES, Topic
from services.enrich.annotate import Tools, annotate
from services.enrich.carry import ATTEMPTS, Made, Origin, attempted
from services.telemetry import get_log

log = get_log("enrich")

T = TypeVar("T")


def annotated(origins: Sequence[Origin], tools: Tools) -> list[Made]:
    """Annotate a batch as it came off the topic: one Made for each, in order, whatever is wrong with some of them."""
    made: dict[int, Made] = {}
    articles: dict[int, Article] = {}
    for place, origin in enumerate(origins):
        try:
            articles[place] = decoded(ARTICLES, origin, Article)
        except wire.Undecodable as error:
            made[place] = Made(origin, "buried", error=error)
    for place, result in zip(articles, _annotated_apart(list(articles.values()), tools), strict=True):
        if isinstance(result, Exception):
            made[place] = Made(origins[place], "buried", step="annotate", error=result, attempts=ATTEMPTS)
        else:
            made[place] = Made(origins[place], "annotated" if result.annotated else "not_annotated", result)
    return [made[place] for place in range(len(origins))]


def _annotated_apart(articles: list[Article], tools: Tools) -> list[AnnotatedArticle | Exception]:
    """Annotate all at once; if that fails, each alone, so that one article cannot take the others with it."""
    try:
        return list(annotate(articles, tools))
    except Exception as error:  # Whatever a step raises: each is tried again, and buried if it fails.
        log.warning("failed, trying each alone", articles=len(articles), error=type(error).__name__)
        return [attempted(partial(_alone, article, tools)) for article in articles]


def _alone(article: Article, tools: Tools) -> AnnotatedArticle:
    return annotate([article], tools)[0]


def decoded(topic: Topic, origin: Origin, kind: type[T]) -> T:
    """The message that stood there. Raises `Undecodable`."""
    message = wire.decode(topic, origin.value, origin.headers)
    if not isinstance(message, kind):
        raise wire.Undecodable(f"{topic.name}: carries no {kind.__name__}")
    return message
