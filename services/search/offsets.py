"""Which offsets may be committed: those before which everything is settled, and no others."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata

from schemas.message import Message
from schemas.wire import Undecodable


@dataclass(eq=False)
class Standing:
    """A message as it stood on its partition, and what it was read as."""

    partition: TopicPartition
    record: Any
    read: Message | Undecodable
    settled: bool = False


class Ledger:
    """What was taken and not committed yet, by partition and in order.

    A message that waits holds back the commits of its own partition from there on, and no other partition's.
    """

    def __init__(self) -> None:
        self._taken: dict[TopicPartition, deque[Standing]] = {}
        self._next: dict[TopicPartition, OffsetAndMetadata] = {}

    def take(self, standing: Iterable[Standing]) -> None:
        """Put down what was read, in the order it stood."""
        for one in standing:
            self._taken.setdefault(one.partition, deque()).append(one)

    def unsettled(self) -> list[Standing]:
        """What still waits for its effect, in order."""
        return [one for taken in self._taken.values() for one in taken if not one.settled]

    def committable(self) -> dict[TopicPartition, OffsetAndMetadata]:
        """For each partition that moved, the offset of the first message without its effect."""
        for partition, taken in self._taken.items():
            while taken and taken[0].settled:
                record = taken.popleft().record
                self._next[partition] = OffsetAndMetadata(record.offset + 1, "", record.leader_epoch)
        return dict(self._next)

    def committed(self, offsets: dict[TopicPartition, OffsetAndMetadata]) -> None:
        """These offsets have been acknowledged, so they need no further commit."""
        for partition, offset in offsets.items():
            if self._next.get(partition) == offset:
                del self._next[partition]

    def abandon(self, partitions: Iterable[TopicPartition]) -> None:
        """Another member has these now, or they are read again from their last commit: forget them."""
        for partition in partitions:
            self._taken.pop(partition, None)
            self._next.pop(partition, None)
