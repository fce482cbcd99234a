"""See where a saved search's alerts have gone, try its destinations, and have dead deliveries sent again."""

import uuid
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field

from schemas.alert import Alert, alert_id
from schemas.delivery import Delivery, State
from schemas.message import UtcDatetime
from schemas.saved_search import SavedSearch
from schemas.topics import DELIVERIES
from services.search.api.parts import Parts, PartsOf
from services.search.api.problems import NOT_FOUND, Problem, ProblemShown, away
from services.search.api.publishing import published, until
from services.search.api.searches import SearchId, found
from services.search.deliver.owed import owed
from services.search.results import Shown

router = APIRouter(prefix="/searches/{search}", tags=["deliveries"])

CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": ProblemShown, "description": "It does not stand so that this could be done"}
}

DeliveryId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="the delivery's id, which is its webhook-id")]


class DeliveryShown(Shown):
    """A delivery as it stands."""

    id: str = Field(description="also the webhook's id, the same at every attempt")
    alert: str
    title: str
    kind: str = Field(description="webhook or email")
    to: str = Field(description="the URL or the address")
    state: State
    attempts: int = Field(description="since it was first owed, or last replayed")
    due: UtcDatetime | None = Field(description="when it is tried next; none: never")
    status: int | None = Field(description="what the receiver answered last, in HTTP's or SMTP's terms")
    error: str
    created: UtcDatetime
    updated: UtcDatetime
    replays: int
    test: bool

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryShown":
        """The delivery as it is shown."""
        return cls(
            id=delivery.id,
            alert=delivery.alert.id,
            title=delivery.alert.title,
            kind=delivery.destination.kind,
            to=delivery.destination.place,
            state=delivery.state,
            attempts=delivery.attempts,
            due=delivery.due if delivery.is_open else None,
            status=delivery.status,
            error=delivery.error,
            created=delivery.created,
            updated=delivery.updated,
            replays=delivery.replays,
            test=delivery.test,
        )


class DeliveriesShown(Shown):
    deliveries: tuple[DeliveryShown, ...] = Field(description="the last changed first")


@router.get("/deliveries", summary="See where its alerts have gone", responses=NOT_FOUND)
async def list_deliveries(
    search: SearchId,
    parts: PartsOf,
    state: Annotated[State | None, Query(description="Only those that stand so.")] = None,
    size: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> DeliveriesShown:
    """The deliveries that are kept, with what came of the last attempt at each."""
    found(search, parts)
    _require_read(parts)
    return DeliveriesShown(deliveries=tuple(map(DeliveryShown.of, parts.deliveries.of(search, size, state))))


@router.post(
    "/test", status_code=HTTPStatus.ACCEPTED, summary="Try its destinations", responses={**NOT_FOUND, **CONFLICT}
)
async def test_destinations(search: SearchId, parts: PartsOf) -> DeliveriesShown:
    """Send a test to each of its destinations, at once and not in a digest; `GET …/deliveries` says what came of it."""
    tried, now = found(search, parts), datetime.now(UTC)
    if not tried.deliver:
        raise Problem(HTTPStatus.CONFLICT, "the saved search has no destination to try")
    tests = [
        one.model_copy(update={"test": True, "due": now})
        for one in owed(_nothing_happened(tried, now), tried, lambda _: None, now)
    ]
    await _owe(parts, *tests)
    return DeliveriesShown(deliveries=tuple(map(DeliveryShown.of, tests)))


@router.post(
    "/deliveries/{delivery}/replay",
    status_code=HTTPStatus.ACCEPTED,
    summary="Have a dead delivery sent again",
    responses={**NOT_FOUND, **CONFLICT},
)
async def replay_delivery(search: SearchId, delivery: DeliveryId, parts: PartsOf) -> DeliveryShown:
    """Send it again under its own id, from the first attempt on; also where its destination was disabled."""
    found(search, parts)
    _require_read(parts)
    dead = parts.deliveries.get(delivery)
    if dead is None or dead.alert.search != search:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no delivery {delivery} of this saved search, or none kept")
    if dead.state != "dead":
        raise Problem(HTTPStatus.CONFLICT, f"only a dead delivery can be replayed, and this one is {dead.state}")
    again = replayed(dead, datetime.now(UTC))
    await _owe(parts, again)
    return DeliveryShown.of(again)


def replayed(dead: Delivery, now: datetime) -> Delivery:
    """The delivery owed anew, under its own id."""
    return dead.model_copy(
        update={
            "revision": dead.revision + 1,
            "state": "pending",
            "attempts": 0,
            "due": now,
            "updated": now,
            "replays": dead.replays + 1,
        }
    )


def _nothing_happened(search: SavedSearch, now: datetime) -> Alert:
    return Alert(
        id=alert_id(search.id, search.version, "test", uuid.uuid4().hex),
        search=search.id,
        search_name=search.name,
        search_version=search.version,
        on=search.on,
        article="test",
        url="https://dateline.invalid/test",
        title=f"A test of “{search.name}”",
        outlet="Dateline",
        published=now,
        story="test",
        reason="Nothing has happened: this was sent to try the destination.",
        raised=now,
    )


async def _owe(parts: Parts, *deliveries: Delivery) -> None:
    await published(parts, lambda: parts.publisher.publish_all(DELIVERIES, deliveries))
    await until(lambda: all(_is_known(one, parts) for one in deliveries))


def _is_known(delivery: Delivery, parts: Parts) -> bool:
    known = parts.deliveries.get(delivery.id)
    return known is not None and known.revision >= delivery.revision


def _require_read(parts: Parts) -> None:
    if not parts.deliveries.is_read:
        raise away("the deliveries' topic")
