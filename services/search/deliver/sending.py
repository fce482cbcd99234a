"""Send what the outbox says is due, several at once, and write down what came of each before it is forgotten."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from schemas.delivery import Delivery
from schemas.saved_search import Destination, SavedSearch
from services.search.deliver.attempts import Failed, Hopeless, Outcome, Schedule, after
from services.search.deliver.outbox import Outbox
from services.search.deliver.owed import DISABLED, parcels
from services.telemetry import count_delivery, get_log, timed

log = get_log("deliver")

AT_ONE_PLACE = 4
"""Sent at once to one host: a receiver that hangs must not take every turn there is."""

LARGEST_DIGEST = 200

LOOK_AGAIN = 30.0
"""Seconds after which the outbox is looked at again, whatever it told."""

MENDS_AFTER = 5.0
"""Seconds for which a stale word must be the last one before it is put right: what is being read back takes less."""

ENDS_WITHIN = 5.0
"""Seconds that what is on its way has at the end; what takes longer is sent again later, under the same id."""


class Carrier(Protocol):
    """Brings deliveries of one kind to their destination."""

    async def send(self, parcel: Sequence[Delivery], now: datetime) -> Outcome:
        """Try it once, all of the parcel together."""
        ...


@dataclass(frozen=True)
class _Words:
    """What is to be written down of some deliveries; what only says again what was said is not counted again."""

    deliveries: list[Delivery]
    are_new: bool = True


class Sending:
    """Sends what is due until stopped; what was begun is not begun again before the broker has what came of it."""

    def __init__(
        self,
        outbox: Outbox,
        search_of: Callable[[str], SavedSearch | None],
        carriers: dict[str, Carrier],
        record: Callable[[Sequence[Delivery]], None],
        schedule: Schedule,
        at_once: int,
        now: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        """`record` returns once the broker has what it was given; `carriers` are by the kind of destination."""
        self._outbox = outbox
        self._search_of = search_of
        self._carriers = carriers
        self._record = record
        self._schedule = schedule
        self._at_once = at_once
        self._now = now
        self._chance = chance
        self._places: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._tried: asyncio.Queue[_Words] = asyncio.Queue()
        self._stale: set[str] = set()
        self._looked_at = now()
        self._news = asyncio.Event()
        self._stopped = False

    def wake(self) -> None:
        """Look at the outbox now; to be called on the loop."""
        self._news.set()

    def stop(self) -> None:
        """Begin nothing more; to be called on the loop."""
        self._stopped = True
        self._news.set()

    async def run(self) -> None:
        """Send until stopped. Raises what `record` raises, since nothing may be sent that cannot be written down."""
        recording = asyncio.create_task(self._keep_recording())
        try:
            while not self._stopped and not recording.done():
                self._news.clear()
                self._begin()
                self._mend()
                await self._wait(recording)
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=ENDS_WITHIN)
            for task in self._tasks:
                task.cancel()
            if not recording.done():
                await self._tried.join()
        finally:
            recording.cancel()
            with suppress(asyncio.CancelledError):
                await recording

    def _begin(self) -> None:
        """Begin as many attempts as there is room for."""
        for parcel in parcels(self._outbox.ready(self._now(), LARGEST_DIGEST), LARGEST_DIGEST):
            if len(self._tasks) >= self._at_once:
                return
            place = _host(parcel[0])
            if self._places[place] >= AT_ONE_PLACE:
                continue
            self._places[place] += 1
            self._outbox.begin(parcel)
            task = asyncio.create_task(self._try(parcel, place))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _mend(self) -> None:
        """Put right what a deliverer wrote that was frozen, lost the alerts, and woke up: it would be sent again."""
        now, stale = self._now(), self._outbox.stale()
        if not stale:
            self._stale, self._looked_at = stale, now
        elif (now - self._looked_at).total_seconds() >= MENDS_AFTER:
            if again := self._outbox.mended(stale & self._stale):
                log.info("mended what was written too late", service="deliver", deliveries=len(again))
                self._tried.put_nowait(_Words(again, are_new=False))
            self._stale, self._looked_at = stale, now

    async def _wait(self, recording: asyncio.Task[None]) -> None:
        due = self._outbox.next_due()
        longest = MENDS_AFTER if self._outbox.stale() else LOOK_AGAIN
        seconds = longest if due is None else min(longest, max(0.01, (due - self._now()).total_seconds()))
        news = asyncio.create_task(self._news.wait())
        await asyncio.wait({news, recording}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        news.cancel()

    async def _try(self, parcel: list[Delivery], place: str) -> None:
        try:
            found = self._destination(parcel[0])
            if isinstance(found, Destination):
                parcel = [one.model_copy(update={"destination": found}) for one in parcel]
                outcome: Outcome = await self._attempt(parcel)
            else:
                outcome = found
        finally:
            self._places[place] -= 1
        # One chance for all of it: a digest that failed is still one when it is tried again.
        now, chance = self._now(), self._chance()
        tried = [after(one, outcome, self._schedule, now, chance) for one in parcel]
        for one in tried:
            # Said before it is written down: whoever looks for what was sent twice after a crash finds it here.
            log.info(
                "answered" if one.state == "sent" else "not delivered",
                delivery=one.id,
                alert=one.alert.id,
                kind=one.destination.kind,
                attempt=one.attempts,
                status=one.status,
                reason=one.error or None,
            )
        self._tried.put_nowait(_Words(tried))
        self._news.set()

    async def _attempt(self, parcel: list[Delivery]) -> Outcome:
        carrier = self._carriers.get(parcel[0].destination.kind)
        if carrier is None:
            return Failed(f"nothing here delivers by {parcel[0].destination.kind}")
        try:
            with timed("deliver", parcel[0].destination.kind):
                return await carrier.send(parcel, self._now())
        except Exception as error:  # the edge: what nobody foresaw about one destination must not stop the others
            log.error("attempt failed unforeseen", delivery=parcel[0].id, reason=repr(error)[:300], exc_info=True)
            return Failed(f"an error of ours: {type(error).__name__}")

    def _destination(self, delivery: Delivery) -> Destination | Hopeless:
        """Where it goes, as the search says now; or why nowhere any more: whoever asked for it has taken that back."""
        search = self._search_of(delivery.alert.search)
        if search is None:
            return Hopeless("the saved search was deleted")
        key = delivery.destination.key
        found = next((destination for destination in search.deliver if destination.key == key), None)
        if found is None:
            return Hopeless("the saved search no longer tells this destination")
        is_asked_for = delivery.replays or delivery.test
        if not is_asked_for and self._outbox.is_disabled(search.id, delivery.alert.search_version, key):
            return Hopeless(DISABLED)
        return found

    async def _keep_recording(self) -> None:
        """Write down outcomes, all that have come in one flight."""
        while True:
            batch = [await self._tried.get()]
            while not self._tried.empty():
                batch.append(self._tried.get_nowait())
            tried = [one for words in batch for one in words.deliveries]
            await asyncio.to_thread(self._record, tried)
            self._outbox.put(tried)
            for words in batch:
                for one in words.deliveries if words.are_new else ():
                    count_delivery(one.destination.kind, one.state)
                self._tried.task_done()
            self._news.set()


def _host(delivery: Delivery) -> str:
    webhook = delivery.destination.webhook
    return (urlsplit(webhook.url).hostname or "") if webhook is not None else "mail"
