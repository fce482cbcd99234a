"""Follow a small topic from a thread: read what it holds, whole, and then whatever is added."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from structlog.typing import FilteringBoundLogger

from schemas.topics import Topic
from services.search.consume import connect, pause
from services.search.settings import SearchSettings
from services.telemetry import get_log

log = get_log("search")


class Failures:
    """Failures in a row: the first is named in the log, and each is waited after, longer and longer."""

    def __init__(self, log: FilteringBoundLogger, longest: float) -> None:
        self._log = log
        self._longest = longest
        self._in_a_row = 0

    def another(self, error: Exception, **about: object) -> float:
        """Seconds to wait after this one."""
        if self._in_a_row == 0:
            unexpected = not isinstance(error, KafkaError)
            self._log.warning("following failed, trying again", reason=repr(error)[:300], exc_info=unexpected, **about)
        self._in_a_row += 1
        return pause(self._in_a_row, self._longest)

    def end(self) -> None:
        """Something went well: the next failure is a first one again."""
        self._in_a_row = 0


def read_on(
    settings: SearchSettings,
    stop: threading.Event,
    read: Callable[[KafkaConsumer], None],
    failed: Callable[[Exception], float],
) -> None:
    """Give `read` a consumer, and another whenever it returns or fails, until `stop`; `failed` says how long to wait.

    The edge of a thread: ended in silence, nobody would notice that what it keeps grows old.
    """
    while not stop.is_set():
        try:
            consumer = connect(settings, stop)
            if consumer is None:
                return
            try:
                read(consumer)
            finally:
                with suppress(KafkaError):  # a broker that is away cannot be told
                    consumer.close(autocommit=False, timeout_ms=1_000)
        except Exception as error:  # whatever it is, the next try may not meet it
            stop.wait(failed(error))


class Following:
    """Gives every record of a topic to `take`, in order, and says when all that was there at the start has been given.

    `take` is called on this thread alone. `last` starts so many records before the end instead of at the beginning.
    Kafka being away is waited out, and reading goes on where it stood. Whatever else fails is named in the log, never
    the end of the thread: nobody would notice that what it keeps grows old.
    """

    def __init__(
        self, topic: Topic, settings: SearchSettings, take: Callable[[Any], None], *, last: int | None = None
    ) -> None:
        self._topic = topic.named(settings.namespace)
        self._settings = settings
        self._take = take
        self._last = last
        self._failures = Failures(log, settings.search_longest_pause)
        self._next: dict[TopicPartition, int] = {}
        self._stop = threading.Event()
        self._caught_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"follow {self._topic}", daemon=True)

    def start(self) -> None:
        """Begin to read; returns at once."""
        self._thread.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until everything that was there at the start has been taken; false if it was not in time."""
        return self._caught_up.wait(timeout)

    def stop(self) -> None:
        """Read no further; returns when the thread has ended, or after two seconds."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    def _run(self) -> None:
        read_on(self._settings, self._stop, self._read, lambda error: self._failures.another(error, topic=self._topic))

    def _read(self, consumer: KafkaConsumer) -> None:
        partitions = self._partitions(consumer)
        if not partitions:
            return
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        beginnings = consumer.beginning_offsets(partitions)
        for partition in partitions:
            first = (
                beginnings[partition]
                if self._last is None
                else max(beginnings[partition], ends[partition] - self._last)
            )
            consumer.seek(partition, self._next.get(partition, first))
        while not self._stop.is_set():
            # The position is asked for, not the last record's offset: a compacted topic's last offsets may be gone.
            if not self._caught_up.is_set() and all(consumer.position(one) >= ends[one] for one in partitions):
                self._caught_up.set()
            polled = consumer.poll(timeout_ms=250)
            self._failures.end()
            for partition, records in polled.items():
                for record in records:
                    self._give(record)
                    self._next[partition] = record.offset + 1

    def _give(self, record: Any) -> None:
        try:
            self._take(record)
        except Exception as error:  # one record that nobody foresaw must not keep all that follow it from coming
            reason = repr(error)[:300]
            log.error(
                "record failed, passed over", topic=self._topic, offset=record.offset, reason=reason, exc_info=True
            )

    def _partitions(self, consumer: KafkaConsumer) -> list[TopicPartition]:
        """The topic's partitions, once it is there: another process may be about to create it."""
        while not self._stop.is_set():
            if numbers := consumer.partitions_for_topic(self._topic):
                return [TopicPartition(self._topic, number) for number in sorted(numbers)]
            self._stop.wait(0.5)
        return []
