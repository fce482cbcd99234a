"""Read a story as it unfolded."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query

from services.search.api.articles import NOT_LISTED
from services.search.api.parts import PartsOf
from services.search.api.problems import NOT_FOUND, Problem
from services.search.criteria import Criteria
from services.search.query import to_highlight
from services.search.results import StoryShown

router = APIRouter(tags=["stories"])


@router.get("/stories/{story}", summary="Read a story", responses=NOT_FOUND)
async def read_story(
    story: Annotated[str, Path(max_length=200, description="the story's id")],
    parts: PartsOf,
    size: Annotated[int, Query(ge=1, le=500, description="Articles at most, from the first on.")] = 100,
) -> StoryShown:
    """Its articles in the order they came, what each brought, who reported it, and from when to when."""
    found = await parts.archive.find(
        {
            "query": {"term": {"story": story}},
            "sort": [{"position": "asc"}, {"published": "asc"}, {"id": "asc"}],
            "size": size,
            "source": {"excludes": NOT_LISTED},
            "highlight": to_highlight(Criteria()),
            "track_total_hits": True,
            "aggs": {
                "outlets": {"terms": {"field": "outlet.domain", "size": 100}},
                "first": {"min": {"field": "published"}},
                "last": {"max": {"field": "published"}},
            },
        }
    )
    total = found["hits"]["total"]["value"]
    if not total:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no story {story}")
    return StoryShown.of(story, found["hits"]["hits"], total, found["aggregations"])
