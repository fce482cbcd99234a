"""Backtests are kept while they run, and the oldest that are over go first."""

import asyncio
from typing import Any

import pytest

from schemas.saved_search import SavedSearch
from services.search.api import backtest_runs
from services.search.api.backtest_runs import Runs
from services.search.api.problems import Problem
from tests.search.reports import NOON


class Slow:
    """An archive that counts nothing until it is let."""

    def __init__(self) -> None:
        self.let = asyncio.Event()

    async def find(self, body: Any) -> Any:
        await self.let.wait()
        return {"hits": {"total": {"value": 10**9}}}


SEARCH = SavedSearch(id="backtest", name="S", criteria={"q": "water"}, created=NOON)


def test_one_that_runs_is_not_thrown_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest_runs, "MOST_KEPT", 3)

    async def scenario() -> None:
        runs, slow, quick = Runs(), Slow(), Slow()
        quick.let.set()
        archive: Any = slow
        long_one = runs.start(SEARCH, 7, archive)
        over = []
        for _ in range(6):
            archive = quick
            over.append(runs.start(SEARCH, 7, archive))
            assert over[-1].task is not None
            await over[-1].task
        assert runs.get(long_one.id) is long_one
        assert (runs.get(over[0].id), runs.get(over[-1].id)) == (None, over[-1])
        assert "ask for fewer days" in (over[-1].failure or "")
        archive = slow
        for _ in range(backtest_runs.MOST_RUNNING - 1):
            runs.start(SEARCH, 7, archive)
        with pytest.raises(Problem, match="are running"):
            runs.start(SEARCH, 7, archive)
        await runs.stop()
        assert long_one.task is not None
        assert long_one.task.done()

    asyncio.run(scenario())
