"""The last deliveries as they stand, kept for readers who ask where their alerts have gone."""

import threading
from collections import OrderedDict
from typing import Any

from schemas import wire
from schemas.delivery import Delivery, State
from schemas.topics import DELIVERIES
from services.search.follow import Following
from services.search.settings import SearchSettings
from services.telemetry import get_log

log = get_log("api")


class DeliveryLog:
    """The last word on each delivery, those that changed last; safe to ask from any thread."""

    def __init__(self, settings: SearchSettings) -> None:
        self._kept: OrderedDict[str, Delivery] = OrderedDict()
        self._keep = settings.kept_deliveries
        self._lock = threading.Lock()
        # A delivery is some two or three records, of which the last says how it stands.
        self._following = Following(DELIVERIES, settings, self.take, last=3 * settings.kept_deliveries)

    def start(self) -> None:
        """Begin to read; returns at once."""
        self._following.start()

    def stop(self) -> None:
        """Follow no further."""
        self._following.stop()

    @property
    def is_read(self) -> bool:
        """Whether everything that was there at the start is known."""
        return self._following.wait(0)

    def get(self, delivery: str) -> Delivery | None:
        """The delivery of that id, if it is kept."""
        with self._lock:
            return self._kept.get(delivery)

    def of(self, search: str, size: int, state: State | None = None) -> list[Delivery]:
        """A search's deliveries, the last changed first."""
        with self._lock:
            found = (
                one
                for one in reversed(self._kept.values())
                if one.alert.search == search and state in (None, one.state)
            )
            return [one for one, _ in zip(found, range(size), strict=False)]

    def take(self, record: Any) -> None:
        """Learn what one record of the topic says."""
        try:
            delivery = wire.decode(DELIVERIES, record.value, record.headers)
        except wire.Undecodable as error:
            log.warning("delivery cannot be read, passed over", offset=record.offset, reason=str(error)[:300])
            return
        assert isinstance(delivery, Delivery)
        with self._lock:
            known = self._kept.get(delivery.id)
            if known is not None and known.revision >= delivery.revision:
                return
            self._kept[delivery.id] = delivery
            self._kept.move_to_end(delivery.id)
            while len(self._kept) > self._keep:
                self._kept.popitem(last=False)
