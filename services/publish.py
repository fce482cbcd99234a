"""Publish messages so that a return means the broker has them; an outage is waited out, a refusal is told."""

import random
import time
from collections.abc import Callable, Iterable
from typing import Any

from kafka import KafkaAdminClient, KafkaProducer
from kafka.errors import (
    AuthorizationError,
    IllegalSaslStateError,
    InvalidRecordError,
    InvalidRequiredAcksError,
    InvalidTopicError,
    KafkaConfigurationError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    SaslAuthenticationFailedError,
    UnsupportedCodecError,
    UnsupportedCompressionTypeError,
    UnsupportedForMessageFormatError,
    UnsupportedSaslMechanismError,
    UnsupportedVersionError,
)

from schemas import wire
from schemas.dead_letter import DeadLetter
from schemas.message import Message
from schemas.topics import DEAD_LETTERS, LARGEST_MESSAGE, Topic
from services.settings import Settings
from services.telemetry import get_log

log = get_log("publish")

_TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)
_PERMANENT = (
    AuthorizationError,
    IllegalSaslStateError,
    InvalidRecordError,
    InvalidRequiredAcksError,
    InvalidTopicError,
    KafkaConfigurationError,
    PolicyViolationError,
    SaslAuthenticationFailedError,
    UnsupportedCodecError,
    UnsupportedCompressionTypeError,
    UnsupportedForMessageFormatError,
    UnsupportedSaslMechanismError,
    UnsupportedVersionError,
)
"""What a broker that is there answers, and will answer until somebody changes its settings or ours."""

TOPIC_WITHIN = 60.0
"""Seconds in which a topic that Kafka does not know may still come: whoever makes the topics may just be starting."""

_UNKNOWN_TOPIC = 3  # Kafka's error code for a topic that is not there
_Sent = tuple[bytes, bytes | None, list[tuple[str, bytes]]]
"""Key, value and headers of one message on its way."""


class TooLarge(ValueError):
    """This message is larger than a topic may carry, and always will be."""


class NeverTaken(RuntimeError):
    """Kafka is there and does not take this, now or later: a right, a topic or an agreement is missing."""


class Publisher:
    """An idempotent producer (`acks=all`) that waits outages out.

    Each call returns only when the broker has acknowledged, so that what comes after (remember, commit) is safe.
    It raises `TooLarge` for a message that no topic carries, and `NeverTaken` where waiting would mend nothing. For one
    thread at a time.
    """

    def __init__(
        self,
        settings: Settings,
        sleep: Callable[[float], None] = time.sleep,
        *,
        connect: Callable[[Settings], Any] | None = None,
        lacks: Callable[[Settings, str], bool] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`connect` makes the producer, and `lacks` says whether Kafka answers and has no such topic."""
        self._settings = settings
        self._sleep = sleep
        self._connect = connect or _producer
        self._lacks = lacks or _lacks
        self._clock = clock
        self._producer: Any = None
        self._lacking: dict[str, float] = {}

    def publish(self, topic: Topic, message: Message) -> None:
        """Publish one message; retries an outage with jittered backoff without end."""
        self.publish_all(topic, [message])

    def publish_all(self, topic: Topic, messages: Iterable[Message]) -> None:
        """Publish many in one flight, in order; those that an outage cut off are sent again."""
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
            connected = False
            try:
                producer = self._connected()
                connected = True
                flight = [
                    producer.send(topic, key=key, value=value, headers=headers) for key, value, headers in waiting
                ]
            except KafkaError as error:
                refused: Exception | None = error
                # A connection that cannot say where a topic is may be to a broker that is away, or has no such topic.
                homeless = connected and isinstance(error, KafkaTimeoutError)
            else:
                waiting, refused = _unacknowledged(waiting, flight)
                homeless = False
            if refused is not None:
                self._require_hope(topic, refused, homeless=homeless)
                attempt = self._wait_out(attempt, topic, refused)
        self._lacking.pop(topic, None)

    def _connected(self) -> Any:
        if self._producer is None:
            self._producer = self._connect(self._settings)
        return self._producer

    def _require_hope(self, topic: str, refused: Exception, *, homeless: bool) -> None:
        """Raise `TooLarge` or `NeverTaken` if the same would be answered for ever."""
        if isinstance(refused, _TOO_LARGE):
            raise TooLarge(str(refused)) from refused
        if isinstance(refused, _PERMANENT):
            # What is still on its way on this connection is nobody's any more.
            self.close()
            raise NeverTaken(f"Kafka does not take what goes to {topic}: {_said(refused)}") from refused
        if not homeless or not self._lacks(self._settings, topic):
            self._lacking.pop(topic, None)
        elif self._clock() - self._lacking.setdefault(topic, self._clock()) >= TOPIC_WITHIN:
            self.close()
            raise NeverTaken(f"Kafka has no topic {topic}; `dateline topics --create` makes those that are missing")

    def _wait_out(self, attempt: int, topic: str, error: Exception) -> int:
        if attempt == 0:
            log.warning("kafka away, waiting", topic=topic, error=type(error).__name__, reason=str(error)[:200])
        # A producer that gave up a batch has lost its place in the idempotent sequence: start a new one.
        self.close()
        self._sleep(random.uniform(0.5, 1.0) * min(10.0, 0.25 * 2**attempt))
        return min(attempt + 1, 10)


def _producer(settings: Settings) -> KafkaProducer:
    return KafkaProducer(
        bootstrap_servers=settings.kafka.split(","),
        enable_idempotence=True,
        acks="all",
        compression_type="gzip",
        linger_ms=5,
        max_request_size=LARGEST_MESSAGE + 64 * 1024,
        delivery_timeout_ms=60_000,
    )


def _lacks(settings: Settings, topic: str) -> bool:
    try:
        admin = KafkaAdminClient(bootstrap_servers=settings.kafka.split(","), bootstrap_timeout_ms=5_000)
    except KafkaError:
        return False
    try:
        (described,) = admin.describe_topics([topic])
        return bool(described["error_code"] == _UNKNOWN_TOPIC)
    except KafkaError:
        return False
    finally:
        admin.close()


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


def _unacknowledged(sent: list[_Sent], flight: list[Any]) -> tuple[list[_Sent], Exception | None]:
    """What the broker did not acknowledge, and the first reason; from the first failure on, to keep the order."""
    for position, future in enumerate(flight):
        try:
            future.get(timeout=90)
        except KafkaError as error:
            return sent[position:], error
    return [], None
