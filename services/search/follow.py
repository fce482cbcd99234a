"""Follow a small topic from a thread: read what it holds, whole, and then whatever is added."""

import threading
from collections.abc import Callable
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from schemas.topics import Topic
from services.search.consume import connect, pause
from services.search.settings import SearchSettings
from services.telemetry import get_log

log = get_log("search")


class Following:
    """Gives every record of a topic to `take`, in order, and says when all that was there at the start has been given.

    `take` is called on this thread alone. `last` starts so many records before the end instead of at the beginning.
    Kafka being away is waited out, and reading goes on where it stood.
    """

    def __init__(
        self, topic: Topic, settings: SearchSettings, take: Callable[[Any], None], *, last: int | None = None
    ) -> None:
        self._topic = topic.named(settings.namespace)
        self._settings = settings
        self._take = take
        self._last = last
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
        attempt = 0
        while not self._stop.is_set():
            consumer = connect(self._settings, self._stop)
            if consumer is None:
                return
            try:
                self._read(consumer)
            except KafkaError as error:
                if attempt == 0:
                    log.warning("following failed, trying again", topic=self._topic, reason=repr(error)[:300])
                attempt += 1
                self._stop.wait(pause(attempt, self._settings.search_longest_pause))
            finally:
                consumer.close(autocommit=False, timeout_ms=1_000)

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
            for partition, records in consumer.poll(timeout_ms=250).items():
                for record in records:
                    self._take(record)
                    self._next[partition] = record.offset + 1

    def _partitions(self, consumer: KafkaConsumer) -> list[TopicPartition]:
        """The topic's partitions, once it is there: another process may be about to create it."""
        while not self._stop.is_set():
            if numbers := consumer.partitions_for_topic(self._topic):
                return [TopicPartition(self._topic, number) for number in sorted(numbers)]
            self._stop.wait(0.5)
        return []
