"""Carry what came of messages to the broker: on to the next topic, or aside to the dead letters, and count it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from schemas.dead_letter import DeadLetter
from schemas.message import Message, UtcDatetime
from schemas.topics import Topic
from services.publish import TooLarge
from services.telemetry import count_outcome, get_log

log = get_log("enrich")

T = TypeVar("T")

ATTEMPTS = 3
"""How often a step is tried before its message is buried."""


class TooManyBuried(RuntimeError):
    """So many messages in a row failed that the fault is more likely ours than theirs."""


class Publishes(Protocol):
    """What carries messages: `services.publish.Publisher`, or a fake."""

    def publish_all(self, topic: Topic, messages: Sequence[Message]) -> None: ...
    def bury(self, letter: DeadLetter) -> None: ...


@dataclass(frozen=True)
class Origin:
    """A message as it came, and where it stood."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Made:
    """What came of a message: the next one, or the error that it is buried with."""

    origin: Origin
    outcome: str
    message: Message | None = None
    step: str = "decode"
    error: Exception | None = None
    attempts: int = 1


def attempted(step: Callable[[], T]) -> T | Exception:
    """Try a step up to three times, and give its result or its last error: nothing may raise out of the stream."""
    for _ in range(ATTEMPTS):
        try:
            return step()
        except Exception as error:  # The stream's edge: whatever a step raises, its message is buried.
            failed: Exception = error
    return failed


class Carrier:
    """Publishes to one topic, and buries; returns only when the broker has all of it.

    Raises TooManyBuried once `most_buried` messages in a row had to be put aside.
    """

    def __init__(
        self, step: str, publisher: Publishes, topic: Topic, most_buried: int, now: Callable[[], UtcDatetime]
    ) -> None:
        self._step = step
        self._publisher = publisher
        self._topic = topic
        self._most_buried = most_buried
        self._now = now
        self._buried_in_a_row = 0

    def carry(self, made: Sequence[Made]) -> None:
        """Bring each message where it belongs, in order, and count every one once, by its outcome."""
        try:
            self._publisher.publish_all(self._topic, [one.message for one in made if one.message is not None])
        except TooLarge:
            made = [self._carried_alone(one) for one in made]
        for one in made:
            if one.error is not None:
                self._bury(one, one.error)
            else:
                self._buried_in_a_row = 0
                count_outcome(self._step, one.outcome)

    def _carried_alone(self, one: Made) -> Made:
        if one.message is None:
            return one
        try:
            self._publisher.publish_all(self._topic, [one.message])
        except TooLarge as error:
            return replace(one, outcome="buried", message=None, step="publish", error=error)
        return one

    def _bury(self, one: Made, error: Exception) -> None:
        self._buried_in_a_row += 1
        if self._buried_in_a_row > self._most_buried:
            raise TooManyBuried(f"{self._most_buried} messages in a row had to be buried, the last because: {error}")
        letter = _letter(one, error, self._now())
        try:
            self._publisher.bury(letter)
        except TooLarge:
            # In base64 the bytes grow by a third, and may then be more than a topic carries: the offset says where
            # they still stand.
            reason = f"{letter.reason} (the bytes are left where they stood)"
            self._publisher.bury(letter.model_copy(update={"bytes_base64": None, "reason": reason}))
        count_outcome(self._step, "buried")
        log.warning("buried", letter=letter.id, step=one.step, error=letter.error, reason=letter.reason[:300])


def _letter(one: Made, error: Exception, now: UtcDatetime) -> DeadLetter:
    return DeadLetter.of(
        topic=one.origin.topic,
        partition=one.origin.partition,
        offset=one.origin.offset,
        key=one.origin.key,
        value=one.origin.value,
        headers=list(one.origin.headers),
        service="enrich",
        step=one.step,
        error=error,
        now=now,
        attempts=one.attempts,
    )
