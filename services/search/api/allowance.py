"""Count what each reader asks, so that none takes the API from the others: a bucket that fills at a steady rate."""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_READERS = 100_000
"""Buckets that are kept; the one used longest ago goes first, and is full by then unless so many ask in a minute."""


@dataclass(frozen=True)
class Turn:
    """What is left to a reader after this request."""

    limit: int
    left: int
    full_in: float
    wait: float
    """Seconds until the next request is taken; 0 where this one was."""

    def headers(self) -> dict[str, str]:
        """As the IETF's draft has it (draft-ietf-httpapi-ratelimit-headers-10), with `Retry-After` where it is none."""
        said = {
            "RateLimit-Policy": f'"default";q={self.limit};w=60',
            "RateLimit": f'"default";r={self.left};t={math.ceil(self.full_in)}',
        }
        return {**said, "Retry-After": str(math.ceil(self.wait))} if self.wait else said


class Allowance:
    """So many requests a minute for each reader, all at once or spread; 0 counts nothing. For one thread."""

    def __init__(self, a_minute: int, clock: Callable[[], float]) -> None:
        """`clock` says how many seconds have gone by, and never goes back."""
        self._limit = a_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, reader: str) -> Turn | None:
        """Take one request out of the reader's bucket if there is one; none where nothing is counted."""
        if self._limit == 0:
            return None
        a_second, now = self._limit / 60, self._clock()
        held, since = self._buckets.pop(reader, (float(self._limit), now))
        held = min(self._limit, held + (now - since) * a_second)
        taken = held >= 1
        held -= taken
        self._buckets[reader] = (held, now)
        if len(self._buckets) > MOST_READERS:
            self._buckets.popitem(last=False)
        wait = 0.0 if taken else (1 - held) / a_second
        return Turn(limit=self._limit, left=int(held), full_in=(self._limit - held) / a_second, wait=wait)
