"""Read the gallery's cases with the shipped models, as the stream would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.annotations import AnnotatedArticle
from services.enrich.annotate import Tools, annotate
from services.enrich.batch import article_of, asked_for
from services.enrich.settings import EnrichSettings
from services.enrich.tools import Models
from tests.enrich.gallery.cases import Case, faults


def shipped() -> Tools:
    """The shipped steps for names and places."""
    return of_names_and_places(Models.load(EnrichSettings()))


def of_names_and_places(models: Models) -> Tools:
    """The steps for names and places; stances and embeddings, which no case asks for, are left out."""
    return asked_for(models.tools(), stances=False, vectors=False)


def read(case: Case, tools: Tools) -> AnnotatedArticle:
    """One case as annotated."""
    [annotated] = annotate([article_of(case.row())], tools)
    return annotated


def judged(cases: Iterable[Case], tools: Tools) -> Iterator[tuple[Case, list[str]]]:
    """Each case with its faults."""
    for case in cases:
        yield case, faults(case, read(case, tools))
