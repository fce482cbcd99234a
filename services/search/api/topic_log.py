"""The last items of a topic in its order, so that a stream of them can be joined, and resumed where it broke off."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Generic, Protocol, TypeVar

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from schemas.topics import Topic
from services.search.follow import Failures, read_on
from services.search.settings import SearchSettings
from services.telemetry import get_log

log = get_log("api")

HEARTBEAT = 2.0
"""Seconds between two questions to an idle broker."""

UNHEARD = 10.0
"""Seconds without an answer of Kafka after which it counts as away: more than a slow answer, less than a start."""

Position = tuple[int, ...]
"""An offset for each partition: the last one that was heard of, -1 where none was."""


class Item(Protocol):
    """What a topic's records are read as; two with one id are the same."""

    @property
    def id(self) -> str:
        """The same wherever it comes again."""
        ...


T = TypeVar("T", bound=Item)


@dataclass(frozen=True)
class Heard(Generic[T]):
    """An item and its place: its partition and offset there, and its turn among all that were heard of."""

    offset: int
    item: T
    partition: int = 0
    turn: int = 0


@dataclass(frozen=True)
class Gap:
    """What a reader asked for and is no longer kept: from `missed_from` up to `kept_from`."""

    missed_from: int
    kept_from: int
    partition: int = 0


class Kept(Generic[T]):
    """A bounded number of items of one partition by offset, each id once; safe to use from any thread."""

    def __init__(self, keep: int, partition: int = 0, turns: Iterable[int] | None = None) -> None:
        self._heard: deque[Heard[T]] = deque()
        self._ids: set[str] = set()
        self._keep = keep
        self._partition = partition
        self._turns = iter(turns or count())
        self._first: int | None = None
        self._next = 0
        self._lock = threading.Lock()

    @property
    def next(self) -> int:
        """The offset after the last one that was heard of."""
        with self._lock:
            return self._next

    def begin(self, offset: int) -> None:
        """Start at this offset; what may stand before it is not kept."""
        with self._lock:
            self._heard.clear()
            self._ids.clear()
            self._first = self._next = offset

    def add(self, offset: int, *items: T) -> None:
        """Take what stands at the next offset: items, repeats of some, or nothing that is one."""
        with self._lock:
            self._next = offset + 1
            for item in items:
                if item.id not in self._ids:
                    self._heard.append(Heard(offset, item, self._partition, next(self._turns)))
                    self._ids.add(item.id)
            while len(self._heard) > self._keep:
                self._drop(self._heard[0].offset)

    def after(self, offset: int) -> tuple[Gap | None, list[Heard[T]], int]:
        """What came after this offset, whether something before that is missing, and the last offset now."""
        with self._lock:
            first = self._first or 0
            gap = None
            # An offset that is still to come is from a topic that has been made anew: all that is here was missed.
            if offset + 1 < first or offset >= self._next:
                gap, offset = Gap(offset + 1, first, self._partition), first - 1
            return gap, [heard for heard in self._heard if heard.offset > offset], self._next - 1

    def latest(self, number: int, is_wanted: Callable[[T], bool]) -> list[Heard[T]]:
        """The last items that are wanted, newest first."""
        with self._lock:
            found = (heard for heard in reversed(self._heard) if is_wanted(heard.item))
            return [heard for heard, _ in zip(found, range(number), strict=False)]

    def _drop(self, offset: int) -> None:
        """Keep nothing of an offset any more: half of what stood there would look like all."""
        while self._heard and self._heard[0].offset == offset:
            self._ids.remove(self._heard.popleft().item.id)
        self._first = offset + 1


class TopicLog(Generic[T]):
    """Follows a topic from a thread and wakes the streams of the API's event loop."""

    def __init__(
        self,
        topic: Topic,
        settings: SearchSettings,
        keep: int,
        read: Callable[[bytes | None, list[tuple[str, bytes]]], Sequence[T]],
    ) -> None:
        self._settings = settings
        self._keep = keep
        self._read = read
        self._topic = topic.named(settings.namespace)
        self._turns = count()
        self.kept: list[Kept[T]] = []
        self._grow(topic.partitions)
        self._stop = threading.Event()
        self._caught_up = threading.Event()
        self._last_heard: float | None = None
        self._trouble = "kafka has not answered yet"
        self._failures = Failures(log, longest=2.0)
        self._asked = self._answered = 0
        self._known_ends: dict[int, int] = {}
        self._thread = threading.Thread(target=self._run, name=f"log of {topic.name}", daemon=True)
        self._wake: Callable[[], None] = lambda: None
        self._news: asyncio.Event | None = None

    def start(self) -> None:
        """Begin to follow; called on the event loop whose streams are to be woken."""
        loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._wake = lambda: _call(loop, self._tell)
        self._thread.start()

    async def stop(self) -> None:
        """Follow no further, and let every stream end."""
        self._stop.set()
        self._tell()
        await asyncio.to_thread(self._thread.join, 5)

    @property
    def stopped(self) -> bool:
        """Whether nothing will come any more."""
        return self._stop.is_set()

    @property
    def caught_up(self) -> bool:
        """Whether everything that was there at the start has been read."""
        return self._caught_up.is_set()

    @property
    def position(self) -> Position:
        """The last offset of each partition now."""
        return tuple(kept.next - 1 for kept in self.kept)

    def after(self, position: Position) -> tuple[list[Gap], list[Heard[T]], Position]:
        """What came after this position, in the order in which it came here, what is missing, and the position now."""
        found = [kept.after(offset) for kept, offset in zip(list(self.kept), self.fitted(position), strict=False)]
        heard = sorted((one for _, heard, _ in found for one in heard), key=lambda one: one.turn)
        return [gap for gap, _, _ in found if gap], heard, tuple(last for _, _, last in found)

    def fitted(self, position: Position) -> Position:
        """The position with an offset for each partition there is: a new one is read from its beginning."""
        missing = len(self.kept) - len(position)
        return position[: len(self.kept)] + (-1,) * missing

    def is_ahead(self, position: Position) -> bool:
        """Whether something at this position has not been read here yet."""
        return any(offset >= kept.next for kept, offset in zip(self.kept, position, strict=False))

    def why_not_ready(self) -> str | None:
        """What keeps the topic from being heard of, in words; none when nothing does."""
        if self._last_heard is None or time.monotonic() - self._last_heard > UNHEARD:
            return self._trouble
        return None

    def ask_end(self) -> int:
        """Have Kafka asked now how far the topic goes; `ends_by` says what it answered to the number given."""
        self._asked += 1
        return self._asked

    def ends_by(self, position: Position, asked: int) -> bool:
        """Whether Kafka has said, since it was asked, that all that stands here has been read; false until it answers.

        What is asked for beyond the topic's end is of another topic, and will not come.
        """
        if self._answered < asked:
            return False
        ahead = [number for number, offset in enumerate(position) if offset >= self.kept[number].next]
        return all(self._known_ends.get(number, 0) <= position[number] for number in ahead)

    @property
    def news(self) -> asyncio.Event:
        """Set when something has come or the log stops; take it before looking, and wait for it after."""
        assert self._news is not None
        return self._news

    def _grow(self, partitions: int) -> None:
        for number in range(len(self.kept), partitions):
            self.kept.append(Kept(self._keep, number, self._turns))

    def _tell(self) -> None:
        if self._news is not None:
            # Whoever waits keeps the old event; whoever comes to wait gets the new one.
            told, self._news = self._news, asyncio.Event()
            told.set()

    def _run(self) -> None:
        read_on(self._settings, self._stop, self._follow, self._failed)

    def _failed(self, error: Exception) -> float:
        what = "kafka cannot be reached" if isinstance(error, KafkaError) else f"{self._topic} cannot be followed"
        self._trouble = f"{what}: {type(error).__name__}"
        return self._failures.another(error)

    def _follow(self, consumer: KafkaConsumer) -> None:
        numbers = consumer.partitions_for_topic(self._topic)
        if not numbers:
            self._trouble = f"kafka has no topic {self._topic}"
            self._stop.wait(0.5)
            return
        self._grow(max(numbers) + 1)
        partitions = [TopicPartition(self._topic, number) for number in sorted(numbers)]
        consumer.assign(partitions)
        ends = self._ends(consumer, partitions)
        for partition in partitions:
            self._seek(consumer, partition, ends[partition.partition])
        asked = time.monotonic()
        while not self._stop.is_set():
            # An end that was read before its records: those that came since are no part of catching up.
            if all(self.kept[number].next >= end for number, end in ends.items()):
                self._caught_up.set()
            polled = consumer.poll(timeout_ms=250)
            self._failures.end()
            if polled:
                self._take(polled)
                self._last_heard = asked = time.monotonic()
            elif (wanted := self._asked > self._answered) or time.monotonic() - asked > HEARTBEAT:
                ends, asked = self._ends(consumer, partitions), time.monotonic()
                if wanted:
                    self._wake()
                for partition in partitions:
                    if (end := ends[partition.partition]) < self.kept[partition.partition].next:
                        log.warning("topic was made anew, starting over", topic=self._topic, end=end)
                        self._seek(consumer, partition, end, anew=True)
                        self._wake()
                if len(consumer.partitions_for_topic(self._topic) or ()) > len(partitions):
                    return

    def _take(self, polled: dict[TopicPartition, list[Any]]) -> None:
        for partition, records in polled.items():
            for record in records:
                self.kept[partition.partition].add(record.offset, *self._read(record.value, record.headers))
        self._wake()

    def _seek(self, consumer: KafkaConsumer, partition: TopicPartition, end: int, *, anew: bool = False) -> None:
        """Go on where reading stood, or, at first and on a topic made anew, so many records before the end."""
        kept = self.kept[partition.partition]
        if anew or not self.caught_up or kept.next > end:
            beginning = consumer.beginning_offsets([partition], timeout_ms=5_000)[partition]
            kept.begin(max(beginning, end - self._keep))
        consumer.seek(partition, kept.next)

    def _ends(self, consumer: KafkaConsumer, partitions: list[TopicPartition]) -> dict[int, int]:
        asked = self._asked  # who asks from here on may have an item that this answer does not know of
        found = consumer.end_offsets(partitions, timeout_ms=5_000)
        self._known_ends, self._answered = {one.partition: end for one, end in found.items()}, asked
        self._last_heard = time.monotonic()
        return self._known_ends


def _call(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    # The loop may have ended between the last record and the order to stop.
    if not loop.is_closed():
        loop.call_soon_threadsafe(what)
