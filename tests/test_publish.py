"""An outage is waited out without end; what no waiting would mend is raised under its own name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kafka.errors import (
    ClusterAuthorizationFailedError,
    InvalidTopicError,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    NotLeaderForPartitionError,
    OutOfOrderSequenceNumberError,
    TopicAuthorizationFailedError,
)

from schemas import wire
from schemas.topics import ARTICLES
from services.publish import TOPIC_WITHIN, NeverTaken, Publisher, TooLarge
from services.settings import Settings

EXAMPLE = next((Path(wire.__file__).parent / "examples" / ARTICLES.name).glob("*.json"))


class Acknowledgement:
    def __init__(self, error: KafkaError | None) -> None:
        self._error = error

    def get(self, timeout: float) -> None:
        if self._error is not None:
            raise self._error


class FakeKafka:
    """A broker that answers each send with the next of these, and from then on takes everything."""

    def __init__(self, *answers: KafkaError, at_once: bool = False) -> None:
        self.answers = list(answers)
        self.at_once = at_once
        self.taken: list[bytes] = []
        self.connections = 0

    def __call__(self, settings: Settings) -> "FakeKafka":
        self.connections += 1
        return self

    def send(self, topic: str, *, key: bytes, value: bytes, headers: Any) -> Acknowledgement:
        error = self.answers.pop(0) if self.answers else None
        if error is None:
            self.taken.append(value)
        elif self.at_once:
            raise error
        return Acknowledgement(error)

    def close(self, timeout: float) -> None: ...


class Clock:
    """Time passes only in sleep."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept = 0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += 1


def publish(kafka: FakeKafka, clock: Clock | None = None, lacks: Callable[[], bool] = lambda: False) -> None:
    clock = clock or Clock()
    publisher = Publisher(Settings(), clock.sleep, connect=kafka, lacks=lambda *_: lacks(), clock=clock)
    publisher.publish(ARTICLES, wire.decode(ARTICLES, EXAMPLE.read_bytes()))


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(
    "outage", [KafkaConnectionError, KafkaTimeoutError, NotLeaderForPartitionError, OutOfOrderSequenceNumberError]
)
def test_an_outage_is_waited_out_with_a_new_connection(outage: type[KafkaError], at_once: bool) -> None:
    kafka, clock = FakeKafka(*(outage() for _ in range(30)), at_once=at_once), Clock()
    publish(kafka, clock)
    assert (len(kafka.taken), clock.slept, kafka.connections) == (1, 30, 31)


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("refusal", [TopicAuthorizationFailedError, ClusterAuthorizationFailedError, InvalidTopicError])
def test_what_kafka_refuses_for_good_is_raised_with_its_topic_and_reason(
    refusal: type[KafkaError], at_once: bool
) -> None:
    clock = Clock()
    with pytest.raises(NeverTaken, match=rf"articles\.v1: {refusal.__name__}"):
        publish(FakeKafka(refusal("because"), at_once=at_once), clock)
    assert clock.slept == 0


def test_a_message_that_the_broker_finds_too_large_is_raised_as_that() -> None:
    with pytest.raises(TooLarge):
        publish(FakeKafka(MessageSizeTooLargeError()))


def test_a_topic_that_never_comes_is_named_with_what_makes_it() -> None:
    kafka, clock = FakeKafka(*(KafkaTimeoutError() for _ in range(1000)), at_once=True), Clock()
    with pytest.raises(NeverTaken, match=r"no topic articles\.v1; `dateline topics --create`"):
        publish(kafka, clock, lacks=lambda: True)
    assert TOPIC_WITHIN <= clock.now < TOPIC_WITHIN + 20


def test_a_topic_that_comes_late_is_published_to() -> None:
    kafka = FakeKafka(*(KafkaTimeoutError() for _ in range(5)), at_once=True)
    publish(kafka, lacks=lambda: True)
    assert len(kafka.taken) == 1


def test_an_outage_between_makes_the_wait_for_a_topic_begin_anew() -> None:
    kafka, clock = FakeKafka(*(KafkaTimeoutError() for _ in range(40)), at_once=True), Clock()
    publish(kafka, clock, lacks=lambda: int(clock.now) % 50 < 25)
    assert len(kafka.taken) == 1
