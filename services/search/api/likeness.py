"""Go on from an article, or from a question, to what is near it: articles like it, and names that belong to it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from services.search.api.articles import NOT_LISTED
from services.search.api.as_of import KnownThen, as_known
from services.search.api.asking import asked_now
from services.search.api.parameters import FilterQuery, criteria_of
from services.search.api.parts import PartsOf
from services.search.api.problems import NOT_FOUND, Problem
from services.search.related import Related, related_ids, related_shown, to_names, to_related
from services.search.results import ArticleShown, Shown, article_shown
from services.search.similar import to_similar

router = APIRouter(prefix="/articles", tags=["articles"])


class SimilarQuery(BaseModel):
    """What `GET /articles/{article}/similar` takes."""

    model_config = ConfigDict(frozen=True)

    size: int = Field(default=10, ge=1, le=50, description="Articles at most.")
    other_stories: bool = Field(default=False, description="Only articles that are not of its own story.")


class Similar(Shown):
    """Articles like one."""

    articles: tuple[ArticleShown, ...] = Field(description="most like it first")


class RelatedQuery(FilterQuery, KnownThen):
    """What `GET /articles/related` takes."""

    size: int = Field(default=20, ge=1, le=100, description="Names at most.")


@router.get("/related", summary="Find names that belong to a question")
async def read_related(query: Annotated[RelatedQuery, Query()], parts: PartsOf) -> Related:
    """Who and what the articles that answer best name more often than all articles do. Whom the question asks for is
    left out; a question that asks for everything has no such names.
    """
    criteria, now = await asked_now(as_known(criteria_of(query), query.as_of), parts.archive)
    found = await parts.archive.find(to_related(criteria, query.size, now))
    ids = related_ids(found)
    named = await parts.archive.find(to_names(ids)) if ids else None
    return related_shown(found, named, criteria, query.size)


@router.get("/{article}/similar", summary="Find articles like one", responses=NOT_FOUND)
async def read_similar(
    article: Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="the article's id")],
    query: Annotated[SimilarQuery, Query()],
    parts: PartsOf,
) -> Similar:
    """Articles that share the words which tell this one from others. Its own near-duplicates are left out, and of the
    near-duplicates of another only the one that is most like it is there.
    """
    source = await parts.archive.get(article)
    if source is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no article {article}")
    body = to_similar(source, query.size, other_stories=query.other_stories)
    found = await parts.archive.find({**body, "source": {"excludes": NOT_LISTED}})
    return Similar(articles=tuple(article_shown(hit) for hit in found["hits"]["hits"]))
