"""Read a time zone as people and Elasticsearch both write it, and days as they are in it."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_HOURS = re.compile(r"([+-])(\d{2}):([0-5]\d)")
_MOST_HOURS = 18
"""What Elasticsearch takes; on Earth it is 14."""


class NotAZone(ValueError):
    """There is no time zone of this name."""


def zone_of(written: str) -> tzinfo:
    """The zone of an IANA name (Asia/Tokyo) or of hours from UTC (+09:00). Raises `NotAZone`."""
    if hours := _HOURS.fullmatch(written):
        ahead = timedelta(hours=int(hours[2]), minutes=int(hours[3]))
        if ahead <= timedelta(hours=_MOST_HOURS):
            return timezone(-ahead if hours[1] == "-" else ahead)
    if written in zone_names():
        return UTC if written == "UTC" else ZoneInfo(written)
    raise NotAZone("a name as in Asia/Tokyo, or hours from UTC as in +09:00, is expected")


def day_in(value: str | None, zone: tzinfo, *, end: bool = False) -> str | datetime | None:
    """A bare date as the moment at which that day begins in the zone, or ends; everything else as it is."""
    if value is None or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return value
    try:
        day = datetime.fromisoformat(value).replace(tzinfo=zone)
        return day + timedelta(days=1) if end else day
    except (ValueError, OverflowError):
        return value  # whoever reads dates says what is wrong with it


@cache
def zone_names() -> frozenset[str]:
    """Every name that is taken: the cities' and UTC. Of the short ones (EST, HST) Java does not know all."""
    return frozenset(name for name in available_timezones() if "/" in name) | {"UTC"}
