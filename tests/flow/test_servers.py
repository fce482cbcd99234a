"""The ground that the flow tests stand on, tried by itself."""

import secrets
from dataclasses import replace

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from deploy.topics import TopicDisagrees, create_topics
from schemas.topics import ARTICLES, TOPICS
from services.search.mapping import SHELVES
from tests.flow.conftest import RunService
from tests.flow.eventually import eventually
from tests.flow.servers import Servers

pytestmark = pytest.mark.flow


def test_the_namespace_has_every_declared_topic(servers: Servers, namespace: str) -> None:
    assert create_topics(servers.kafka, namespace) == []


def test_a_topic_that_is_there_with_other_partitions_is_refused(servers: Servers, namespace: str) -> None:
    with pytest.raises(TopicDisagrees, match="6 partitions, declared are 7"):
        create_topics(servers.kafka, namespace, [replace(ARTICLES, partitions=7), *TOPICS[1:]])


def test_the_english_analyzer_is_lucenes_own(servers: Servers) -> None:
    with Elasticsearch(servers.elasticsearch) as client:
        said = client.indices.analyze(analyzer="english", text="Leaders' talks defended the nation's pacts")
    assert [(token["token"], token["position"]) for token in said["tokens"]] == [
        ("leader", 0),
        ("talk", 1),
        ("defend", 2),
        ("nation", 4),
        ("pact", 5),
    ]


def test_what_is_written_outlasts_a_crash_of_both_servers(servers: Servers, namespace: str) -> None:
    kafka, elasticsearch = servers.kafka_control, servers.elasticsearch_control
    if kafka is None or elasticsearch is None:
        pytest.skip("these servers are not ours to crash")
    topic, index = ARTICLES.named(namespace), f"{namespace}crash"
    producer = KafkaProducer(bootstrap_servers=servers.kafka, acks="all")
    producer.send(topic, b"kept", partition=0).get(10)
    producer.close()
    with Elasticsearch(servers.elasticsearch) as client:
        client.indices.create(index=index, settings={"number_of_replicas": 0})
        client.index(index=index, id="1", document={"text": "kept"})
        for control in (kafka, elasticsearch):
            control.kill()
            assert not control.running
            control.start()
        assert eventually(lambda: client.get(index=index, id="1")["_source"], within=20) == {"text": "kept"}
    assert first_of(servers.kafka, topic) == b"kept"


def first_of(kafka: str, topic: str) -> bytes | None:
    """Read the first message of a topic's partition 0."""
    consumer = KafkaConsumer(bootstrap_servers=kafka, consumer_timeout_ms=20_000, enable_auto_commit=False)
    try:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        return next((message.value for message in consumer), None)
    finally:
        consumer.close()


def test_a_service_runs_as_a_process_and_is_ended_by_kill_9(run_service: RunService) -> None:
    word = secrets.token_hex(4)
    child = run_service("timeit", "-n", "1", "-s", f"print({word!r}, flush=True)", "import time; time.sleep(600)")
    assert eventually(lambda: word in child.output())
    child.kill()
    assert child.exit_code == -9


def test_each_index_is_made_behind_its_alias(servers: Servers, namespace: str) -> None:
    with Elasticsearch(servers.elasticsearch) as client:
        for shelf in SHELVES:
            assert client.indices.exists_alias(name=shelf.alias(namespace))
