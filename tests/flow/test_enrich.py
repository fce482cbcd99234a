"""G1, G2, G6 for enrich: killed, stopped or fed with what it cannot read, each article comes out, or is buried."""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from kafka import KafkaProducer

from deploy.local.process import Child
from schemas.article import Article, Outlet
from schemas.story import EnrichedArticle
from schemas.topics import ANNOTATED, ARTICLES, ENRICHED
from services.publish import Publisher
from services.settings import Settings
from tests.flow.conftest import RunService
from tests.flow.eventually import eventually
from tests.flow.kept import dead_letters, is_drained, messages
from tests.flow.servers import Servers

pytestmark = [pytest.mark.flow, pytest.mark.timeout(600)]

HASTY = {"DATELINE_ENRICH_SESSION_SECONDS": "6", "DATELINE_ENRICH_MOST_BURIED": "5"}
TOWNS = ("Nairobi", "Kampala", "Lima", "La Paz", "Hanoi", "Oslo", "Accra", "Quito", "Suva", "Riga")
START = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def publisher(servers: Servers, namespace: str) -> Iterator[Publisher]:
    publisher = Publisher(Settings(kafka=servers.kafka, namespace=namespace))
    yield publisher
    publisher.close()


def report(number: int, *, language: str = "en") -> Article:
    """A short report; every tenth is a copy of the one before it."""
    told = number - 1 if number % 10 == 9 else number
    chance = random.Random(told)
    town, other = chance.sample(TOWNS, 2)
    url = f"https://sample.example/{number}"
    return Article(
        id=hashlib.sha256(url.encode()).hexdigest()[:32],
        url=url,
        fetched_url=url,
        outlet=Outlet(domain="sample.example"),
        title=f"{town} and {other} sign accord {told}",
        text=f"The mayor of {town} praised {other} on Tuesday and signed accord number {told} on water with it. "
        + " ".join("".join(chance.sample("abdegilmnorstu", 5)) for _ in range(80)),
        language=language,
        published=START + timedelta(minutes=number),
        seen=START + timedelta(minutes=number),
    )


def enriched(servers: Servers, namespace: str) -> dict[str, list[EnrichedArticle]]:
    """What came out, by article, repeats included."""
    found = defaultdict(list)
    for message in messages(servers, namespace, ENRICHED):
        assert isinstance(message, EnrichedArticle)
        found[message.article.id].append(message)
    return found


def start(run_service: RunService) -> list[Child]:
    """Both steps."""
    return [run_service("services.enrich", step, env=HASTY) for step in ("annotate", "follow")]


def living(story: str, told: dict[str, list[EnrichedArticle]]) -> str:
    """The story that one has become part of, as the articles told it."""
    into = {
        gone: one.moment.story
        for repeats in told.values()
        for one in repeats
        if one.moment.so_far is not None
        for gone in one.moment.so_far.merged
        if gone != one.moment.story
    }
    while story in into:
        story = into[story]
    return story


def test_killed_in_the_middle_it_loses_nothing_and_says_the_same_again(
    servers: Servers, namespace: str, run_service: RunService, publisher: Publisher
) -> None:
    reports = [report(number) for number in range(200)]
    first = start(run_service)
    publisher.publish_all(ARTICLES, reports)
    eventually(lambda: len(enriched(servers, namespace)) >= 40, within=180)
    for step in first:
        step.kill()
    before = enriched(servers, namespace)
    assert len(before) < len(reports)

    second = start(run_service)
    eventually(lambda: len(enriched(servers, namespace)) == len(reports), within=240)
    after = enriched(servers, namespace)
    assert after.keys() == {one.id for one in reports}
    for repeats in after.values():
        # Before the article was told again its story may have taken others.
        assert len({repeat.model_dump_json(exclude={"moment": {"so_far"}}) for repeat in repeats}) == 1
    for one, other in ((reports[number - 1].id, reports[number].id) for number in range(9, 200, 10)):
        # Which of the two is the copy depends on their partitions; one is, of the other.
        moments = after[one][0].moment, after[other][0].moment
        assert {moment.duplicate_of for moment in moments} in ({None, one}, {None, other})
        assert living(moments[0].story, after) == living(moments[1].story, after)
    assert dead_letters(servers, namespace) == []

    eventually(lambda: is_drained(servers, namespace, ANNOTATED, "follow"), within=30)
    assert [step.stop() for step in second] == [0, 0]


def test_a_backlog_to_annotate_does_not_keep_what_is_annotated_from_being_followed(
    servers: Servers, namespace: str, run_service: RunService, publisher: Publisher
) -> None:
    publisher.publish_all(ARTICLES, [report(number) for number in range(300)])
    start(run_service)
    eventually(lambda: len(enriched(servers, namespace)) >= 20, within=120, every=0.2)
    assert len(list(messages(servers, namespace, ANNOTATED))) < 200, "following waited for the whole backlog"
    eventually(lambda: len(enriched(servers, namespace)) == 300, within=240)


def test_what_cannot_be_read_is_buried_with_its_bytes_and_the_rest_goes_on(
    servers: Servers, namespace: str, run_service: RunService, publisher: Publisher
) -> None:
    producer = KafkaProducer(bootstrap_servers=servers.kafka)
    producer.send(ARTICLES.named(namespace), key=b"k", value=b"{ no article", headers=[("trace", b"t-1")]).get(10)
    producer.send(ANNOTATED.named(namespace), key=b"k", value=b"\xff\xfe").get(10)
    producer.close()
    publisher.publish_all(ARTICLES, [report(1), report(2, language="fr")])
    start(run_service)
    eventually(lambda: len(enriched(servers, namespace)) == 2, within=120)
    letters = {letter.topic: letter for letter in eventually(lambda: dead_letters(servers, namespace), within=30)}
    assert letters[ARTICLES.named(namespace)].value == b"{ no article"
    assert letters[ARTICLES.named(namespace)].headers == {"trace": "t-1"}
    assert letters[ANNOTATED.named(namespace)].value == b"\xff\xfe"
    assert {letter.service for letter in letters.values()} == {"enrich"}
    unread = enriched(servers, namespace)[report(2).id][0]
    assert (unread.annotated.annotated, unread.annotated.entities) == (False, ())


def test_too_many_dead_letters_in_a_row_stop_it(servers: Servers, namespace: str, run_service: RunService) -> None:
    producer = KafkaProducer(bootstrap_servers=servers.kafka)
    for number in range(20):
        producer.send(ANNOTATED.named(namespace), value=b"poison %d" % number).get(10)
    producer.close()
    service = run_service("services.enrich", "follow", env=HASTY)
    eventually(lambda: not service.running, within=120)
    assert service.exit_code == 1
    assert len(dead_letters(servers, namespace)) == 5
    assert "in a row had to be buried" in service.output()


def test_started_again_it_still_knows_its_stories(
    servers: Servers, namespace: str, run_service: RunService, publisher: Publisher
) -> None:
    first = start(run_service)
    publisher.publish_all(ARTICLES, [report(8)])
    eventually(lambda: is_drained(servers, namespace, ANNOTATED, "follow") and enriched(servers, namespace), within=120)
    assert [step.stop() for step in first] == [0, 0]

    start(run_service)
    publisher.publish_all(ARTICLES, [report(9)])
    eventually(lambda: len(enriched(servers, namespace)) == 2, within=120)
    found = enriched(servers, namespace)
    assert found[report(9).id][0].moment.duplicate_of == report(8).id
    assert found[report(9).id][0].moment.story == found[report(8).id][0].moment.story
