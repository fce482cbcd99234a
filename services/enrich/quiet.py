"""Let the Kafka libraries say a thing once a minute: while a broker is away they say it a hundred times a second."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

LIBRARIES = ("aiokafka", "kafka", "faust", "mode")


class OnceAMinute(logging.Filter):
    """Passes a logger's first line from each place in its code, and the next a minute later.

    Errors only: their warnings (a task that ran for 0.1 s, a commit that took a second) ask nobody to do anything.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the line may pass."""
        place, now = (record.pathname, record.lineno), self._clock()
        if record.levelno < logging.ERROR or now - self._said.get(place, -60.0) < 60.0:
            return False
        self._said[place] = now
        return True


def quieten() -> None:
    """Put the filter before everything that those libraries log."""
    once = OnceAMinute()
    # On the handlers: a filter on a logger does not hold for the loggers under it.
    for handler in logging.getLogger().handlers:
        handler.addFilter(lambda record: once.filter(record) if record.name.split(".")[0] in LIBRARIES else True)
