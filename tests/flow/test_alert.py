"""G2 and G9 for the alerter: a reader is told of each development once, whatever is crashed in between."""

from collections.abc import Iterator
from typing import Any

import pytest

from schemas.alert import Alert
from schemas.saved_search import SavedSearch
from schemas.story import Development, EnrichedArticle
from schemas.topics import ALERTS, ENRICHED
from services.publish import Publisher
from services.search.saved_searches import delete, save
from services.settings import Settings
from tests.flow.conftest import RunService
from tests.flow.eventually import eventually
from tests.flow.kept import is_drained, messages
from tests.flow.servers import Servers
from tests.search.reports import NOON, report

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]


@pytest.fixture
def publisher(servers: Servers, namespace: str) -> Iterator[Publisher]:
    publisher = Publisher(Settings(kafka=servers.kafka, namespace=namespace))
    yield publisher
    publisher.close()


def search(search_id: str = "water", **criteria: Any) -> SavedSearch:
    return SavedSearch(id=search_id, name=search_id.title(), criteria=criteria, created=NOON)


def quake(number: int, *developments: Development, **changes: Any) -> EnrichedArticle:
    return report(number, story="quake", position=number, developments=developments, **changes)


def alerts(servers: Servers, namespace: str) -> list[Alert]:
    return [alert for alert in messages(servers, namespace, ALERTS) if isinstance(alert, Alert)]


OPENS = Development(kind="new_story", reason="A new story.", score=1.0)
NAMES_ODERA = Development(kind="new_actor", reason="Amina Odera is new in this story.", score=0.8, subject="Q7")


def test_the_same_development_of_a_story_raises_exactly_one_alert(
    servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    save(publisher, search("water", q="signing a pact", country=["KE"]))
    save(publisher, search("mars", q="Mars"))
    articles = [
        quake(1, OPENS),
        quake(2, NAMES_ODERA),
        quake(3, NAMES_ODERA),  # told already
        quake(4),  # nothing new
        quake(5, OPENS, NAMES_ODERA, duplicate_of=report(1).article.id),
        quake(1, OPENS),  # the first once more
    ]
    publisher.publish_all(ENRICHED, articles)
    run_service("services.search", "alert")
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "alert"), within=60)
    raised = alerts(servers, namespace)
    assert [(alert.search, alert.article, alert.reason) for alert in raised] == [
        ("water", articles[0].article.id, OPENS.reason),
        ("water", articles[1].article.id, NAMES_ODERA.reason),
    ]


def test_a_kill_in_the_middle_loses_and_doubles_no_alert(
    servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    save(publisher, search())
    publisher.publish_all(ENRICHED, [report(number, story=f"story-{number}") for number in range(600)])
    alerter = run_service("services.search", "alert", env={"DATELINE_SEARCH_BATCH": "10"})
    eventually(lambda: len(alerts(servers, namespace)) >= 50, within=60, every=0.02)
    alerter.kill()
    assert not is_drained(servers, namespace, ENRICHED, "alert"), "the kill came too late to prove anything"
    run_service("services.search", "alert", env={"DATELINE_SEARCH_BATCH": "10"})
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "alert"), within=90)
    raised = alerts(servers, namespace)
    assert {alert.story for alert in raised} == {f"story-{number}" for number in range(600)}
    assert len(raised) == 600


def test_a_search_saved_or_deleted_while_the_alerter_runs_takes_effect_soon(
    servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    alerter = run_service("services.search", "alert")
    eventually(lambda: "knows the saved searches" in alerter.output(), within=60)
    save(publisher, water := search())
    numbers = iter(range(1_000_000))

    def is_told_of_another() -> bool:
        before = len(alerts(servers, namespace))
        number = next(numbers)
        publisher.publish(ENRICHED, report(number, story=f"story-{number}"))
        eventually(lambda: is_drained(servers, namespace, ENRICHED, "alert"), within=60)
        return len(alerts(servers, namespace)) > before

    eventually(is_told_of_another, within=60)
    delete(publisher, water)
    eventually(lambda: not is_told_of_another(), within=60)


def test_a_changed_search_tells_in_its_new_version(
    servers: Servers, namespace: str, publisher: Publisher, run_service: RunService
) -> None:
    save(publisher, search())
    save(publisher, search(language=["en"]).model_copy(update={"version": 2}))
    publisher.publish(ENRICHED, report(1))
    run_service("services.search", "alert")
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "alert"), within=60)
    assert [alert.search_version for alert in alerts(servers, namespace)] == [2]
