"""The last alerts in the order of their topic, so that a stream can be joined, and resumed where it broke off."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from schemas import wire
from schemas.alert import Alert
from schemas.topics import ALERTS
from services.search.follow import Failures, read_on
from services.search.settings import SearchSettings
from services.telemetry import get_log

log = get_log("api")

HEARTBEAT = 2.0
"""Seconds between two questions to an idle broker."""

UNHEARD = 10.0
"""Seconds without an answer of Kafka after which it counts as away: more than a slow answer, less than a start."""


@dataclass(frozen=True)
class Heard:
    """An alert and its place in the stream."""

    offset: int
    alert: Alert


@dataclass(frozen=True)
class Gap:
    """Alerts that a reader asked for and that are no longer kept: from `missed_from` up to `kept_from`."""

    missed_from: int
    kept_from: int


class KeptAlerts:
    """A bounded number of alerts by offset, each alert id once; safe to use from any thread."""

    def __init__(self, keep: int) -> None:
        self._heard: deque[Heard] = deque()
        self._ids: set[str] = set()
        self._keep = keep
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

    def add(self, offset: int, alert: Alert | None) -> None:
        """Take what stands at the next offset: an alert, a repeat of one, or something that is none."""
        with self._lock:
            self._next = offset + 1
            if alert is None or alert.id in self._ids:
                return
            self._heard.append(Heard(offset, alert))
            self._ids.add(alert.id)
            if len(self._heard) > self._keep:
                dropped = self._heard.popleft()
                self._ids.remove(dropped.alert.id)
                self._first = dropped.offset + 1

    def after(self, offset: int) -> tuple[Gap | None, list[Heard], int]:
        """What came after this offset, whether something before that is missing, and the last offset now."""
        with self._lock:
            first = self._first or 0
            gap = None
            # An offset that is still to come is from a topic that has been made anew: all that is here was missed.
            if offset + 1 < first or offset >= self._next:
                gap, offset = Gap(missed_from=offset + 1, kept_from=first), first - 1
            return gap, [heard for heard in self._heard if heard.offset > offset], self._next - 1

    def latest(self, number: int, search: str | None) -> list[Heard]:
        """The last alerts, newest first, of one saved search or of all."""
        with self._lock:
            found = (heard for heard in reversed(self._heard) if search in (None, heard.alert.search))
            return [heard for heard, _ in zip(found, range(number), strict=False)]


class AlertLog:
    """Follows the alerts' topic from a thread and wakes the streams of the API's event loop."""

    def __init__(self, settings: SearchSettings) -> None:
        self.kept = KeptAlerts(settings.kept_alerts)
        self._settings = settings
        self._partition = TopicPartition(ALERTS.named(settings.namespace), 0)
        self._stop = threading.Event()
        self._caught_up = threading.Event()
        self._last_heard: float | None = None
        self._trouble = "kafka has not answered yet"
        self._failures = Failures(log, longest=2.0)
        self._asked = self._answered = 0
        self._known_end = 0
        self._thread = threading.Thread(target=self._run, name="alert log", daemon=True)
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

    def why_not_ready(self) -> str | None:
        """What keeps alerts from being heard of, in words; none when nothing does."""
        if self._last_heard is None or time.monotonic() - self._last_heard > UNHEARD:
            return self._trouble
        return None

    def ask_end(self) -> int:
        """Have Kafka asked now how far the topic goes; `ends_by` says what it answered to the number given."""
        self._asked += 1
        return self._asked

    def ends_by(self, offset: int, asked: int) -> bool:
        """Whether Kafka has said, since it was asked, that nothing stands at this offset; false until it answers."""
        return self._answered >= asked and self._known_end <= offset

    @property
    def news(self) -> asyncio.Event:
        """Set when something has come or the log stops; take it before looking, and wait for it after."""
        assert self._news is not None
        return self._news

    def _tell(self) -> None:
        if self._news is not None:
            # Whoever waits keeps the old event; whoever comes to wait gets the new one.
            told, self._news = self._news, asyncio.Event()
            told.set()

    def _run(self) -> None:
        read_on(self._settings, self._stop, self._follow, self._failed)

    def _failed(self, error: Exception) -> float:
        what = "kafka cannot be reached" if isinstance(error, KafkaError) else "alerts cannot be followed"
        self._trouble = f"{what}: {type(error).__name__}"
        return self._failures.another(error)

    def _follow(self, consumer: KafkaConsumer) -> None:
        if not consumer.partitions_for_topic(self._partition.topic):
            self._trouble = f"kafka has no topic {self._partition.topic}"
            self._stop.wait(0.5)
            return
        consumer.assign([self._partition])
        end = self._seek(consumer)
        asked = time.monotonic()
        while not self._stop.is_set():
            # An end that was read before its records: those that came since are no part of catching up.
            if self.kept.next >= end:
                self._caught_up.set()
            polled = consumer.poll(timeout_ms=250)
            self._failures.end()
            if records := polled.get(self._partition, []):
                for record in records:
                    self.kept.add(record.offset, _alert(record.value, record.headers))
                self._wake()
                self._last_heard = asked = time.monotonic()
            elif (wanted := self._asked > self._answered) or time.monotonic() - asked > HEARTBEAT:
                end, asked = self._end(consumer), time.monotonic()
                if wanted:
                    self._wake()
                if end < self.kept.next:
                    log.warning("the alerts' topic was made anew, starting over", end=end)
                    self._seek(consumer, anew=True)
                    self._wake()

    def _seek(self, consumer: KafkaConsumer, *, anew: bool = False) -> int:
        """Go on where reading stood, or, at first and on a topic made anew, so many alerts before the end."""
        end = self._end(consumer)
        if anew or not self.caught_up or self.kept.next > end:
            beginning = consumer.beginning_offsets([self._partition], timeout_ms=5_000)[self._partition]
            self.kept.begin(max(beginning, end - self._settings.kept_alerts))
        consumer.seek(self._partition, self.kept.next)
        return end

    def _end(self, consumer: KafkaConsumer) -> int:
        asked = self._asked  # who asks from here on may have an alert that this answer does not know of
        end: int = consumer.end_offsets([self._partition], timeout_ms=5_000)[self._partition]
        self._known_end, self._answered = end, asked
        self._last_heard = time.monotonic()
        return end


def _alert(value: bytes | None, headers: list[tuple[str, bytes]]) -> Alert | None:
    try:
        message = wire.decode(ALERTS, value, headers)
    except wire.Undecodable as error:
        log.warning("alert cannot be read, passed over", reason=str(error)[:300])
        return None
    assert isinstance(message, Alert)
    return message


def _call(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    # The loop may have ended between the last record and the order to stop.
    if not loop.is_closed():
        loop.call_soon_threadsafe(what)
