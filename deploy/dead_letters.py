"""Read what was put aside, and put it back where it stood once the cause is mended."""

from collections.abc import Iterable, Iterator

from kafka import KafkaConsumer, TopicPartition

from schemas import wire
from schemas.dead_letter import DeadLetter
from schemas.topics import DEAD_LETTERS
from services.publish import Publisher
from services.settings import Settings


class NotReplayable(ValueError):
    """This letter never stood on a topic of ours, or has no bytes: there is nowhere, or nothing, to put back."""


def dead_letters(settings: Settings) -> Iterator[DeadLetter]:
    """Every dead letter that is kept, oldest first; one that was buried twice comes once."""
    consumer = KafkaConsumer(
        bootstrap_servers=settings.kafka.split(","),
        bootstrap_timeout_ms=5000,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=16 * 1024 * 1024,
    )
    try:
        yield from _once(_all_on(consumer, DEAD_LETTERS.named(settings.namespace)))
    finally:
        consumer.close()


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
        raise NotReplayable(
            f"{letter.id} came from {letter.topic}, which is no topic; give it to `dateline ingest` again"
        ) from None
    if letter.value is None:
        # Put back as it is, it would be a message without a value, and be buried again.
        raise NotReplayable(
            f"{letter.id} holds no bytes; what it is about is at offset {letter.offset} of partition "
            f"{letter.partition} of {letter.topic} for as long as that keeps it"
        )


def _all_on(consumer: KafkaConsumer, topic: str) -> Iterator[DeadLetter]:
    partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
    if not partitions:
        return
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    while any(consumer.position(partition) < ends[partition] for partition in partitions):
        for records in consumer.poll(timeout_ms=500).values():
            for record in records:
                letter = wire.decode(DEAD_LETTERS, record.value, record.headers)
                assert isinstance(letter, DeadLetter)
                yield letter


def _once(letters: Iterable[DeadLetter]) -> Iterator[DeadLetter]:
    seen: set[str] = set()
    for letter in letters:
        if letter.id not in seen:
            seen.add(letter.id)
            yield letter
