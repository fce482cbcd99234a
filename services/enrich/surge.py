"""Tell when a story's articles come much faster than they did."""

from __future__ import annotations

from dataclasses import dataclass

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


def find_surge(published: float, so_far: Chronicle) -> Surge | None:
    """The surge that an article published at this second makes of its story, by the story's own hours and no clock."""
    hour, first = int(published // HOUR), int(so_far.published[0] // HOUR)
    if published < so_far.published[1] or hour - first < GROWN_UP or len(so_far.outlets) < FEWEST_OUTLETS:
        return None
    recent = 1 + sum(so_far.hours.get(str(one), 0) for one in (hour, hour - 1))
    before = (1 + so_far.articles - recent) / (hour - 1 - first)
    if recent < FEWEST_IN_SURGE or recent / 2 < SURGE * max(before, 1 / GROWN_UP):
        return None
    return Surge(
        hour // GROWN_UP,
        f"{recent} articles in two hours, against {2 * before:.1f} in two hours before.",
        min(1.0, 0.4 + 0.1 * recent / 2 / (SURGE * max(before, 1 / GROWN_UP))),
    )
