"""Publish messages so that a return means the broker has them."""

import random
import time
from collections.abc import Callable, Iterable
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError

from schemas import wire
from schemas.dead_letter import DeadLetter
from schemas.message import Message
from schemas.topics import DEAD_LETTERS, LARGEST_MESSAGE, Topic
from services.settings import Settings
from services.telemetry import get_log

log = get_log("publish")

_TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)
_Sent = tuple[bytes, bytes | None, list[tuple[str, bytes]]]
"""Key, value and headers of one message on its way."""


class TooLarge(ValueError):
    """This message is larger than a topic may carry, and always will be."""


class Publisher:
    """An idempotent producer (`acks=all`) that waits outages out.

    Each call returns only when the broker has acknowledged, so that what comes after (remember, commit) is safe.
    """

    def __init__(self, settings: Settings, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._sleep = sleep
        self._producer: KafkaProducer | None = None

    def publish(self, topic: Topic, message: Message) -> None:
        """Publish one message; retries an outage with jittered backoff without end. Raises `TooLarge`."""
        self.publish_all(topic, [message])

    def publish_all(self, topic: Topic, messages: Iterable[Message]) -> None:
        """Publish many in one flight, in order; those that an outage cut off are sent again. Raises `TooLarge`."""
        waiting: list[_Sent] = []
        for message in messages:
            value = wire.encode(message)
            if len(value) > LARGEST_MESSAGE:
                raise TooLarge(f"{len(value)} bytes for {topic.name}; at most {LARGEST_MESSAGE} can be carried")
            waiting.append((wire.key(topic, message), value, wire.headers(message)))
        self._send(topic.named(self._settings.namespace), waiting)

    def bury(self, letter: DeadLetter) -> None:
        """Put a dead letter where `dateline dlq` finds it; a caller goes on only once this has returned."""
        self.publish(DEAD_LETTERS, letter)

    def replay(self, letter: DeadLetter) -> None:
        """Put a dead letter's own bytes back where they stood, for whoever reads that topic to try again."""
        headers = [(name, text.encode()) for name, text in letter.headers.items()]
        self._send(letter.topic, [(letter.key or b"", letter.value, headers)])

    def tombstone(self, topic: Topic, key: str) -> None:
        """Take back whatever a compacted topic holds under the key."""
        self._send(topic.named(self._settings.namespace), [(key.encode(), None, [])])

    def close(self) -> None:
        """Let go of the connection; everything published has been acknowledged already."""
        if self._producer is not None:
            self._producer.close(timeout=5)
            self._producer = None

    def _send(self, topic: str, waiting: list[_Sent]) -> None:
        attempt = 0
        while waiting:
            try:
                producer = self._connected()
                flight = [
                    producer.send(topic, key=key, value=value, headers=headers) for key, value, headers in waiting
                ]
            except _TOO_LARGE as error:
                raise TooLarge(str(error)) from error
            except KafkaError as error:
                attempt = self._wait_out(attempt, topic, error)
                continue
            waiting, refused = _unacknowledged(waiting, flight)
            if isinstance(refused, _TOO_LARGE):
                raise TooLarge(str(refused)) from refused
            if refused is not None:
                attempt = self._wait_out(attempt, topic, refused)

    def _connected(self) -> KafkaProducer:
        if self._producer is None:
            self._producer = KafkaProducer(
                bootstrap_servers=self._settings.kafka.split(","),
                enable_idempotence=True,
                acks="all",
                compression_type="gzip",
                linger_ms=5,
                max_request_size=LARGEST_MESSAGE + 64 * 1024,
                delivery_timeout_ms=60_000,
            )
        return self._producer

    def _wait_out(self, attempt: int, topic: str, error: Exception) -> int:
        if attempt == 0:
            log.warning("kafka away, waiting", topic=topic, error=type(error).__name__, reason=str(error)[:200])
        # A producer that gave up a batch has lost its place in the idempotent sequence: start a new one.
        self.close()
        self._sleep(random.uniform(0.5, 1.0) * min(10.0, 0.25 * 2**attempt))
        return min(attempt + 1, 10)


def _unacknowledged(sent: list[_Sent], flight: list[Any]) -> tuple[list[_Sent], Exception | None]:
    """What the broker did not acknowledge, and the first reason; from the first failure on, to keep the order."""
    for position, future in enumerate(flight):
        try:
            future.get(timeout=90)
        except KafkaError as error:
            return sent[position:], error
    return [], None
