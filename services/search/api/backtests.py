"""Say before a search is saved how often it would have fired in the last days, and with which alerts."""

import asyncio
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import Field

from schemas.alert import Alert
from schemas.saved_search import SavedSearch
from services.search.api.backtest_runs import MOST_KEPT, MOST_SHOWN, Run
from services.search.api.parts import PartsOf
from services.search.api.problems import NOT_FOUND, Problem, invalid
from services.search.api.search_asked import AskedPart, SearchAsked
from services.search.backtest import by_day
from services.search.results import DevelopmentShown, Shown

router = APIRouter(prefix="/searches", tags=["saved searches"])

ANSWERED_WITHIN = 3.0
"""Seconds until a short one is answered at once; a longer one is asked for again."""


class BacktestAsked(AskedPart):
    """A saved search that is not saved yet, and the days that it is held against."""

    search: SearchAsked
    days: int = Field(default=7, ge=1, le=31)


class AlertOfThen(Shown):
    """An alert that would have been raised."""

    article: str
    url: str
    title: str
    outlet: str
    published: datetime
    seen: datetime = Field(description="when it would have been raised")
    story: str
    reason: str
    developments: tuple[DevelopmentShown, ...] = ()


class BacktestShown(Shown):
    """How often the search would have fired; while it runs, so far."""

    id: str
    state: Literal["running", "done", "failed"]
    done: float = Field(description="the share of the articles read so far, 0 to 1")
    began: datetime = Field(description="first moment that is counted")
    ended: datetime
    read: int = Field(description="articles read so far")
    answering: int = Field(description="articles that answer the question, new or not")
    alerts: int
    alerts_by_day: dict[str, int] = Field(description="in UTC; days without any are left out")
    latest: tuple[AlertOfThen, ...] = Field(description=f"the latest {MOST_SHOWN} alerts at most, oldest first")
    failure: str | None = None


@router.post("/backtest", summary="Say how often a search would have fired", responses={202: {"model": BacktestShown}})
async def backtest(asked: BacktestAsked, parts: PartsOf, response: Response) -> BacktestShown:
    """Nothing is saved and nobody is told. By the alerter's own code, over the articles of the last days as they are
    in the index: of an article that was revised since, its last revision. One that takes longer than some seconds is
    answered with 202, and asked for again where `Location` says.
    """
    if faults := asked.search.asks_for_nothing("#/search/criteria"):
        raise invalid(*faults)
    kept = {**asked.search.kept(), "deliver": ()}
    search = SavedSearch(id="backtest", created=datetime.now(UTC), **kept)
    run = parts.backtests.start(search, asked.days, parts.archive)
    assert run.task is not None
    await asyncio.wait([run.task], timeout=ANSWERED_WITHIN)
    if not run.task.done():
        response.status_code = HTTPStatus.ACCEPTED
    response.headers["Location"] = f"/searches/backtests/{run.id}"
    return _shown(run)


@router.get("/backtests/{run}", summary="Read how far a backtest is", responses=NOT_FOUND)
async def read_backtest(run: Annotated[str, Path(pattern="^[0-9a-f]{32}$")], parts: PartsOf) -> BacktestShown:
    """Kept for as long as the API runs, the last fifty."""
    known = parts.backtests.get(run)
    if known is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no backtest {run}; the last {MOST_KEPT} are kept")
    return _shown(known)


def _shown(run: Run) -> BacktestShown:
    """How far it is."""
    return BacktestShown(
        id=run.id,
        state="running" if run.is_running else "failed" if run.failure else "done",
        done=round(run.read / run.total, 3) if run.total else float(not run.is_running),
        began=run.began,
        ended=run.ended,
        read=run.read,
        answering=run.answering,
        alerts=len(run.raised),
        alerts_by_day=by_day(run.raised),
        latest=tuple(map(_of_then, run.alerts)),
        failure=run.failure,
    )


def _of_then(alert: Alert) -> AlertOfThen:
    return AlertOfThen(
        article=alert.article,
        url=alert.url,
        title=alert.title,
        outlet=alert.outlet,
        published=alert.published,
        seen=alert.raised,
        story=alert.story,
        reason=alert.reason,
        developments=tuple(DevelopmentShown(**one.model_dump()) for one in alert.developments),
    )
