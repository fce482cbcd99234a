"""Hold an article against very many saved searches at once: only those that it can answer are put to it whole."""

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from services.search.match import test_of_criteria
from services.search.reading import Reading
from services.search.saved_searches import Watch
from services.search.tree_match import Test
from services.search.ways import Way, keys_of, usual, ways_of

COUNTED_AS_MUCH = 500
"""Articles by which what is usual for a key counts as much as what was counted of it."""

TURN = 5_000
"""Articles between two looks at whether searches hang on the right keys, and at what is told of keys by then."""

MOST_MOVED = 50
"""Keys looked at in a turn, those that cost most."""


_Hung = dict[str, dict[str, dict[str, tuple[Way, ...]]]]
"""By the rarest key of a way and the next rarest, empty if there is none: the searches, and what else each needs."""


@dataclass(slots=True)
class _Kept:
    watch: Watch
    age: tuple[datetime, str]
    ways: tuple[Way, ...]
    test: Test | None
    """None where an article that has the keys of a way answers."""
    hooks: tuple[tuple[str, str], ...] = ()


class Matcher:
    """The saved searches, each hung on the rarest key of each way to answer it. Safe to ask from any thread.

    What it says is exact, whatever key a search hangs on; that says only how many are put to an article in vain.
    """

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._hung: _Hung = {}
        self._always: dict[str, None] = {}
        self._uses: Counter[str] = Counter()
        self._since: dict[str, int] = {}
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
            if watch is None:
                return
            ways, exact = ways_of(watch.criteria)
            for way in ways:
                self._since.update((key, self._articles) for key in way if key not in self._uses)
                self._uses.update(way)
            test = None if exact else test_of_criteria(watch.criteria)
            self._hang(search_id, _Kept(watch, (watch.search.created, search_id), ways, test))

    def matching(self, reading: Reading, now: datetime | None = None) -> list[Watch]:
        """The searches that the article answers, oldest first."""
        now = now or reading.enriched.article.seen
        with self._lock:
            possible = [self._kept[search_id] for search_id in self._possible(keys_of(reading))]
        found = [kept for kept in possible if kept.test is None or kept.test(reading, now)]
        found.sort(key=lambda kept: kept.age)
        return [kept.watch for kept in found]

    def _possible(self, keys: set[str]) -> set[str]:
        self._seen.update(keys & self._uses.keys())
        self._articles += 1
        if self._articles % TURN == 0:
            self._turn()
        possible = set(self._always)
        keys.add("")
        for hook in keys & self._hung.keys():
            next_ones = self._hung[hook]
            for next_one in keys & next_ones.keys():
                for search_id, rests in next_ones[next_one].items():
                    for rest in rests:
                        if rest <= keys:
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
            hook, next_one = (*sorted(way, key=lambda key: (self._share(key), key)), "")[:2]
            there = self._hung.setdefault(hook, {}).setdefault(next_one, {})
            there[search_id] = (*there.get(search_id, ()), way - {hook, next_one})
            hooks.append((hook, next_one))
        kept.hooks = tuple(dict.fromkeys(hooks))
        self._kept[search_id] = kept

    def _take_down(self, search_id: str) -> _Kept | None:
        kept = self._kept.pop(search_id, None)
        if kept is None:
            return None
        for hook, next_one in kept.hooks:
            there = self._hung[hook][next_one]
            del there[search_id]
            if not there:
                del self._hung[hook][next_one]
            if not self._hung[hook]:
                del self._hung[hook]
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
                    del self._uses[key], self._since[key]
                    self._seen.pop(key, None)

    def _share(self, key: str) -> float:
        counted = self._articles - self._since[key]
        return (self._seen[key] + COUNTED_AS_MUCH * usual(key)) / (counted + COUNTED_AS_MUCH)

    def _turn(self) -> None:
        """Hang anew what hangs on the keys that cost most, by what has been counted since."""
        costs = {hook: self._share(hook) * sum(map(len, there.values())) for hook, there in self._hung.items()}
        for hook in sorted(costs, key=lambda hook: (-costs[hook], hook))[:MOST_MOVED]:
            for search_id in {search_id for there in self._hung.get(hook, {}).values() for search_id in there}:
                kept = self._take_down(search_id)
                assert kept is not None
                self._hang(search_id, kept)
