"""Read what was put aside, and put it back where it stood once the cause is mended."""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from schemas import wire
from schemas.dead_letter import DeadLetter
from schemas.topics import DEAD_LETTERS
from services.publish import Publisher
from services.settings import Settings


class NotReplayable(ValueError):
    """This letter cannot be put back."""


class NeverOnATopic(NotReplayable):
    """This letter never stood on a topic of ours: there is nowhere to put it back."""


class WithoutBytes(NotReplayable):
    """This letter was too large to keep its bytes: there is nothing to put back."""


def dead_letters(settings: Settings) -> Iterator[DeadLetter]:
    """Every dead letter that is kept, oldest first; one that was buried twice comes once.

    What stands among them and is no letter is passed over with a line on standard error: the others are wanted still.
    """
    consumer = KafkaConsumer(
        bootstrap_servers=settings.kafka.split(","),
        bootstrap_timeout_ms=5000,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=16 * 1024 * 1024,
    )
    try:
        yield from _once(readable(_all_on(consumer, DEAD_LETTERS.named(settings.namespace))))
    finally:
        consumer.close()


def readable(records: Iterable[Any], say: Callable[[str], None] | None = None) -> Iterator[DeadLetter]:
    """The letters among these records; of each that is none, `say` (else standard error) is told where it stands."""
    for record in records:
        try:
            letter = wire.decode(DEAD_LETTERS, record.value, record.headers)
        except wire.Undecodable as error:
            reason = " ".join(str(error).split())[:200]
            line = f"passed over offset {record.offset} of partition {record.partition}, no dead letter: {reason}"
            (say or _on_standard_error)(line)
            continue
        assert isinstance(letter, DeadLetter)
        yield letter


def sort_out(letters: Iterable[DeadLetter], namespace: str) -> tuple[list[DeadLetter], list[NotReplayable]]:
    """Those that can be put back, and for each of the others why it cannot."""
    good: list[DeadLetter] = []
    left: list[NotReplayable] = []
    for letter in letters:
        try:
            _require_replayable(letter, namespace)
        except NotReplayable as reason:
            left.append(reason)
        else:
            good.append(letter)
    return good, left


def told(put_back: int, left: Iterable[NotReplayable]) -> str:
    """What became of all of them, in one line."""
    reasons = list(left)
    homeless = sum(isinstance(reason, NeverOnATopic) for reason in reasons)
    empty = len(reasons) - homeless
    line = f"{put_back} put back"
    if homeless:
        line += f", {homeless} left: they never stood on a topic; give them to `dateline ingest` again"
    if empty:
        line += f", {empty} left: they hold no bytes; `dateline dlq show` says where they stood"
    return line


def replay(letters: Iterable[DeadLetter], publisher: Publisher, namespace: str) -> int:
    """Put each letter's bytes back on its topic; steps downstream are idempotent, so doing it twice does no harm.

    Raises `NotReplayable` before anything is put back.
    """
    chosen = list(letters)
    for letter in chosen:
        _require_replayable(letter, namespace)
    for letter in chosen:
        publisher.replay(letter)
    return len(chosen)


def _require_replayable(letter: DeadLetter, namespace: str) -> None:
    try:
        wire.topic_called(letter.topic, namespace)
    except KeyError:
        raise NeverOnATopic(
            f"{letter.id} came from {letter.topic}, which is no topic; give it to `dateline ingest` again"
        ) from None
    if letter.value is None:
        # Put back as it is, it would be a message without a value, and be buried again.
        raise WithoutBytes(
            f"{letter.id} holds no bytes; what it is about is at offset {letter.offset} of partition "
            f"{letter.partition} of {letter.topic} for as long as that keeps it"
        )


def _all_on(consumer: KafkaConsumer, topic: str) -> Iterator[Any]:
    partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
    if not partitions:
        return
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    while any(consumer.position(partition) < ends[partition] for partition in partitions):
        for records in consumer.poll(timeout_ms=500).values():
            yield from records


def _once(letters: Iterable[DeadLetter]) -> Iterator[DeadLetter]:
    seen: set[str] = set()
    for letter in letters:
        if letter.id not in seen:
            seen.add(letter.id)
            yield letter


def _on_standard_error(line: str) -> None:
    print(f"dateline: {line}", file=sys.stderr)
