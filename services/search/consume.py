"""Consume a topic step by step: take, read, judge, bury what is refused, commit what is done, wait what is away out.

Nothing is lost: an offset is committed after its message's effect and never past a message that waits. Nothing is
doubled that matters: a crash between effect and commit repeats the effect, so every effect must overwrite itself.
"""

import random
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.subscription_state import ConsumerRebalanceListener
from kafka.errors import KafkaError

from schemas import wire
from schemas.dead_letter import DeadLetter
from schemas.topics import LARGEST_MESSAGE, Topic
from schemas.wire import Undecodable
from services.publish import Publisher, TooLarge
from services.search.fates import Done, Fate, Halt, Handle, Later, Refused, judge
from services.search.offsets import Ledger, Standing
from services.search.settings import SearchSettings
from services.telemetry import count_outcome, get_log, timed

log = get_log("search")

POLL_MS = 500
COMMIT_MS = 5_000
# A few batches' worth in flight; a larger single message still comes, alone (KIP-74).
FETCH_BYTES = 16 * 1024 * 1024
PARTITION_BYTES = 4 * 1024 * 1024


class TooManyBuried(Halt):
    """Message after message was refused: it is not they that are wrong, so this consumer stops before burying all."""


def consume(
    topic: Topic,
    group: str,
    handle: Handle,
    settings: SearchSettings,
    *,
    service: str,
    publisher: Publisher,
    stop: threading.Event,
    holds: Callable[[bool], None] = lambda _: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Give every message of the topic to `handle`, in batches, until `stop` is set. Raises `Halt`.

    Kafka being away is waited out, from the first connection on; so is whatever `handle` says is away. `holds` is told,
    again and again, whether any of the topic's partitions is this member's.
    """
    consumer = connect(settings, stop, group_id=settings.namespace + group, max_poll_records=settings.search_batch)
    if consumer is None:
        return
    try:
        _Consumption(topic, consumer, handle, settings, service, publisher, holds, now, clock).run(stop)
    finally:
        # Leaving the group at once spares the others the session timeout; a broker that is away cannot be told.
        with suppress(KafkaError):
            consumer.close(autocommit=False, timeout_ms=3_000)


def connect(settings: SearchSettings, stop: threading.Event, **options: Any) -> KafkaConsumer | None:
    """A consumer that commits nothing by itself; waits Kafka out, and is None only if `stop` came first."""
    attempt = 0
    while not stop.is_set():
        try:
            return KafkaConsumer(
                bootstrap_servers=settings.kafka.split(","),
                bootstrap_timeout_ms=5_000,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                allow_auto_create_topics=False,
                fetch_max_bytes=FETCH_BYTES,
                max_partition_fetch_bytes=PARTITION_BYTES,
                # Seconds, not the default's 45: how long a dead member's partitions lie still.
                session_timeout_ms=10_000,
                # A broker that comes back is noticed within two seconds, not the default's thirty.
                reconnect_backoff_max_ms=2_000,
                **options,
            )
        except KafkaError as error:
            if attempt == 0:
                log.warning("kafka away, waiting", kafka=settings.kafka, reason=repr(error)[:200])
            attempt += 1
            stop.wait(pause(attempt, settings.search_longest_pause))
    return None


def pause(attempt: int, longest: float) -> float:
    """Seconds to wait before the next try: doubling from a quarter, jittered, so that a crowd does not come back."""
    return random.uniform(0.5, 1.0) * min(longest, 0.25 * 2.0 ** min(attempt, 16))


class _Lost(ConsumerRebalanceListener):  # type: ignore[misc]
    """Remembers the partitions taken from this member, from the client's own thread, until the loop asks."""

    def __init__(self) -> None:
        self._lost: set[TopicPartition] = set()
        self._lock = threading.Lock()

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        with self._lock:
            self._lost.update(revoked)

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Nothing to prepare: what is assigned is read from its last commit."""

    def taken(self) -> set[TopicPartition]:
        with self._lock:
            lost, self._lost = self._lost, set()
        return lost


class _Consumption:
    def __init__(
        self,
        topic: Topic,
        consumer: KafkaConsumer,
        handle: Handle,
        settings: SearchSettings,
        service: str,
        publisher: Publisher,
        holds: Callable[[bool], None],
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self._topic = topic
        self._consumer = consumer
        self._handle = handle
        self._settings = settings
        self._service = service
        self._publisher = publisher
        self._holds = holds
        self._now = now
        self._clock = clock
        self._lost = _Lost()
        self._ledger = Ledger()
        self._in_a_row = 0
        self._attempt = 0
        self._again_at = 0.0
        self._quiet_until = 0.0

    def run(self, stop: threading.Event) -> None:
        self._consumer.subscribe([self._topic.named(self._settings.namespace)], listener=self._lost)
        while not stop.is_set():
            self._take()
            waiting = self._ledger.unsettled()
            if waiting and self._clock() >= self._again_at:
                self._settle(waiting)
            self._commit()

    def _take(self) -> None:
        """Poll; while something waits, all partitions are paused, so that heartbeats go on and memory does not grow."""
        held = set(self._consumer.assignment())
        if self._ledger.unsettled():
            self._consumer.pause(*held)
        elif paused := self._consumer.paused() & held:
            self._consumer.resume(*paused)
        try:
            taken = self._consumer.poll(timeout_ms=POLL_MS)
        except KafkaError as error:
            self._say("poll failed, trying again", error)
            taken = {}
        self._ledger.abandon(self._lost.taken())
        self._holds(bool(self._consumer.assignment()))
        for partition, records in taken.items():
            self._ledger.take(Standing(partition, record, self._read(record)) for record in records)

    def _read(self, record: Any) -> Any:
        try:
            return wire.decode(self._topic, record.value, record.headers)
        except Undecodable as error:
            return error

    def _settle(self, waiting: list[Standing]) -> None:
        readable = [standing for standing in waiting if not isinstance(standing.read, Undecodable)]
        with timed(self._service, "handle"):
            told = iter(judge(self._handle, [one.read for one in readable], self._service))  # type: ignore[misc]
        later: Later | None = None
        for standing in waiting:
            fate: Fate = Refused(standing.read, "decode") if isinstance(standing.read, Undecodable) else next(told)
            if isinstance(fate, Later):
                later = fate
            else:
                self._end(standing, fate)
        self._wait_out(later)

    def _end(self, standing: Standing, fate: Done | Refused) -> None:
        if isinstance(fate, Refused):
            self._in_a_row += 1
            if self._in_a_row > self._settings.search_most_buried:
                raise TooManyBuried(
                    f"{self._settings.search_most_buried} messages of {self._topic.name} in a row were refused, "
                    f"the next for: {str(fate.error)[:300]}"
                )
            self._bury(standing, fate)
            outcome = "buried"
        else:
            self._in_a_row = 0
            outcome = fate.outcome
        standing.settled = True
        count_outcome(self._service, outcome)

    def _bury(self, standing: Standing, refused: Refused) -> None:
        record = standing.record
        letter = DeadLetter.of(
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            key=record.key,
            value=record.value,
            headers=record.headers,
            service=self._service,
            step=refused.step,
            error=refused.error,
            now=self._now(),
            attempts=refused.attempts,
        )
        try:
            self._publisher.bury(letter)
        except TooLarge:
            # Base64 makes a third more of it. The reason is kept; the bytes stay where they are, as long as the topic.
            left = f"{letter.reason} (its {len(record.value)} bytes are too many for a letter of {LARGEST_MESSAGE})"
            self._publisher.bury(letter.model_copy(update={"bytes_base64": None, "reason": left}))
        log.warning("buried", service=self._service, letter=letter.id, step=letter.step, reason=letter.reason[:500])

    def _wait_out(self, later: Later | None) -> None:
        if later is None:
            if self._attempt:
                log.info("back, going on", service=self._service, tries=self._attempt)
            self._attempt = 0
            return
        if self._attempt == 0:
            log.warning("away, waiting", service=self._service, reason=later.reason[:300])
        self._attempt += 1
        self._again_at = self._clock() + pause(self._attempt, self._settings.search_longest_pause)

    def _commit(self) -> None:
        self._ledger.abandon(self._lost.taken())
        offsets = self._ledger.committable()
        if not offsets:
            return
        try:
            self._consumer.commit(offsets, timeout_ms=COMMIT_MS)
        except KafkaError as error:
            # The effects are there, so a later commit will do; if the group went on without us, we read them again.
            self._say("commit failed, trying again", error)
            return
        self._ledger.committed(offsets)

    def _say(self, event: str, error: KafkaError) -> None:
        """Say it once a minute: an outage makes the same failure many times a second."""
        if self._clock() >= self._quiet_until:
            self._quiet_until = self._clock() + 60
            log.warning(event, service=self._service, reason=repr(error)[:300])
