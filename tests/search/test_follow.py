"""A topic is followed through whatever fails, and told of all that can be told."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaConnectionError

import services.search.follow
from schemas.topics import SAVED_SEARCHES
from services.search.api.alert_log import alert_log
from services.search.follow import Following
from services.search.settings import SearchSettings

SETTINGS = SearchSettings(kafka="127.0.0.1:1")


@dataclass(frozen=True)
class Record:
    offset: int
    value: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


class FakeConsumer:
    """One partition with three records; raises what it is given, each once: at a poll (None for none), or closing."""

    def __init__(self, at_poll: list[Exception | None], at_close: Exception | None = None) -> None:
        self.at_poll = at_poll
        self.at_close = at_close
        self.at = 0

    def partitions_for_topic(self, _topic: str) -> set[int]:
        return {0}

    def assign(self, _partitions: list[TopicPartition]) -> None:
        """There is but one."""

    def end_offsets(self, partitions: list[TopicPartition], **_: Any) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 3)

    def beginning_offsets(self, partitions: list[TopicPartition], **_: Any) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 0)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self.partition, self.at = partition, offset

    def position(self, _partition: TopicPartition) -> int:
        return self.at

    def poll(self, **_: Any) -> dict[TopicPartition, list[Record]]:
        error = self.at_poll.pop(0) if self.at_poll else None
        if error is not None:
            raise error
        if self.at == 3:
            return {}
        self.at += 1
        return {self.partition: [Record(self.at - 1)]}

    def close(self, **_: Any) -> None:
        if self.at_close is not None:
            raise self.at_close


AWAY = KafkaConnectionError("away")
UNFORESEEN = ValueError("nobody foresaw this")
GOING_WRONG = [
    [FakeConsumer([UNFORESEEN])],
    [FakeConsumer([None, AWAY], at_close=AWAY)],
    [FakeConsumer([None, UNFORESEEN], at_close=UNFORESEEN)],
    [FakeConsumer([AWAY]), FakeConsumer([None, AWAY]), FakeConsumer([None, AWAY])],
]


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which try in a row each pause was for."""
    tries: list[int] = []

    def pause(attempt: int, _longest: float) -> float:
        tries.append(attempt)
        return 0.0

    monkeypatch.setattr(services.search.follow, "pause", pause)
    return tries


def connecting(monkeypatch: pytest.MonkeyPatch, consumers: Iterator[FakeConsumer]) -> None:
    def connect(_settings: SearchSettings, _stop: threading.Event) -> FakeConsumer:
        return next(consumers, FakeConsumer([]))

    monkeypatch.setattr(services.search.follow, "connect", connect)


def copies(consumers: list[FakeConsumer]) -> Iterator[FakeConsumer]:
    return iter([FakeConsumer(list(one.at_poll), one.at_close) for one in consumers])


@pytest.mark.parametrize("consumers", GOING_WRONG)
@pytest.mark.usefixtures("tries")
def test_every_record_is_given_once_whatever_fails_between(
    monkeypatch: pytest.MonkeyPatch, consumers: list[FakeConsumer]
) -> None:
    connecting(monkeypatch, copies(consumers))
    taken: list[int] = []
    following = Following(SAVED_SEARCHES, SETTINGS, lambda record: taken.append(record.offset))
    following.start()
    assert following.wait(5)
    following.stop()
    assert taken == [0, 1, 2]


@pytest.mark.parametrize("error", [UNFORESEEN, KeyError("x"), RecursionError()])
def test_a_record_that_fails_keeps_no_other_from_coming(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    connecting(monkeypatch, iter(()))
    taken: list[int] = []

    def take(record: Record) -> None:
        if record.offset == 1:
            raise error
        taken.append(record.offset)

    following = Following(SAVED_SEARCHES, SETTINGS, take)
    following.start()
    assert following.wait(5)
    following.stop()
    assert taken == [0, 2]


def test_an_outage_after_a_success_is_a_first_one_again(monkeypatch: pytest.MonkeyPatch, tries: list[int]) -> None:
    outages = [FakeConsumer([AWAY]), FakeConsumer([AWAY]), FakeConsumer([None, AWAY]), FakeConsumer([None, AWAY])]
    connecting(monkeypatch, copies(outages))
    following = Following(SAVED_SEARCHES, SETTINGS, lambda _: None)
    following.start()
    assert following.wait(5)
    following.stop()
    assert tries == [1, 2, 1, 1]


@pytest.mark.parametrize("consumers", GOING_WRONG)
def test_the_alerts_are_followed_through_whatever_fails(
    monkeypatch: pytest.MonkeyPatch, tries: list[int], consumers: list[FakeConsumer]
) -> None:
    connecting(monkeypatch, copies(consumers))
    log = alert_log(SETTINGS)
    log._thread.start()
    assert log._caught_up.wait(5)
    assert log.position == (2,)
    log._stop.set()
    log._thread.join(5)
    assert set(tries) == {1}
