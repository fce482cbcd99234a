"""G1, G2, G4 to G7 for the indexer: whatever is crashed, frozen or fed to it, each article is indexed or buried."""

import json
import time
from collections.abc import Iterable, Iterator
from functools import partial

import pytest
from elasticsearch import Elasticsearch
from kafka import KafkaProducer

from deploy.local.process import Child
from schemas import wire
from schemas.message import Message
from schemas.topics import ENRICHED
from services.publish import Publisher
from services.search.mapping import ARTICLES, STORIES, Shelf
from services.settings import Settings
from tests.flow.conftest import RunService
from tests.flow.eventually import eventually
from tests.flow.kept import dead_letters, documents, is_drained
from tests.flow.servers import Control, Servers
from tests.search.reports import report, so_far

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

# Small batches, so that a crash in the middle has a middle; short waits, so that an outage is soon noticed.
HASTY = {"DATELINE_SEARCH_BATCH": "20", "DATELINE_ELASTICSEARCH_TIMEOUT": "2", "DATELINE_SEARCH_LONGEST_PAUSE": "1"}


@pytest.fixture
def publisher(servers: Servers, namespace: str) -> Iterator[Publisher]:
    publisher = Publisher(Settings(kafka=servers.kafka, namespace=namespace))
    yield publisher
    publisher.close()


def send_bytes(servers: Servers, namespace: str, values: Iterable[bytes]) -> None:
    producer = KafkaProducer(bootstrap_servers=servers.kafka)
    for value in values:
        producer.send(ENRICHED.named(namespace), key=b"pact", value=value, headers=[("trace", b"t-1")]).get(timeout=10)
    producer.close()


def stories(count: int) -> list[Message]:
    """Reports of so many stories, each told whole, so that every partition has some."""
    return [report(number, story=f"story-{number}", so_far=so_far()) for number in range(count)]


def has_indexed(servers: Servers, namespace: str, count: int) -> bool:
    return len(documents(servers, namespace)) >= count


def said(child: Child, event: str) -> list[str]:
    return [line for line in child.output().splitlines() if event in line]


def test_a_kill_in_the_middle_loses_and_doubles_nothing(
    servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    publisher.publish_all(ENRICHED, stories(1_000))
    for middle in (1, 400):
        indexer = run_service("services.search", "index", env=HASTY)
        eventually(partial(has_indexed, servers, namespace, middle), within=60, every=0.02)
        indexer.kill()
    assert not is_drained(servers, namespace, ENRICHED, "index"), "the last kill came too late to prove anything"
    run_service("services.search", "index", env=HASTY)
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "index"), within=60)
    assert {source["url"] for _, source in documents(servers, namespace).values()} == {
        f"https://savannah-post.example/report-{number}" for number in range(1_000)
    }
    assert documents(servers, namespace, STORIES).keys() == {f"story-{number}" for number in range(1_000)}
    assert dead_letters(servers, namespace) == []


def test_a_kill_while_a_batch_waits_loses_nothing(
    servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    elasticsearch = owned(servers.elasticsearch_control)
    publisher.publish_all(ENRICHED, stories(600))
    indexer = run_service("services.search", "index", env=HASTY)
    eventually(partial(has_indexed, servers, namespace, 1), within=60, every=0.02)
    try:
        # Crashed and not frozen: a frozen one would find the batch in its socket, and index it after all.
        elasticsearch.kill()
        eventually(lambda: said(indexer, "away, waiting"), within=60)
        indexer.kill()
    finally:
        elasticsearch.start()
    run_service("services.search", "index", env=HASTY)
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "index"), within=90)
    assert len(documents(servers, namespace)) == len(documents(servers, namespace, STORIES)) == 600
    assert dead_letters(servers, namespace) == []


def test_a_second_indexer_shares_the_work_and_takes_over_from_one_that_is_killed(
    servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    publisher.publish_all(ENRICHED, stories(600))
    first = run_service("services.search", "index", env=HASTY)
    eventually(partial(has_indexed, servers, namespace, 1), within=60, every=0.02)
    run_service("services.search", "index", env=HASTY)
    publisher.publish_all(ENRICHED, [report(number, story=f"late-{number}") for number in range(600, 1_200)])
    eventually(partial(has_indexed, servers, namespace, 700), within=60, every=0.02)
    first.kill()
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "index"), within=90)
    assert len(documents(servers, namespace)) == 1_200
    assert dead_letters(servers, namespace) == []


@pytest.mark.parametrize("fault", ["frozen", "crashed"])
def test_elasticsearch_being_away_is_waited_out_and_nothing_is_buried(
    fault: str, servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    elasticsearch = owned(servers.elasticsearch_control)
    indexer = run_service("services.search", "index", env=HASTY)
    publisher.publish_all(ENRICHED, stories(100))
    eventually(lambda: len(documents(servers, namespace)) == 100, within=60)
    try:
        elasticsearch.pause() if fault == "frozen" else elasticsearch.kill()
        publisher.publish_all(ENRICHED, stories(400))
        eventually(lambda: said(indexer, "away, waiting"), within=60)
        assert indexer.running
    finally:
        elasticsearch.resume() if fault == "frozen" else elasticsearch.start()
    eventually(lambda: len(documents(servers, namespace)) == 400, within=60)
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "index"), within=60)
    assert dead_letters(servers, namespace) == []
    assert said(indexer, "back, going on")


def test_kafka_being_away_is_waited_out_from_the_first_connection_on(
    servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    kafka = owned(servers.kafka_control)
    publisher.publish_all(ENRICHED, stories(50))
    kafka.stop()
    indexer = run_service("services.search", "index", env=HASTY)
    try:
        eventually(lambda: said(indexer, "kafka away, waiting"), within=60)
    finally:
        kafka.start()
    eventually(lambda: len(documents(servers, namespace)) == 50, within=60)
    kafka.kill()
    kafka.start()
    publisher.publish_all(ENRICHED, stories(120))
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "index"), within=60)
    assert len(documents(servers, namespace)) == 120
    assert dead_letters(servers, namespace) == []


def test_poison_is_buried_with_its_bytes_and_what_follows_is_indexed(
    servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    misfit = report(1, vector=(1.0, 0.0))
    poison = [b"\xff\x00 not ours", b'{"annotated": {}}', wire.encode(misfit)]
    send_bytes(servers, namespace, poison)
    publisher.publish(ENRICHED, report(2))
    run_service("services.search", "index", env=HASTY)
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "index"), within=60)
    letters = dead_letters(servers, namespace)
    assert [letter.value for letter in letters] == poison
    assert [letter.step for letter in letters] == ["decode", "decode", "bulk"]
    assert {letter.headers["trace"] for letter in letters} == {"t-1"}
    assert list(documents(servers, namespace)) == [report(2).article.id]


def test_the_same_input_twice_gives_the_same_index_byte_for_byte(
    servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    articles = [report(number, story=f"story-{number}", vector=(0.6, 0.8) + (0.0,) * 382) for number in range(60)]
    indexer = run_service("services.search", "index", env=HASTY)
    publisher.publish_all(ENRICHED, articles)
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "index"), within=60)
    before = json.dumps(documents(servers, namespace))
    publisher.publish_all(ENRICHED, reversed(articles))
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "index"), within=60)
    assert json.dumps(documents(servers, namespace)) == before
    assert indexer.running


def test_an_older_revision_never_replaces_a_newer_one(
    servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    run_service("services.search", "index", env=HASTY)
    publisher.publish_all(ENRICHED, [report(1, revision=2, title="Corrected"), report(1, title="First")])
    publisher.publish_all(ENRICHED, [report(1, revision=2, enrichment=3, title="Read again"), report(1)])
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "index"), within=60)
    ((version, source),) = documents(servers, namespace).values()
    assert (version, source["title"]) == (2_000_003, "Read again")


@pytest.mark.parametrize("shelf", [ARTICLES, STORIES], ids=lambda shelf: shelf.name)
def test_an_index_that_was_deleted_is_made_again(
    shelf: Shelf, servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    run_service("services.search", "index", env=HASTY)
    publisher.publish(ENRICHED, report(1, so_far=so_far()))
    eventually(lambda: len(documents(servers, namespace, shelf)) == 1, within=60)
    with Elasticsearch(servers.elasticsearch) as client:
        client.indices.delete(index=shelf.index(namespace))
        publisher.publish(ENRICHED, report(2, story="quake", so_far=so_far()))
        known = {ARTICLES: report(2).article.id, STORIES: "quake"}[shelf]
        eventually(lambda: list(documents(servers, namespace, shelf)) == [known], within=60)
        (made,) = client.indices.get_mapping(index=shelf.alias(namespace)).values()
    assert made["mappings"]["dynamic"] == "strict"


def test_too_many_dead_letters_in_a_row_stop_the_indexer(
    servers: Servers, namespace: str, run_service: RunService
) -> None:
    send_bytes(servers, namespace, [b"poison"] * 30)
    for _ in range(2):
        indexer = run_service("services.search", "index", env={"DATELINE_SEARCH_MOST_BURIED": "10"})
        indexer.wait(within=60)
        assert indexer.exit_code == 1
        assert "10 messages of articles.enriched.v1 in a row were refused" in indexer.output()
    # Started again, it buries the same again, and no more.
    assert len({letter.id for letter in dead_letters(servers, namespace)}) == 10


@pytest.mark.parametrize("away", [False, True])
def test_a_stop_is_orderly_within_ten_seconds(
    away: bool, servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    elsewhere = {"DATELINE_ELASTICSEARCH": "http://127.0.0.1:9"} if away else {}
    indexer = run_service("services.search", "index", env=elsewhere)
    eventually(lambda: said(indexer, "away, waiting" if away else "started"), within=60)
    publisher.publish(ENRICHED, report(1))
    begun = time.monotonic()
    indexer.stop()
    assert (indexer.exit_code, time.monotonic() - begun < 10) == (0, True)


def owned(control: Control | None) -> Control:
    if control is None:
        pytest.skip("these servers are not ours to crash")
    return control
