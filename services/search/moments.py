"""Say which moments a bound of time means: a day, a month, a moment, or one reckoned from now."""

import calendar
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator

EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)

FROM_NOW = re.compile(r"now(?:[+-]\d{1,5}[smhdwMy]|/[smhdwMy])*")
_STEP = re.compile(r"([+-])(\d+)([smhdwMy])|/([smhdwMy])")
_PLAIN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_LENGTHS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_MILLISECOND = timedelta(milliseconds=1)

Interval = tuple[datetime, datetime]
"""The first moment that is meant, and the first after it, in UTC and whole milliseconds, as the index keeps time."""


class NotAMoment(ValueError):
    """This says no moment."""


def meant(bound: str, now: datetime) -> Interval:
    """What a bound means: `2026-11-22` that day, `2026-11` that month, `now-7d/d` the day seven days ago, and anything
    finer the one millisecond. All in UTC; what would lie outside the years 1 to 9999 is their first or last moment.
    """
    if FROM_NOW.fullmatch(bound):
        return _from_now(bound, now)
    if plain := _PLAIN.fullmatch(bound):
        year, month, day = (int(part) if part else 0 for part in plain.groups())
        unit = "d" if day else "M" if month else "y"
        try:
            start = datetime(year, month or 1, day or 1, tzinfo=UTC)
        except ValueError:
            raise NotAMoment(f"there is no such day as {bound}") from None
        return start, _moved(start, 1, unit)
    try:
        moment = datetime.fromisoformat(bound) if "-" in bound else None
        if moment is not None:
            start = _whole((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC))
            return start, _moved(start, 1, "ms")
    except (ValueError, OverflowError):
        pass
    raise NotAMoment("a day (2026-11-22), a moment (2026-11-22T14:00:00Z) or one from now (now-7d) is expected")


def is_from_now(bound: str) -> bool:
    """Say whether it means something else at another time."""
    return bound.startswith("now")


def is_stretch(bound: str) -> bool:
    """Say whether it means more than one millisecond, so that it can be asked for without a range."""
    return _PLAIN.fullmatch(bound) is not None or re.fullmatch(r"now.*/[smhdwMy]", bound) is not None


def _is_moment(bound: str) -> str:
    meant(bound.strip(), datetime(2000, 1, 1, tzinfo=UTC))
    return bound.strip()


Bound = Annotated[str, AfterValidator(_is_moment)]
"""A day (`2026-11-22`), month, year, moment (`2026-11-22T14:00:00Z`), or one from now (`now-7d`, `now-1M/M`); UTC."""


def _from_now(bound: str, now: datetime) -> Interval:
    start = _whole(now.astimezone(UTC))
    last = "ms"
    for sign, count, unit, rounded in _STEP.findall(bound):
        if rounded:
            start, last = _rounded(start, rounded), rounded
        else:
            start, last = _moved(start, int(f"{sign}{count}"), unit), "ms"
    return start, _moved(start, 1, last)


def _moved(moment: datetime, count: int, unit: str) -> datetime:
    """So many units later; a month later on the 31st is the last of a shorter month."""
    try:
        if unit == "ms":
            return moment + count * _MILLISECOND
        if unit in _LENGTHS:
            return moment + count * _LENGTHS[unit]
        months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        day = min(moment.day, calendar.monthrange(year, month + 1)[1])
        return moment.replace(year=year, month=month + 1, day=day)
    except (OverflowError, ValueError, calendar.IllegalMonthError):
        return LATEST if count > 0 else EARLIEST


def _rounded(moment: datetime, unit: str) -> datetime:
    """The beginning of the unit that it is in; a week begins on Monday."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    match unit:
        case "s":
            return moment.replace(microsecond=0)
        case "m":
            return moment.replace(second=0, microsecond=0)
        case "h":
            return moment.replace(minute=0, second=0, microsecond=0)
        case "w":
            return _moved(day, -day.weekday(), "d")
        case "M":
            return day.replace(day=1)
        case "y":
            return day.replace(month=1, day=1)
    return day


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
