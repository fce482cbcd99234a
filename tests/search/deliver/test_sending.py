"""Sending keeps room for others, writes down every outcome, and gives up what nobody asks for any more."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

import pytest
from prometheus_client import REGISTRY

from schemas.delivery import Delivery
from schemas.saved_search import Destination, Email, SavedSearch, Webhook
from services.publish import NeverTaken
from services.search.deliver.attempts import Failed, Outcome, Schedule, Taken
from services.search.deliver.outbox import Outbox
from services.search.deliver.sending import AT_ONE_PLACE, MENDS_AFTER, Carrier, Sending
from tests.flow.eventually import eventually_so
from tests.search.deliver.owing import HOOK, delivery, search
from tests.search.reports import NOON

OTHER = Destination(webhook=Webhook(url="https://other.example/hook", secret="newsroom"))


class FakeCarrier:
    """Takes everything, once it is let; knows who is on the way."""

    def __init__(self, *, held: str = "") -> None:
        self.begun: list[Delivery] = []
        self.let = asyncio.Event()
        self._held = held

    async def send(self, parcel: Sequence[Delivery], now: datetime) -> Outcome:
        self.begun += parcel
        if self._held and self._held in parcel[0].destination.place:
            await self.let.wait()
        return Taken(200)


class BrokenCarrier:
    async def send(self, parcel: Sequence[Delivery], now: datetime) -> Outcome:
        raise ZeroDivisionError


class ClosedCarrier:
    """Takes nothing now; knows what came together."""

    def __init__(self) -> None:
        self.parcels: list[list[Delivery]] = []

    async def send(self, parcel: Sequence[Delivery], now: datetime) -> Outcome:
        self.parcels.append(list(parcel))
        return Failed("SMTP 451 try later", 451)


class Kept:
    def __init__(self, search_of: SavedSearch | None, *deliveries: Delivery) -> None:
        self.outbox = Outbox(1_000)
        self.outbox.put(deliveries)
        self.recorded: list[Delivery] = []
        self.search = search_of
        self.now = NOON

    def sending(self, carrier: Carrier, record: Callable[[Sequence[Delivery]], None] | None = None) -> Sending:
        return Sending(
            self.outbox,
            lambda _: self.search,
            {"webhook": carrier, "email": carrier},
            record or self.recorded.extend,
            Schedule((0.0, 3600.0)),
            at_once=10,
            now=lambda: self.now,
            chance=Random(1).random,
        )

    def states(self) -> list[str]:
        return [one.state for one in self.recorded]


def test_a_receiver_that_hangs_takes_only_its_own_turns() -> None:
    async def ask() -> None:
        hanging = [delivery(number) for number in range(20)]
        kept = Kept(search(HOOK, OTHER), *hanging, *(delivery(number, OTHER) for number in range(20)))
        carrier = FakeCarrier(held="newsroom.example")
        sending = kept.sending(carrier)
        running = asyncio.create_task(sending.run())
        await eventually_so(lambda: len(kept.recorded) == 20)
        assert {one.destination for one in kept.recorded} == {OTHER}
        assert sum(one.destination == HOOK for one in carrier.begun) == AT_ONE_PLACE
        carrier.let.set()
        await eventually_so(lambda: len(kept.recorded) == 40)
        sending.stop()
        await running

    asyncio.run(ask())


def test_a_digest_that_failed_is_still_one_when_it_is_tried_again() -> None:
    async def ask() -> None:
        hourly = Destination(email=Email(address="desk@newsroom.example", digest="hourly"))
        kept = Kept(search(hourly), *(delivery(number, hourly) for number in range(3)))
        carrier = ClosedCarrier()
        sending = kept.sending(carrier)
        running = asyncio.create_task(sending.run())
        await eventually_so(lambda: kept.states() == ["failed"] * 3)
        sending.stop()
        await running
        assert [len(parcel) for parcel in carrier.parcels] == [3]
        assert len({one.due for one in kept.recorded}) == 1

    asyncio.run(ask())


def test_what_is_on_its_way_when_it_is_stopped_is_still_written_down() -> None:
    async def ask() -> None:
        kept = Kept(search(HOOK), delivery())
        carrier = FakeCarrier(held="newsroom.example")
        sending = kept.sending(carrier)
        running = asyncio.create_task(sending.run())
        await eventually_so(lambda: bool(carrier.begun))
        sending.stop()
        carrier.let.set()
        await running
        assert kept.states() == ["sent"]

    asyncio.run(ask())


@pytest.mark.parametrize(
    ("now", "error"), [(None, "was deleted"), (search(OTHER), "no longer tells")], ids=["deleted", "taken off"]
)
def test_what_nobody_asks_for_any_more_is_not_sent(now: SavedSearch | None, error: str) -> None:
    async def ask() -> None:
        kept, carrier = Kept(now, delivery()), FakeCarrier()
        sending = kept.sending(carrier)
        running = asyncio.create_task(sending.run())
        await eventually_so(lambda: kept.states() == ["dead"])
        assert error in kept.recorded[0].error
        assert carrier.begun == []
        sending.stop()
        await running

    asyncio.run(ask())


def test_it_is_sent_with_the_secret_that_the_search_names_now() -> None:
    async def ask() -> None:
        renamed = Destination(webhook=Webhook(url="https://newsroom.example/hook", secret="renamed"))
        kept, carrier = Kept(search(renamed), delivery()), FakeCarrier()
        sending = kept.sending(carrier)
        running = asyncio.create_task(sending.run())
        await eventually_so(lambda: kept.states() == ["sent"])
        assert carrier.begun[0].destination == renamed
        sending.stop()
        await running

    asyncio.run(ask())


def test_an_error_of_ours_is_a_failed_attempt_and_stops_nobody() -> None:
    async def ask() -> None:
        kept = Kept(search(HOOK), delivery(1), delivery(2))
        sending = kept.sending(BrokenCarrier())
        running = asyncio.create_task(sending.run())
        await eventually_so(lambda: kept.states() == ["failed", "failed"])
        sending.stop()
        await running

    asyncio.run(ask())


def test_what_is_mended_is_written_down_and_not_counted_again() -> None:
    async def ask() -> None:
        kept = Kept(search(HOOK), delivery(revision=2, state="sent"), delivery())
        sending = kept.sending(FakeCarrier())
        running = asyncio.create_task(sending.run())

        def is_mended_later() -> bool:
            kept.now += timedelta(seconds=MENDS_AFTER)
            sending.wake()
            return bool(kept.recorded)

        before = sent_so_far()
        await eventually_so(is_mended_later)
        sending.stop()
        await running
        assert [(one.revision, one.state) for one in kept.recorded] == [(3, "sent")]
        assert sent_so_far() == before

    asyncio.run(ask())


def sent_so_far() -> float:
    return REGISTRY.get_sample_value("dateline_deliveries_total", {"kind": "webhook", "state": "sent"}) or 0.0


def test_what_cannot_be_written_down_ends_the_sending() -> None:
    def refuse(_: Sequence[Delivery]) -> None:
        raise NeverTaken("Kafka has no topic deliveries.v1")

    async def ask() -> None:
        await asyncio.wait_for(Kept(search(HOOK), delivery()).sending(FakeCarrier(), refuse).run(), 5)

    with pytest.raises(NeverTaken, match="deliveries"):
        asyncio.run(ask())
