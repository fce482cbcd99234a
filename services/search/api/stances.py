"""Draw how one speaks of another over time, and who is for or against whom in a period."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from services.search.api.archive import Archive, Expired
from services.search.api.parameters import ACT, OUTLET, OUTLET_COUNTRY, WHO, Apart, read_criteria
from services.search.api.parts import PartsOf
from services.search.api.problems import Fault, away, invalid
from services.search.criteria import Criteria
from services.search.stance_network import MOST_EDGES, Network, network_body, network_shown
from services.search.stance_series import (
    MOST_BUCKETS,
    Interval,
    Series,
    is_too_long,
    linked_body,
    series_body,
    series_shown,
)
from services.search.zones import NotAZone, day_in, zone_of

router = APIRouter(prefix="/stances", tags=["stances"])


class PeriodQuery(BaseModel):
    """Which articles' stances are asked for."""

    model_config = ConfigDict(frozen=True)

    from_: str | None = Field(
        default=None,
        alias="from",
        description="Published at or after this moment, or this day.",
        examples=["2026-11-01"],
    )
    to: str | None = Field(default=None, description="Published before this moment, or on this day at the latest.")
    outlet: Annotated[list[str], Apart] = Field(default=[], description=OUTLET)
    outlet_country: Annotated[list[str], Apart] = Field(default=[], description=OUTLET_COUNTRY)
    act: Annotated[list[str], Apart] = Field(default=[], description=f"Only acts of one of {ACT}")
    quoted: bool | None = Field(
        default=None, description="Only what stands in quotation marks (true), or in the outlet's words (false)."
    )
    duplicates: bool = Field(
        default=True, description="Count near-duplicates of earlier articles too; false: what many copied counts once."
    )


class SeriesQuery(PeriodQuery):
    """What `GET /stances` takes."""

    holder: str | None = Field(
        default=None, description=f"Who speaks: {WHO} `outlet`: the outlets' own tone.", examples=["country:KE"]
    )
    target: str | None = Field(default=None, description=f"Of whom: {WHO}", examples=["Q115"])
    interval: Interval = Field(default="day", description="Length of a bucket; a week begins on Monday.")
    time_zone: str = Field(
        default="UTC",
        description="In which the buckets begin, and `from` and `to` if they are days: a name, or hours from UTC.",
        examples=["Asia/Tokyo", "+05:30"],
    )
    by: Literal["outlet_country"] | None = Field(default=None, description="Sum up by this as well.")


class NetworkQuery(PeriodQuery):
    """What `GET /stances/network` takes."""

    country: Annotated[list[str], Apart] = Field(
        default=[],
        description="ISO 3166-1 alpha-2 code: only pairs of which one acts for it; any of them. Several: `a,b`.",
    )
    min_count: int = Field(default=1, ge=1, le=1_000_000, description="Only pairs with at least so many stances.")
    size: int = Field(default=50, ge=1, le=MOST_EDGES, description="Pairs at most, the strongest.")


@router.get("", summary="Draw a curve of stances")
async def read_series(query: Annotated[SeriesQuery, Query()], parts: PartsOf) -> Series:
    """How the holder speaks of the target, bucket by bucket: mean polarity with its 95 % interval, how many stances,
    the share that is quoted, and the sentences that say it most strongly. Buckets in which nothing was said are left
    out.
    """
    if query.holder is None and query.target is None:
        raise invalid(Fault(parameter="holder", detail="holder: a holder, a target or both are expected"))
    try:
        zone = zone_of(query.time_zone)
    except NotAZone as error:
        raise invalid(Fault(parameter="time_zone", detail=f"time_zone: {error}")) from error
    criteria = _criteria(
        query,
        {"holder": query.holder, "target": query.target},
        published_from=day_in(query.from_, zone),
        published_to=day_in(query.to, zone, end=True),
    )
    body = series_body(
        criteria, query.interval, query.time_zone, by_country=query.by is not None, duplicates=query.duplicates
    )
    found, linked = await _found(parts.archive, body, query.interval)
    return series_shown(found, linked, query.interval, query.time_zone, zone)


@router.get("/network", summary="Draw who is for or against whom")
async def read_network(query: Annotated[NetworkQuery, Query()], parts: PartsOf) -> Network:
    """The strongest pairs of a period as a graph: who takes a side is a node, and how a holder stands to a target an
    edge. The outlets' own tone is left out. `more`, `stances` and `pairs` say what the graph does not show.
    """
    criteria = _criteria(query, {}, published_from=query.from_, published_to=query.to)
    countries = read_criteria({"country": query.country}).country
    body = network_body(criteria, countries, query.min_count, query.size, duplicates=query.duplicates)
    return network_shown((await parts.archive.find(body))["aggregations"], query.size)


def _criteria(query: PeriodQuery, sides: Mapping[str, str | None], **period: Any) -> Criteria:
    asked = {**sides, "quoted": query.quoted, "act": query.act}
    stance = {name: value for name, value in asked.items() if value is not None}
    return read_criteria({"stance": stance, "outlet": query.outlet, "outlet_country": query.outlet_country, **period})


async def _found(
    archive: Archive, body: Mapping[str, Any], interval: Interval
) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    """The sums, and the articles whose sentences are shown, both of the index as it was at one moment."""
    point = await archive.open_point()
    try:
        answer = await archive.find_at(point, body)
        point, found = answer["pit_id"], answer["aggregations"]
        if is_too_long(found):
            raise invalid(
                Fault(
                    parameter="interval",
                    detail=f"interval: something was said in more than {MOST_BUCKETS} {interval}s; take a longer"
                    " interval, or from and to closer together",
                )
            )
        linked = linked_body(found)
        return found, [] if linked is None else (await archive.find_at(point, linked))["hits"]["hits"]
    except Expired:
        # Between two requests of ours only a restart ends a point.
        raise away("the index") from None
    finally:
        await archive.close_point(point)
