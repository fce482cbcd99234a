"""Take, judge, bury, commit: on a consumer and a publisher that only pretend, faults and all."""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import pytest
from kafka import TopicPartition
from kafka.errors import CommitFailedError

from schemas import wire
from schemas.dead_letter import DeadLetter
from schemas.message import Message
from schemas.topics import ENRICHED
from services.publish import TooLarge
from services.search import consume as consuming
from services.search.consume import TooManyBuried, consume, pause
from services.search.fates import Done, Fate, Later, Refused
from services.search.settings import SearchSettings
from tests.search.reports import NOON, report

PARTITION = TopicPartition(ENRICHED.name, 0)


class Record(NamedTuple):
    offset: int
    value: bytes | None
    topic: str = ENRICHED.name
    partition: int = 0
    leader_epoch: int = 0
    key: bytes | None = b"pact"
    headers: Sequence[tuple[str, bytes]] = ()


class PretendedConsumer:
    """Gives one prepared batch a poll, and stops the loop some polls after the last."""

    def __init__(self, stop: threading.Event, batches: Sequence[Sequence[Record]], more_polls: int = 3) -> None:
        self._stop = stop
        self._batches = list(batches)
        self._polls_left = len(batches) + more_polls
        self._paused: set[TopicPartition] = set()
        self.listener: Any = None
        self.committed: list[int] = []
        self.paused_at_poll: list[bool] = []
        self.refuse_commits = 0
        self.revoke_before_poll: int | None = None

    def subscribe(self, topics: Sequence[str], listener: Any) -> None:
        self.listener = listener

    def assignment(self) -> set[TopicPartition]:
        return {PARTITION}

    def pause(self, *partitions: TopicPartition) -> None:
        self._paused |= set(partitions)

    def paused(self) -> set[TopicPartition]:
        return self._paused

    def resume(self, *partitions: TopicPartition) -> None:
        self._paused -= set(partitions)

    def poll(self, timeout_ms: int) -> dict[TopicPartition, list[Record]]:
        polls = len(self.paused_at_poll)
        self.paused_at_poll.append(PARTITION in self._paused)
        self._polls_left -= 1
        if self._polls_left <= 0:
            self._stop.set()
        if self.revoke_before_poll == polls:
            self.listener.on_partitions_revoked([PARTITION])
        if self._paused or not self._batches:
            return {}
        return {PARTITION: list(self._batches.pop(0))}

    def commit(self, offsets: dict[TopicPartition, Any], timeout_ms: int) -> None:
        if self.refuse_commits:
            self.refuse_commits -= 1
            raise CommitFailedError
        self.committed.append(offsets[PARTITION].offset)

    def close(self, autocommit: bool, timeout_ms: int) -> None:
        assert not autocommit


class PretendedPublisher:
    def __init__(self, too_large_above: int = 10**9) -> None:
        self.letters: list[DeadLetter] = []
        self._too_large_above = too_large_above

    def bury(self, letter: DeadLetter) -> None:
        if len(wire.encode(letter)) > self._too_large_above:
            raise TooLarge("too many bytes")
        self.letters.append(letter)


class Run:
    """One run of the loop over prepared batches; the clock moves a minute each time it is looked at."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, batches: Sequence[Sequence[Record]], more_polls: int = 3
    ) -> None:
        self.stop = threading.Event()
        self.consumer = PretendedConsumer(self.stop, batches, more_polls)
        self.publisher: Any = PretendedPublisher()
        self._minutes = 0
        monkeypatch.setattr(consuming, "connect", lambda *args, **kwargs: self.consumer)

    def _clock(self) -> float:
        self._minutes += 1
        return self._minutes * 60.0

    def __call__(
        self,
        handle: Callable[[Sequence[Message]], Iterable[Fate]],
        now: Callable[[], datetime] = lambda: NOON,
        **settings: Any,
    ) -> None:
        consume(
            ENRICHED,
            "index",
            lambda messages: list(handle(messages)),
            SearchSettings(**settings),
            service="index",
            publisher=self.publisher,
            stop=self.stop,
            now=now,
            clock=self._clock,
        )


def record(offset: int) -> Record:
    return Record(offset, wire.encode(report(offset)))


def done(messages: Sequence[Message]) -> list[Fate]:
    return [Done("indexed") for _ in messages]


def test_what_is_done_is_committed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, [[record(0), record(1)], [record(2)]])
    run(done)
    assert run.consumer.committed == [2, 3]


def test_what_cannot_be_read_is_buried_as_it_came_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, [[record(0), Record(1, b"\xff"), record(2)]])
    run(done)
    (letter,) = run.publisher.letters
    assert (letter.value, letter.offset, letter.step, letter.error) == (b"\xff", 1, "decode", "Undecodable")
    assert run.consumer.committed == [3]


def test_what_is_away_pauses_everything_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, [[record(0), record(1)], [record(2)]], more_polls=8)
    tries: list[int] = []

    def away_at_first(messages: Sequence[Message]) -> list[Fate]:
        tries.append(len(messages))
        return [Later("away") if number and len(tries) == 1 else Done("indexed") for number in range(len(messages))]

    run(away_at_first)
    # The first of the batch was done at once; the second waited alone, and nothing was fetched meanwhile.
    assert tries == [2, 1, 1]
    assert run.consumer.committed[0] == 1
    assert run.consumer.committed[-1] == 3
    assert run.consumer.paused_at_poll[:2] == [False, True]
    assert run.publisher.letters == []


def test_a_partition_taken_away_while_it_waits_is_left_to_its_new_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, [[record(0)]], more_polls=4)
    run.consumer.revoke_before_poll = 1
    tries: list[int] = []

    def away(messages: Sequence[Message]) -> list[Fate]:
        tries.append(len(messages))
        return [Later("away")]

    run(away)
    assert len(tries) == 1
    assert run.consumer.committed == []


def test_a_commit_that_failed_is_made_good_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, [[record(0)], [record(1)]])
    run.consumer.refuse_commits = 1
    run(done)
    assert run.consumer.committed == [2]


def test_too_many_refusals_in_a_row_stop_it_before_the_batch_is_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, [[record(0)], [Record(offset, b"?") for offset in range(1, 9)]])
    with pytest.raises(TooManyBuried, match="5 messages"):
        run(done, search_most_buried=5)
    assert len(run.publisher.letters) == 5
    assert run.consumer.committed == [1]


def test_a_success_between_refusals_lets_it_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    poison = [Record(offset, b"?") for offset in (0, 1, 3, 4)]
    run = Run(monkeypatch, [[*poison[:2], record(2), *poison[2:]]])
    run(done, search_most_buried=2)
    assert [letter.offset for letter in run.publisher.letters] == [0, 1, 3, 4]
    assert run.consumer.committed == [5]


def test_a_message_too_large_for_a_letter_is_buried_without_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, [[Record(0, b"?" * 5_000)]])
    run.publisher = PretendedPublisher(too_large_above=4_000)
    run(done)
    (letter,) = run.publisher.letters
    assert letter.value is None
    assert "5000 bytes are too many" in letter.reason


def test_a_letter_that_cannot_be_written_lets_nothing_be_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoRoom(RuntimeError):
        """The disk is full."""

    class FullPublisher(PretendedPublisher):
        def bury(self, letter: DeadLetter) -> None:
            raise NoRoom

    run = Run(monkeypatch, [[Record(0, b"?")]])
    run.publisher = FullPublisher()
    with pytest.raises(NoRoom):
        run(lambda messages: [Refused(ValueError("no"), "index") for _ in messages])
    assert run.consumer.committed == []


def test_pauses_grow_to_their_bound_and_are_never_the_same_for_all() -> None:
    assert all(0.125 <= pause(0, 10) <= 0.25 for _ in range(50))
    assert all(5 <= pause(attempt, 10) <= 10 for attempt in range(6, 2_000, 100))
    assert len({pause(9, 10) for _ in range(50)}) > 1
