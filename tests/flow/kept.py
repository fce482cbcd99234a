"""What the servers keep for a namespace: messages on topics, documents in the index, and how far a group has come."""

from typing import Any

from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, TopicPartition

from schemas import wire
from schemas.dead_letter import DeadLetter
from schemas.message import Message
from schemas.topics import DEAD_LETTERS, Topic
from services.search.mapping import ARTICLES, Shelf
from tests.flow.servers import Servers


def messages(servers: Servers, namespace: str, topic: Topic) -> list[Message]:
    """Every message on a topic, repeats included, each partition in its order."""
    consumer = KafkaConsumer(bootstrap_servers=servers.kafka, enable_auto_commit=False)
    try:
        partitions = partitions_of(consumer, topic.named(namespace))
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        kept: list[Message] = []
        while any(consumer.position(partition) < ends[partition] for partition in partitions):
            for records in consumer.poll(timeout_ms=300).values():
                kept += [wire.decode(topic, record.value, record.headers) for record in records if record.value]
        return kept
    finally:
        consumer.close()


def dead_letters(servers: Servers, namespace: str) -> list[DeadLetter]:
    """Every dead letter, repeats included."""
    return [letter for letter in messages(servers, namespace, DEAD_LETTERS) if isinstance(letter, DeadLetter)]


def is_drained(servers: Servers, namespace: str, topic: Topic, group: str) -> bool:
    """Say whether the group has committed everything that is on the topic now."""
    consumer = KafkaConsumer(bootstrap_servers=servers.kafka, group_id=namespace + group, enable_auto_commit=False)
    try:
        partitions = partitions_of(consumer, topic.named(namespace))
        ends = consumer.end_offsets(partitions)
        return all((consumer.committed(partition) or 0) >= ends[partition] for partition in partitions)
    finally:
        consumer.close()


def partitions_of(consumer: KafkaConsumer, name: str) -> list[TopicPartition]:
    """A topic's partitions, in order."""
    return [TopicPartition(name, number) for number in sorted(consumer.partitions_for_topic(name) or ())]


def documents(servers: Servers, namespace: str, shelf: Shelf = ARTICLES) -> dict[str, Any]:
    """Every document of an index by id: its version, its own sequence left out, and its source as it stands."""
    with Elasticsearch(servers.elasticsearch, request_timeout=10) as client:
        client.indices.refresh(index=shelf.alias(namespace))
        answer = client.search(
            index=shelf.alias(namespace), size=2_000, version=True, source_exclude_vectors=False, sort=["id"]
        )
    return {hit["_id"]: (hit["_version"], hit["_source"]) for hit in answer["hits"]["hits"]}
