"""Deliver alerts: write down what each owes before anything is sent, and send it while the alerts are ours."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from schemas.alert import Alert
from schemas.delivery import Delivery
from schemas.message import Message
from schemas.saved_search import Destination, SavedSearch
from schemas.topics import DELIVERIES
from services.publish import Publisher
from services.search.deliver.attempts import Schedule
from services.search.deliver.links import links_of
from services.search.deliver.mail import Mail
from services.search.deliver.outbox import Outbox
from services.search.deliver.owed import DISABLED, OVERFLOWS, owed
from services.search.deliver.sending import Carrier, Sending
from services.search.deliver.webhook_secrets import WebhookSecrets
from services.search.deliver.webhooks import Webhooks
from services.search.fates import Done, Fate, Halt, Later, Unavailable
from services.search.follow import Following
from services.search.saved_searches import SavedSearches
from services.search.settings import SearchSettings
from services.telemetry import get_log, timed

log = get_log("deliver")

UNHEARD = timedelta(seconds=5)
"""How long after an alert its saved search may still be on its way here; one unknown for longer was deleted."""


class Deliverer:
    """Owes and sends while this member of the group holds the alerts; another waits, and reads the outbox in its turn.

    Two at once, for the moment in which one does not know yet that it lost them, send the same ids.
    """

    def __init__(
        self,
        settings: SearchSettings,
        searches: SavedSearches,
        publisher: Publisher,
        now: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._searches = searches
        self._publisher = publisher
        self._now = now
        self._chance = chance
        self._turn: _Turn | None = None

    def holds(self, held: bool) -> None:
        """Begin to send when the alerts become ours, and end when they are another's. Raises `Halt`."""
        if held and self._turn is None:
            self._turn = _Turn(self._settings, self._searches, self._now, self._chance)
            self._turn.start()
        elif not held and self._turn is not None:
            self._turn.stop()
            self._turn = None
        if self._turn is not None and self._turn.failure is not None:
            raise Halt(f"cannot go on sending: {self._turn.failure}") from self._turn.failure

    def owe(self, messages: Sequence[Message]) -> list[Fate]:
        """Write down what these alerts owe, in one flight; what is there already is not owed again."""
        turn = self._turn
        if turn is None or not turn.is_ready:
            raise Unavailable("what was owed before has not been read yet")
        now = self._now()
        new: dict[str, Delivery] = {}
        adding: Counter[str] = Counter()
        fates: list[Fate] = []
        for alert in messages:
            assert isinstance(alert, Alert)
            search = self._searches.get(alert.search)
            if self._is_on_its_way(alert, search, now):
                fates.append(Later(f"version {alert.search_version} of {alert.search} has not been read yet"))
                continue
            due = [] if search is None else self._owed(alert, search, turn.outbox, adding, now)
            fresh = [one for one in due if one.id not in turn.outbox and one.id not in new]
            new |= {one.id: one for one in fresh}
            adding.update(one.destination.key for one in fresh if one.is_open)
            fates.append(Done("owed" if fresh else "owed before" if due else "asked by nobody"))
        if new:
            with timed("deliver", "owe"):
                self._publisher.publish_all(DELIVERIES, list(new.values()))
            turn.outbox.put(new.values())
        return fates

    def close(self) -> None:
        """End what is on its way, as far as that can be waited for."""
        if self._turn is not None:
            self._turn.stop()
            self._turn.join()
            self._turn = None

    def _owed(
        self, alert: Alert, search: SavedSearch, outbox: Outbox, adding: Counter[str], now: datetime
    ) -> list[Delivery]:
        def why_not(destination: Destination) -> str | None:
            key = destination.key
            if outbox.is_disabled(alert.search, alert.search_version, key):
                return DISABLED
            return OVERFLOWS if outbox.owed_to(key) + adding[key] >= self._settings.deliveries_owed else None

        return owed(alert, search, why_not, now)

    def _is_on_its_way(self, alert: Alert, search: SavedSearch | None, now: datetime) -> bool:
        if search is None:
            return now < alert.raised + UNHEARD
        return search.version < alert.search_version and now < alert.raised + UNHEARD


class _Turn:
    """The outbox, read anew, and a thread that sends what is in it."""

    def __init__(
        self,
        settings: SearchSettings,
        searches: SavedSearches,
        now: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        self.outbox = Outbox(settings.told_alerts, self._wake)
        self.failure: Exception | None = None
        self._settings = settings
        self._searches = searches
        self._now = now
        self._chance = chance
        self._following = Following(DELIVERIES, settings, self.outbox.take)
        self._stop = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sending: Sending | None = None
        self._thread = threading.Thread(target=self._run, name="sending", daemon=True)

    @property
    def is_ready(self) -> bool:
        """Whether everything that was owed when this turn began is known."""
        return self._following.wait(0)

    def start(self) -> None:
        """Begin to read, and then to send; returns at once."""
        self._following.start()
        self._thread.start()

    def stop(self) -> None:
        """Begin no more attempts; returns at once."""
        self._stop.set()
        self._tell(Sending.stop)

    def join(self) -> None:
        """Wait for what is on its way."""
        self._thread.join(timeout=7)

    def _wake(self) -> None:
        self._tell(Sending.wake)

    def _tell(self, what: Callable[[Sending], None]) -> None:
        loop, sending = self._loop, self._sending
        if loop is not None and sending is not None:
            # A loop that is closed, perhaps just now, has nobody left to tell.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(what, sending)

    def _run(self) -> None:
        try:
            while not self._following.wait(0.1):
                if self._stop.is_set():
                    return
            asyncio.run(self._send())
        except Exception as error:  # the thread's edge: a deliverer that sends no more must not look alive
            log.critical("sending failed", reason=repr(error)[:300], exc_info=True)
            self.failure = error
        finally:
            self._following.stop()

    async def _send(self) -> None:
        settings, publisher = self._settings, Publisher(self._settings)
        webhooks = Webhooks(
            WebhookSecrets(settings.webhook_secrets), settings.webhooks_allowed, settings.webhook_seconds
        )
        carriers: dict[str, Carrier] = {"webhook": webhooks}
        if (links := links_of(settings)) is not None:
            carriers["email"] = Mail(settings, links)
        self._sending = Sending(
            self.outbox,
            self._searches.get,
            carriers,
            lambda tried: publisher.publish_all(DELIVERIES, tried),
            Schedule(settings.delivery_pauses),
            settings.deliveries_at_once,
            self._now,
            self._chance,
        )
        self._loop = asyncio.get_running_loop()
        try:
            # Whoever stopped this before there was a loop to tell has only said so here.
            if not self._stop.is_set():
                log.info("sends what is owed", service="deliver", open=len(self.outbox))
                await self._sending.run()
        finally:
            await webhooks.close()
            await asyncio.to_thread(publisher.close)
