"""What readers asked to be told of: kept in a compacted topic, read whole at the start and followed from there on."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from schemas import wire
from schemas.saved_search import SavedSearch
from schemas.topics import SAVED_SEARCHES
from services.publish import Publisher
from services.search.criteria import Criteria
from services.search.follow import Following
from services.search.settings import SearchSettings
from services.telemetry import get_log

log = get_log("search")


@dataclass(frozen=True)
class Watch:
    """A saved search with its criteria read, ready to be matched."""

    search: SavedSearch
    criteria: Criteria


def save(publisher: Publisher, search: SavedSearch) -> None:
    """Put a saved search, new or changed, where the alerter and every API find it; returns once the broker has it."""
    publisher.publish(SAVED_SEARCHES, search)


def delete(publisher: Publisher, search: SavedSearch) -> None:
    """Take a saved search back: marked deleted first, for readers that keep state, and then nothing under its id."""
    publisher.publish(SAVED_SEARCHES, search.model_copy(update={"deleted": True}))
    publisher.tombstone(SAVED_SEARCHES, search.id)


class SavedSearches:
    """The saved searches as they are now; safe to ask from any thread."""

    def __init__(self, settings: SearchSettings, changed: Callable[[str, Watch | None], None] | None = None) -> None:
        """`changed` is told of each search that came, changed, or is gone."""
        self._changed = changed or (lambda search_id, watch: None)
        self._watches: dict[str, Watch] = {}
        self._lock = threading.Lock()
        self._following = Following(SAVED_SEARCHES, settings, self.take)

    def start(self) -> None:
        """Begin to read; returns at once."""
        self._following.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until every search that was there at the start is known; false if that took longer."""
        return self._following.wait(timeout)

    def stop(self) -> None:
        """Follow no further."""
        self._following.stop()

    def all(self) -> list[SavedSearch]:
        """Every saved search, oldest first."""
        return [watch.search for watch in self.watches()]

    def get(self, search_id: str) -> SavedSearch | None:
        """The saved search of that id, if there is one."""
        with self._lock:
            watch = self._watches.get(search_id)
        return None if watch is None else watch.search

    def watches(self) -> list[Watch]:
        """Every saved search with its criteria, oldest first."""
        with self._lock:
            return sorted(self._watches.values(), key=lambda watch: (watch.search.created, watch.search.id))

    def take(self, record: Any) -> None:
        """Learn what one record of the topic says; one that cannot be read changes nothing, and is named in the log."""
        search_id = (record.key or b"").decode("utf-8", "replace")
        if record.value is None:
            self._forget(search_id)
            return
        try:
            search = wire.decode(SAVED_SEARCHES, record.value, record.headers)
            assert isinstance(search, SavedSearch)
            if search.deleted:
                self._forget(search.id)
                return
            watch = Watch(search, Criteria.model_validate(search.criteria))
        except (wire.Undecodable, ValidationError) as error:
            log.warning("saved search cannot be read, left as it was", search=search_id, reason=str(error)[:500])
            return
        with self._lock:
            self._watches[search.id] = watch
        self._changed(search.id, watch)

    def _forget(self, search_id: str) -> None:
        with self._lock:
            self._watches.pop(search_id, None)
        self._changed(search_id, None)
