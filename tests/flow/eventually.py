"""Wait for what must come, without saying when."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(true: Callable[[], T], within: float = 10.0, every: float = 0.1) -> T:
    """Ask until the answer is true, and give it; after `within` seconds fail with the last answer or error.

    An AssertionError or an error of a server that is away counts as "not yet".
    """
    deadline = time.monotonic() + within
    while True:
        problem: Exception | None = None
        answer: T | None = None
        try:
            answer = true()
        except Exception as error:  # a server that is coming back fails in its client's own ways
            problem = error
        if problem is None and answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s; the last answer was {problem or answer!r}") from problem
        time.sleep(every)


async def eventually_so(true: Callable[[], bool], within: float = 10.0, every: float = 0.01) -> None:
    """Let the event loop's other tasks go on until it is so; after `within` seconds fail."""
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"not within {within} s"
        await asyncio.sleep(every)
