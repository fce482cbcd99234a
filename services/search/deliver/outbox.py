"""What is owed and not sent yet, as deliveries.v1 has it: the last word on each delivery, by its revision."""

import heapq
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from schemas import wire
from schemas.delivery import Delivery, State
from schemas.topics import DELIVERIES
from services.telemetry import get_log

log = get_log("deliver")

GONE = 410


class _Closed(NamedTuple):
    """What is remembered of a delivery that is done."""

    revision: int
    state: State
    status: int | None
    error: str


class Outbox:
    """Open deliveries whole, and of those that are done the latest so many by id; safe to use from any thread.

    It is told of one's own deliveries as soon as the broker has them, and again when they are read back: the revision
    says which word is the later one.
    """

    def __init__(self, closed_at_most: int, changed: Callable[[], None] = lambda: None) -> None:
        self._open: dict[str, Delivery] = {}
        self._closed: OrderedDict[str, _Closed] = OrderedDict()
        self._closed_at_most = closed_at_most
        self._waiting: list[tuple[datetime, str, int]] = []
        self._ready: dict[str, dict[str, Delivery]] = {}
        self._gone: dict[tuple[str, int, str], set[str]] = {}
        self._owed: Counter[str] = Counter()
        self._stale: dict[str, Delivery] = {}
        self._changed = changed
        self._lock = threading.Lock()

    def __contains__(self, delivery: str) -> bool:
        with self._lock:
            return delivery in self._open or delivery in self._closed

    def __len__(self) -> int:
        """How many are open."""
        with self._lock:
            return len(self._open)

    def put(self, deliveries: Iterable[Delivery]) -> None:
        """Learn how these stand."""
        with self._lock:
            for delivery in deliveries:
                self._put(delivery)
        self._changed()

    def take(self, record: Any) -> None:
        """Learn what one record of the topic says."""
        if record.value is None:
            return
        try:
            delivery = wire.decode(DELIVERIES, record.value, record.headers)
        except wire.Undecodable as error:
            log.warning("delivery cannot be read, left out", offset=record.offset, reason=str(error)[:300])
            return
        assert isinstance(delivery, Delivery)
        self.put([delivery])

    def ready(self, now: datetime, most: int) -> list[Delivery]:
        """What is due, at most so many of each destination, what has been due longest first."""
        with self._lock:
            while self._waiting and self._waiting[0][0] <= now:
                _, id_, revision = heapq.heappop(self._waiting)
                if (found := self._open.get(id_)) and found.revision == revision:
                    self._ready.setdefault(found.destination.key, {})[id_] = found
            return [one for due in self._ready.values() for one in islice(due.values(), most)]

    def begin(self, parcel: Iterable[Delivery]) -> None:
        """These are being tried: they are not ready until there is another word on them; others go first next time."""
        with self._lock:
            for delivery in parcel:
                self._drop(delivery)
                key = delivery.destination.key
                if key in self._ready:
                    self._ready[key] = self._ready.pop(key)

    def next_due(self) -> datetime | None:
        """When the next one becomes due that is not yet."""
        with self._lock:
            return self._waiting[0][0] if self._waiting else None

    def owed_to(self, destination: str) -> int:
        """How many are open that go to this destination."""
        with self._lock:
            return self._owed[destination]

    def stale(self) -> set[str]:
        """Deliveries that are done, and whose last record says an older word: a frozen deliverer that woke up wrote it.

        For a moment that is also so of what was just written and is only being read back.
        """
        with self._lock:
            return set(self._stale)

    def mended(self, ids: Iterable[str]) -> list[Delivery]:
        """The last word on these once more, to be written after the stale one: compaction keeps what comes last."""
        with self._lock:
            again = []
            for id_ in ids:
                if (stale := self._stale.get(id_)) and (closed := self._closed.get(id_)):
                    last = closed._replace(revision=closed.revision + 1)
                    again.append(stale.model_copy(update=last._asdict()))
            return again

    def is_disabled(self, search: str, version: int, destination: str) -> bool:
        """Whether the destination has said that it is gone, since the search was last saved."""
        with self._lock:
            return bool(self._gone.get((search, version, destination)))

    def _put(self, delivery: Delivery) -> None:
        known = self._open.get(delivery.id)
        closed = self._closed.get(delivery.id)
        latest = known.revision if known else closed.revision if closed else 0
        if delivery.revision < latest and known is None:
            self._stale[delivery.id] = delivery
        if delivery.revision <= latest:
            if delivery.revision == latest:
                self._stale.pop(delivery.id, None)
            return
        self._stale.pop(delivery.id, None)
        self._drop(delivery)
        now = _Closed(delivery.revision, delivery.state, delivery.status, delivery.error)
        if closed is None or closed[1:] != now[1:]:
            self._learn_gone(delivery)
        key = delivery.destination.key
        self._owed[key] += delivery.is_open - (known is not None)
        if not self._owed[key]:
            del self._owed[key]
        if delivery.is_open:
            self._closed.pop(delivery.id, None)
            self._open[delivery.id] = delivery
            heapq.heappush(self._waiting, (delivery.due, delivery.id, delivery.revision))
            return
        self._open.pop(delivery.id, None)
        self._closed[delivery.id] = now
        self._closed.move_to_end(delivery.id)
        while len(self._closed) > self._closed_at_most:
            forgotten, _ = self._closed.popitem(last=False)
            self._stale.pop(forgotten, None)

    def _learn_gone(self, delivery: Delivery) -> None:
        """Whether its destination is gone, as its newest word says; one that only says again what was said is none."""
        gone = (delivery.alert.search, delivery.alert.search_version, delivery.destination.key)
        if delivery.state == "dead" and delivery.status == GONE:
            self._gone.setdefault(gone, set()).add(delivery.id)
        elif delivery.state == "sent":
            self._gone.pop(gone, None)
        elif ids := self._gone.get(gone):
            ids.discard(delivery.id)

    def _drop(self, delivery: Delivery) -> None:
        due = self._ready.get(delivery.destination.key, {})
        due.pop(delivery.id, None)
        if not due:
            self._ready.pop(delivery.destination.key, None)
