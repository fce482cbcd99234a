"""Say what is owed for an alert: one delivery for each destination of its search, at once or in the next digest."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from schemas.alert import Alert
from schemas.delivery import Delivery, delivery_id
from schemas.saved_search import Destination, Email, SavedSearch
from services.search.zones import NotAZone, zone_of

DISABLED = "the destination has said that it is gone (410); saving the search again tries it anew"
OVERFLOWS = "the destination is owed so many already that this one was not added; it can be replayed"


def owed(
    alert: Alert, search: SavedSearch, why_not: Callable[[Destination], str | None], now: datetime
) -> list[Delivery]:
    """What the alert owes; where `why_not` has a reason it is dead from the start, and can be replayed."""
    deliveries = []
    for destination in search.deliver:
        if not destination.key:
            continue
        dead = why_not(destination)
        deliveries.append(
            Delivery(
                id=delivery_id(alert.id, destination.key),
                alert=alert,
                destination=destination,
                state="dead" if dead else "pending",
                error=dead or "",
                due=due(destination, now),
                created=now,
                updated=now,
            )
        )
    return deliveries


def due(destination: Destination, now: datetime) -> datetime:
    """When what is owed there now is sent: at once, or with the next digest."""
    email = destination.email
    if email is None or email.digest == "none":
        return now
    if email.digest == "hourly":
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return _next_daily(email, now)


def parcels(deliveries: Iterable[Delivery], most: int) -> list[list[Delivery]]:
    """What is sent together: those of one digest, at most so many; everything else alone."""
    together: dict[tuple[str, ...], list[Delivery]] = {}
    for one in deliveries:
        email = one.destination.email
        alone = email is None or email.digest == "none" or one.test
        key = (one.id,) if alone else (one.alert.search, one.destination.key)
        together.setdefault(key, []).append(one)
    return [parcel[:most] for parcel in together.values()]


def _next_daily(email: Email, now: datetime) -> datetime:
    try:
        zone = zone_of(email.zone)
    except NotAZone:
        # Refused where it is saved; a zone that went out of use since must not keep the news back.
        zone = zone_of("UTC")
    hour, minute = map(int, email.at.split(":"))
    here = now.astimezone(zone)
    for days in (0, 1, 2):
        day = (here + timedelta(days=days)).date()
        at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(now.tzinfo)
        if at > now:
            return at
    raise AssertionError("a day has passed and its hour has not come")
