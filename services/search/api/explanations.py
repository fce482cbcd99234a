"""Say of an article why it answers a saved search, or why not."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from services.search.api.parts import PartsOf
from services.search.api.problems import NOT_FOUND, Problem
from services.search.api.searches import SearchId, found
from services.search.criteria import Criteria
from services.search.explain import ClauseShown, explained, why
from services.search.results import DevelopmentShown, Shown
from services.search.stored import enriched_of, so_far_of

router = APIRouter(prefix="/searches", tags=["saved searches"])


class ExplanationShown(Shown):
    """What of a saved search an article meets, and whether that counts."""

    search: str
    version: int
    article: str
    answers: bool = Field(description="every clause is met, so that a search finds the article")
    counts: bool = Field(description="it would raise an alert, had nothing of it been told before")
    why: str
    clauses: tuple[ClauseShown, ...] = Field(description="each must be met; none asks for everything")
    developments: tuple[DevelopmentShown, ...] = Field(default=(), description="what is new in it, and why")


@router.get("/{search}/explain/{article}", summary="Say why an article answers, or why not", responses=NOT_FOUND)
async def explain(
    search: SearchId,
    article: Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="the article's id")],
    parts: PartsOf,
) -> ExplanationShown:
    """By the same code that raises alerts. Of how many outlets tell something, the story now is asked."""
    saved = found(search, parts)
    document = await parts.archive.get(article)
    if document is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no article {article}")
    stories = await parts.archive.stories([document["story"]])
    story = stories.get(document["story"])
    so_far = None if story is None or "merged_into" in story else so_far_of(story)
    enriched = enriched_of(document, so_far)
    clauses = explained(Criteria.model_validate(saved.criteria), enriched)
    counts, said = why(saved, enriched, clauses)
    return ExplanationShown(
        search=saved.id,
        version=saved.version,
        article=article,
        answers=all(clause.met for clause in clauses),
        counts=counts,
        why=said,
        clauses=clauses,
        developments=tuple(DevelopmentShown(**one.model_dump()) for one in enriched.moment.developments),
    )
