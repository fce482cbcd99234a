"""What is sent and waited for until there is an answer, as steps that either client goes: one logic, two senders."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from pydantic import ValidationError

from dateline_client import asks
from dateline_client.asks import Ask
from dateline_client.growing import Growing, Nothing
from dateline_client.problem import Problem, Unreadable, problem_of
from dateline_client.searches import BacktestShown, SearchAsked

LOOK_AGAIN = 1.0
"""Seconds between two looks at a backtest that is still running."""

T = TypeVar("T", bound=Growing)


@dataclass(frozen=True)
class Pause:
    """Wait so many seconds."""

    seconds: float


Steps = Generator[Ask[Any] | Pause, httpx.Response | None, T]
"""Yields what is to be done, takes the response to what was asked, and returns the answer."""


@dataclass(frozen=True)
class Retries:
    """How often a request that was put off (429, 503) is sent again, and how many seconds that may take together."""

    times: int = 3
    seconds: float = 60.0

    def pause(self, problem: Problem, ask: Ask[Any], done: int, waited: float) -> float | None:
        """Seconds until it is sent again; none where it is not. A 429 was not begun, so that any may be sent again."""
        put_off = problem.status == 429 or (problem.status == 503 and ask.repeatable)
        after = problem.retry_after
        if not put_off or after is None or done >= self.times or waited + after > self.seconds:
            return None
        return after


def answered(ask: Ask[T], retries: Retries) -> Steps[T]:
    """The answer, after as many tries as `retries` grants. Raises Problem, or Unreadable."""
    done, waited = 0, 0.0
    while True:
        response = yield ask
        assert response is not None
        if response.is_success:
            return _read(response, ask.model)
        problem = problem_of(response)
        pause = retries.pause(problem, ask, done, waited)
        if pause is None:
            raise problem
        done, waited = done + 1, waited + pause
        yield Pause(pause)


def backtested(search: SearchAsked, days: int, within: float, retries: Retries) -> Steps[BacktestShown]:
    """The backtest when it is over, or as far as it is `within` so many seconds: its `state` says which."""
    told = yield from answered(asks.backtest(search, days), retries)
    waited = 0.0
    while told.state == "running" and waited < within:
        yield Pause(LOOK_AGAIN)
        waited += LOOK_AGAIN
        told = yield from answered(asks.backtest_run(told.id), retries)
    return told


def _read(response: httpx.Response, model: type[T]) -> T:
    if model is Nothing:
        return model()
    try:
        return model.model_validate_json(response.content)
    except ValidationError as error:
        raise Unreadable(f"{response.request.url.path}: {error}") from error
