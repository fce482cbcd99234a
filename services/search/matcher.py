"""Hold an article against very many saved searches at once: only those that it can answer are put to it whole."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.search.match import test_of_criteria
from services.search.reading import Reading
from services.search.saved_searches import Watch
from services.search.tree_match import Test
from services.search.ways import Way, keys_of, usual, ways_of

COUNTED_AS_MUCH = 500
"""Articles by which what is usual for a key counts as much as what was counted of it."""

TURN = 2_000
"""Articles between two looks at whether searches hang on the right keys, and at what is told of keys by then."""

MOST_MOVED = 200
"""Keys looked at in a turn, those that cost most."""


@dataclass(frozen=True, slots=True)
class _Kept:
    watch: Watch
    test: Test
    ways: tuple[Way, ...]
    hooks: tuple[str, ...]


class Matcher:
    """The saved searches, each hung on the rarest key of each way to answer it. Safe to ask from any thread.

    What it says is exact, whatever key a search hangs on; that says only how many are put to an article in vain.
    """

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._hung: dict[str, dict[str, tuple[Way, ...]]] = {}
        self._enough: dict[str, dict[str, None]] = {}
        self._always: dict[str, None] = {}
        self._uses: Counter[str] = Counter()
        self._seen: Counter[str] = Counter()
        self._articles = 0
        self._tried = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def always(self) -> int:
        """How many searches are put to every article, having no key to hang on."""
        return len(self._always)

    @property
    def tried(self) -> int:
        """How many searches have been put to articles so far."""
        return self._tried

    def put(self, search_id: str, watch: Watch | None) -> None:
        """Take a search in, or anew, or out."""
        with self._lock:
            self._take_out(search_id)
            if watch is not None:
                ways = ways_of(watch.criteria)
                for way in ways:
                    self._uses.update(way)
                self._hang(search_id, _Kept(watch, test_of_criteria(watch.criteria), ways, ()))

    def matching(self, reading: Reading, now: datetime | None = None) -> list[Watch]:
        """The searches that the article answers, oldest first."""
        now = now or reading.enriched.article.seen
        with self._lock:
            found = [
                kept.watch
                for kept in (self._kept[search_id] for search_id in self._possible(keys_of(reading)))
                if kept.test(reading, now)
            ]
        return sorted(found, key=lambda watch: (watch.search.created, watch.search.id))

    def _possible(self, keys: set[str]) -> set[str]:
        self._seen.update(keys & self._uses.keys())
        self._articles += 1
        if self._articles % TURN == 0:
            self._turn()
        possible = set(self._always)
        for key in keys & self._enough.keys():
            possible.update(self._enough[key])
        for key in keys & self._hung.keys():
            for search_id, ways in self._hung[key].items():
                for way in ways:
                    if way <= keys:
                        possible.add(search_id)
                        break
        self._tried += len(possible)
        return possible

    def _hang(self, search_id: str, kept: _Kept) -> None:
        hooks = []
        for way in kept.ways:
            if not way:
                self._always[search_id] = None
                continue
            hook = min(way, key=lambda key: (self._share(key), key))
            hooks.append(hook)
            if len(way) == 1:
                self._enough.setdefault(hook, {})[search_id] = None
            else:
                hung = self._hung.setdefault(hook, {})
                hung[search_id] = (*hung.get(search_id, ()), way)
        self._kept[search_id] = _Kept(kept.watch, kept.test, kept.ways, tuple(hooks))

    def _take_down(self, search_id: str) -> _Kept | None:
        kept = self._kept.pop(search_id, None)
        if kept is None:
            return None
        for hook in kept.hooks:
            _drop(self._enough, hook, search_id)
            _drop(self._hung, hook, search_id)
        self._always.pop(search_id, None)
        return kept

    def _take_out(self, search_id: str) -> None:
        kept = self._take_down(search_id)
        if kept is None:
            return
        for way in kept.ways:
            for key in way:
                self._uses[key] -= 1
                if not self._uses[key]:
                    del self._uses[key]
                    self._seen.pop(key, None)

    def _share(self, key: str) -> float:
        return (self._seen[key] + COUNTED_AS_MUCH * usual(key)) / (self._articles + COUNTED_AS_MUCH)

    def _turn(self) -> None:
        """Hang anew what hangs on the keys that cost most, by what has been counted since."""
        for key in sorted(self._costly(), key=lambda key: (-len(self._hung[key]) * self._share(key), key))[:MOST_MOVED]:
            for search_id in list(self._hung.get(key, ())):
                kept = self._take_down(search_id)
                assert kept is not None
                self._hang(search_id, kept)

    def _costly(self) -> Iterator[str]:
        # What is put to less than one article in a hundred, in the mean, is as good as it gets.
        return (key for key, hung in self._hung.items() if len(hung) * self._share(key) > 0.01)


def _drop(hung: dict[str, dict[str, Any]], hook: str, search_id: str) -> None:
    if (there := hung.get(hook)) is not None:
        there.pop(search_id, None)
        if not there:
            del hung[hook]
