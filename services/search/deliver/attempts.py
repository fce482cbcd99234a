"""What came of an attempt to deliver, and what follows: it is done, tried again by the schedule, or given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.delivery import Delivery

JITTER = 0.2
"""A pause is longer by up to this share of itself, so that what failed together is not tried again together."""

LONGEST_RETRY_AFTER = 24 * 3600.0
"""Seconds that a receiver may ask for at most: one that says "in a month" is tried again sooner."""

LONGEST_ERROR = 500


@dataclass(frozen=True)
class Taken:
    """The receiver has it."""

    status: int


@dataclass(frozen=True)
class Failed:
    """The receiver does not have it now; `retry_after` in seconds, where it said so."""

    error: str
    status: int | None = None
    retry_after: float = 0.0


@dataclass(frozen=True)
class Hopeless:
    """Nobody should try this again by himself."""

    error: str
    status: int | None = None


Outcome = Taken | Failed | Hopeless


@dataclass(frozen=True)
class Schedule:
    """Seconds to wait before each attempt, the first one included; after the last there is no other."""

    pauses: tuple[float, ...]

    def again(self, attempts: int, retry_after: float, now: datetime, chance: float) -> datetime | None:
        """When to try after so many attempts, or None; `chance` is a random number from 0 to 1."""
        if attempts >= len(self.pauses):
            return None
        own = self.pauses[attempts] * (1.0 + JITTER * chance)
        return now + timedelta(seconds=max(own, min(retry_after, LONGEST_RETRY_AFTER)))


def after(delivery: Delivery, outcome: Outcome, schedule: Schedule, now: datetime, chance: float) -> Delivery:
    """The delivery as it stands after this outcome of an attempt."""
    changes: dict[str, object] = {
        "revision": delivery.revision + 1,
        "attempts": delivery.attempts + 1,
        "status": outcome.status,
        "error": "" if isinstance(outcome, Taken) else outcome.error[:LONGEST_ERROR],
        "updated": now,
    }
    if isinstance(outcome, Taken):
        return delivery.model_copy(update={**changes, "state": "sent"})
    again = None
    if isinstance(outcome, Failed):
        again = schedule.again(delivery.attempts + 1, outcome.retry_after, now, chance)
    if again is None:
        return delivery.model_copy(update={**changes, "state": "dead"})
    return delivery.model_copy(update={**changes, "state": "failed", "due": again})
