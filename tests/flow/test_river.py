"""G1 to G5 over the whole river: kill -9 any one service in the middle of 500 articles, and none is lost or doubled."""

import json
import random
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.local.process import Child
from schemas.alert import Alert
from schemas.saved_search import SavedSearch
from schemas.story import EnrichedArticle
from schemas.topics import ALERTS, ANNOTATED, ARTICLES, ENRICHED
from services.ingest.identity import article_id
from services.publish import Publisher
from services.search.saved_searches import save
from services.settings import Settings
from tests.flow.conftest import RunService
from tests.flow.eventually import eventually
from tests.flow.kept import dead_letters, documents, is_drained, messages
from tests.flow.servers import Servers

ARTICLES_PUBLISHED = 500
SERVICES = {
    "annotate": ("services.enrich", "annotate"),
    "follow": ("services.enrich", "follow"),
    "index": ("services.search", "index"),
    "alert": ("services.search", "alert"),
}

pytestmark = [pytest.mark.flow, pytest.mark.timeout(600)]


def news(path: Path) -> set[str]:
    """500 short reports in a file; the ids that they must have."""
    chance = random.Random(4)
    towns = ["Nairobi", "Kampala", "Lima", "La Paz", "Hanoi", "Oslo", "Accra", "Quito", "Suva", "Riga"]
    ids = set()
    with path.open("w", encoding="utf-8") as lines:
        for number in range(ARTICLES_PUBLISHED):
            town, other = chance.sample(towns, 2)
            url = f"https://sample-{number % 7}.example/report-{number}"
            text = (
                f"{town.upper()} — The mayor of {town} praised {other} on Tuesday for report number {number}, "
                f"and signed an accord on {chance.choice(['water', 'rail', 'grain', 'power'])} with it.\n\n"
                f"The opposition in {town} condemned the accord as item {chance.randrange(10_000)} of a long list. "
                f"“We were not asked,” a spokesman said, and announced a vote for the month that follows."
            )
            row = {"url": url, "title": f"{town} and {other} agree on {number}", "text": text}
            lines.write(json.dumps({**row, "published": "2026-03-03T09:00:00Z"}) + "\n")
            ids.add(article_id(url))
    return ids


WATCHED = {"ingest": ARTICLES, "annotate": ANNOTATED, "follow": ENRICHED, "index": ENRICHED, "alert": ALERTS}
"""Where what the victim does is seen, so that it is killed in the middle of its work."""


@pytest.mark.parametrize("victim", list(WATCHED))
def test_a_service_killed_in_the_middle_loses_and_doubles_nothing(
    victim: str, servers: Servers, namespace: str, run_service: RunService, tmp_path: Path
) -> None:
    file = tmp_path / "news.jsonl"
    expected = news(file)
    publisher = Publisher(Settings(kafka=servers.kafka, namespace=namespace))
    save(publisher, SavedSearch(id="all", name="All of it", criteria={"language": ["en"]}, created=datetime.now(UTC)))
    publisher.close()
    running: dict[str, Child] = {name: run_service(*command) for name, command in SERVICES.items()}
    ingest = run_service("deploy.cli", "ingest", str(file), "--json")

    # Half of the stories that the reports make is about what the alerter has to tell.
    progress = random.Random(f"{victim}-1").randrange(5, 15) if victim == "alert" else 150
    print(f"killing {victim} after {progress}")  # noqa: T201 - for whoever must repeat it
    eventually(lambda: len(messages(servers, namespace, WATCHED[victim])) >= progress, within=240, every=0.05)
    if victim == "ingest":
        ingest.kill()
        ingest = run_service("deploy.cli", "ingest", str(file), "--json")
    else:
        running[victim].kill()
        running[victim] = run_service(*SERVICES[victim])

    assert ingest.wait(within=120) == 0, ingest.last_words()
    eventually(lambda: documents(servers, namespace).keys() >= expected, within=300, every=1.0)
    eventually(lambda: is_drained(servers, namespace, ENRICHED, "alert"), within=120, every=1.0)
    assert documents(servers, namespace).keys() == expected
    assert dead_letters(servers, namespace) == []
    assert all(child.running for child in running.values())
    told: dict[str, set[str]] = defaultdict(set)
    opened = set()
    for message in messages(servers, namespace, ENRICHED):
        assert isinstance(message, EnrichedArticle)
        # When it was seen is of the clock: ingest sees an article again if it fell before it could remember it. And its
        # story may have taken others before it was told again.
        said = message.model_dump_json(exclude={"annotated": {"article": {"seen"}}, "moment": {"so_far"}})
        told[message.article.id].add(said)
        if message.moment.developments and message.moment.duplicate_of is None:
            opened.add(message.moment.story)
    assert told.keys() == expected
    assert {len(versions) for versions in told.values()} == {1}, "an article that was told twice was told differently"
    alerts = [alert for alert in messages(servers, namespace, ALERTS) if isinstance(alert, Alert)]
    assert {alert.story for alert in alerts} == opened
    assert len({alert.id for alert in alerts}) == len(alerts), "a reader was told the same twice"
