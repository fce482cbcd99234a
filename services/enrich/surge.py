"""Tell when a story's articles come much faster than they did, and faster than all its outlets' articles do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.enrich.chronicle import HOUR, Chronicle

SURGE = 3.0
"""So many times its own rate before is a surge, of at least FEWEST_IN_SURGE articles in two hours from
FEWEST_OUTLETS outlets, when the story is no longer young: at first every story comes at once."""
FEWEST_IN_SURGE = 6
FEWEST_OUTLETS = 3
GROWN_UP = 6
"""Hours."""


@dataclass(frozen=True, slots=True)
class Surge:
    """A surge, in words; `began` is the same for all who notice it within six hours."""

    began: int
    reason: str
    score: float


Others = Callable[[], npt.NDArray[np.float64]]
"""Gives when all the articles were published that are remembered, in seconds; asked for only where it matters."""


def find_surge(published: float, so_far: Chronicle, others: Others | None = None) -> Surge | None:
    """The surge that an article published at this second makes of its story, by the story's own hours and no clock.

    Where all that the outlets publish comes faster, as in the morning, each article counts for so much less.
    """
    hour, first = int(published // HOUR), int(so_far.published[0] // HOUR)
    if published < so_far.published[1] or hour - first < GROWN_UP or len(so_far.outlets) < FEWEST_OUTLETS:
        return None
    recent = 1 + sum(so_far.hours.get(str(one), 0) for one in (hour, hour - 1))
    before = max((1 + so_far.articles - recent) / (hour - 1 - first), 1 / GROWN_UP)
    if recent < FEWEST_IN_SURGE or recent / 2 < SURGE * before:
        return None
    counts = recent / (rise(hour, others()) if others else 1.0)
    if counts / 2 < SURGE * before:
        return None
    return Surge(
        hour // GROWN_UP,
        f"{recent} articles in two hours, against {2 * before:.1f} in two hours before.",
        min(1.0, 0.4 + 0.1 * counts / 2 / (SURGE * before)),
    )


def rise(hour: int, published: npt.NDArray[np.float64]) -> float:
    """How many times as fast as before all articles came in this hour and the last: 1 at least, and if too few came."""
    hours = published // HOUR
    earlier = hours[hours < hour - 1]
    recent = int(((hours >= hour - 1) & (hours <= hour)).sum())
    if not len(earlier) or hour - 1 - earlier.min() < GROWN_UP:
        return 1.0
    return max(1.0, recent / 2 / (len(earlier) / float(hour - 1 - earlier.min())))
