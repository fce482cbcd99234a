"""Run backtests beside the answering of other readers: some at once, kept until enough later ones have come."""

import asyncio
import uuid
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from schemas.alert import Alert
from schemas.saved_search import SavedSearch
from services.search.api.archive import Archive
from services.search.api.problems import Problem
from services.search.backtest import TOLD_OF, Backtest, Support, candidates
from services.search.criteria import Criteria
from services.telemetry import get_log

log = get_log("api")

PAGE = 500
"""Articles read at once; between pages other readers are answered."""

MOST_READ = 50_000
"""Articles that one backtest reads: a question that more than so many answer is no question for alerts."""

MOST_SHOWN = 500
"""Alerts that are shown, the latest; all are counted."""

MOST_RUNNING, MOST_KEPT = 4, 50


@dataclass
class Run:
    """One backtest under way or done; kept in memory, and gone when the API ends."""

    id: str
    began: datetime
    ended: datetime
    total: int = 0
    read: int = 0
    answering: int = 0
    alerts: deque[Alert] = field(default_factory=lambda: deque(maxlen=MOST_SHOWN))
    raised: list[datetime] = field(default_factory=list)
    failure: str | None = None
    task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Is there more to be read?"""
        return self.task is not None and not self.task.done()


class Runs:
    """The backtests of late, by id."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}

    def start(self, search: SavedSearch, days: int, archive: Archive) -> Run:
        """Begin one; raises a problem where too many run."""
        if sum(1 for run in self._runs.values() if run.is_running) >= MOST_RUNNING:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"{MOST_RUNNING} backtests are running, which are as many as run at once",
                headers={"Retry-After": "10"},
            )
        now = datetime.now(UTC)
        run = Run(uuid.uuid4().hex, now - timedelta(days=days), now)
        run.task = asyncio.create_task(_run(run, search, archive))
        self._runs[run.id] = run
        over = [known.id for known in self._runs.values() if not known.is_running]
        for known in over[: max(0, len(self._runs) - MOST_KEPT)]:
            del self._runs[known]
        return run

    def get(self, run: str) -> Run | None:
        """The backtest of that id, as long as it is kept."""
        return self._runs.get(run)

    async def stop(self) -> None:
        """Let none go on."""
        tasks = [run.task for run in self._runs.values() if run.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _run(run: Run, search: SavedSearch, archive: Archive) -> None:
    try:
        await _replay(run, search, archive)
    except Problem as error:
        run.failure = error.detail
    except Exception as error:  # Nobody waits for it any more: what it was is told to whoever asks.
        log.exception("backtest failed", backtest=run.id)
        run.failure = f"{type(error).__name__}: {error}"[:300]


async def _replay(run: Run, search: SavedSearch, archive: Archive) -> None:
    test = Backtest(search)
    query = candidates(Criteria.model_validate(search.criteria), run.began, run.ended)
    counted = await archive.find({"query": query, "size": 0, "track_total_hits": MOST_READ + 1})
    run.total = counted["hits"]["total"]["value"]
    if run.total > MOST_READ:
        run.failure = (
            f"more than {MOST_READ:,} articles would have to be read; ask for fewer days, or for less: "
            "what so many answer is no question for alerts"
        )
        return
    support = await _support(query, run, archive) if test.needs_support else None
    async for page in _pages(query, test.fields, archive):
        # Reading articles anew takes seconds, in which others want to be answered.
        raised = await asyncio.to_thread(_taken, page, test, support)
        run.read, run.answering = run.read + len(page), test.answering
        run.alerts.extend(raised)
        run.raised += [alert.raised for alert in raised]


def _taken(page: list[dict[str, Any]], test: Backtest, support: Support | None) -> list[Alert]:
    return [alert for document in page for alert in test.take(document, support)]


async def _support(query: dict[str, Any], run: Run, archive: Archive) -> Support:
    """Who told what in the stories of these articles, whenever it was. Raises a problem where that is too much."""
    support, stories, read = Support(), set[str](), 0
    async for page in _pages(query, ["story"], archive):
        stories.update(document["story"] for document in page)
    named = sorted(stories)
    for first in range(0, len(named), PAGE):
        told = [{"terms": {"story": named[first : first + PAGE]}}, {"range": {"seen": {"lt": run.ended.isoformat()}}}]
        async for page in _pages({"bool": {"filter": told}}, TOLD_OF, archive):
            read += len(page)
            if read > MOST_READ:
                detail = (
                    f"their stories have more than {MOST_READ:,} articles, by which outlets are counted; ask for less"
                )
                raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
            for document in page:
                support.take(document)
    return support


async def _pages(query: dict[str, Any], fields: list[str], archive: Archive) -> AsyncIterator[list[dict[str, Any]]]:
    """All documents in the order they were seen."""
    point = await archive.open_point()
    after: list[Any] = []
    try:
        while True:
            body: dict[str, Any] = {
                "query": query,
                "size": PAGE,
                "sort": [{"seen": "asc"}, {"id": "asc"}],
                "source": {"includes": fields},
                "track_total_hits": False,
            }
            found = await archive.find_at(point, body | ({"search_after": after} if after else {}))
            point = found["pit_id"]
            hits = found["hits"]["hits"]
            yield [hit["_source"] for hit in hits]
            if len(hits) < PAGE:
                return
            after = hits[-1]["sort"]
    finally:
        await archive.close_point(point)
