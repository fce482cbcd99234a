"""Count articles instead of listing them: over time, and over the map."""

from datetime import tzinfo
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from services.search.api.asking import asked_now
from services.search.api.parameters import FilterQuery, criteria_of
from services.search.api.parts import PartsOf
from services.search.api.problems import Fault, invalid
from services.search.api.zones import NotAZone, day_in, zone_of
from services.search.histogram import MOST_BUCKETS, Histogram, Interval, histogram_shown, to_histogram

router = APIRouter(prefix="/articles", tags=["articles"])


class HistogramQuery(FilterQuery):
    """What `GET /articles/histogram` takes."""

    interval: Interval = Field(default="day", description="Length of a bucket; a week begins on Monday.")
    zone: str = Field(
        default="UTC",
        description="In which the buckets begin, and `from` and `to` if they are days: a name, or hours from UTC.",
        examples=["Asia/Tokyo", "+05:30"],
    )


@router.get("/histogram", summary="Count articles over time")
async def read_histogram(query: Annotated[HistogramQuery, Query()], parts: PartsOf) -> Histogram:
    """How many of the articles that `GET /articles` finds were published in each minute, hour, day, week or month. The
    counts add up to the exact total; a bucket without articles is left out.
    """
    zone = _zone(query.zone)
    days = {"from_": day_in(query.from_, zone), "to": day_in(query.to, zone, end=True)}
    criteria, now = await asked_now(criteria_of(query.model_copy(update=days)), parts.archive)
    found = await parts.archive.find(to_histogram(criteria, query.interval, query.zone, now))
    shown = histogram_shown(found, query.interval, query.zone, zone)
    if shown is None:
        detail = (
            f"interval: articles were found in more than {MOST_BUCKETS:,} {query.interval}s; take a longer interval,"
            " or from and to closer together"
        )
        raise invalid(Fault(parameter="interval", detail=detail))
    return shown


def _zone(written: str) -> tzinfo:
    try:
        return zone_of(written)
    except NotAZone as error:
        raise invalid(Fault(parameter="zone", detail=f"zone: {error}")) from error
