"""Read the gallery's cases with the shipped models, as the stream would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from schemas.annotations import AnnotatedArticle
from services.enrich.annotate import Tools, annotate
from services.enrich.batch import article_of, asked_for
from services.enrich.settings import EnrichSettings
from services.enrich.tools import Models
from tests.enrich.gallery.cases import Case, faults


def shipped(cache: Path | None = None) -> Tools:
    """The shipped steps for names and places; stances and embeddings, which no case asks for, are left out."""
    settings = EnrichSettings() if cache is None else EnrichSettings(cache=cache)
    return asked_for(Models.load(settings).tools(), stances=False, vectors=False)


def read(case: Case, tools: Tools) -> AnnotatedArticle:
    """One case as annotated."""
    [annotated] = annotate([article_of(case.row())], tools)
    return annotated


def judged(cases: Iterable[Case], tools: Tools) -> Iterator[tuple[Case, list[str]]]:
    """Each case with its faults."""
    for case in cases:
        yield case, faults(case, read(case, tools))
