"""The local river: what starts, in which order, and what each program is told."""

from pathlib import Path
from typing import Any

import pytest

from deploy.local.plan import Plan
from deploy.local.settings import LocalSettings
from services.ingest.settings import IngestSettings


def test_what_reads_starts_before_what_writes() -> None:
    assert [program.name for program in Plan().programs()] == [
        "samples",
        "annotate",
        "follow",
        "index",
        "alert",
        "deliver",
        "api",
        "ingest",
    ]


def test_a_feed_of_ones_own_is_followed_instead_of_the_samples() -> None:
    plan = Plan(samples=False, feeds=("https://a.example/rss", "https://b.example/rss"))
    *_, ingest = plan.programs()
    told = plan.environment_of(ingest, {"PATH": "x", "DATELINE_KAFKA": "elsewhere:9092"})
    assert "samples" not in [program.name for program in plan.programs()]
    assert told["DATELINE_FEED"] == "https://a.example/rss,https://b.example/rss"
    assert told["PATH"] == "x"
    assert "DATELINE_ALLOW_HOSTS" not in told


@pytest.mark.parametrize(
    "given", [{"feeds": Path("mine.toml")}, {"feed": "https://a.example/rss"}], ids=["a list", "one"]
)
def test_feeds_that_the_environment_names_are_followed_and_not_at_the_samples_pace(given: dict[str, Any]) -> None:
    plan = Plan(ingest=IngestSettings(**given))
    names = [program.name for program in plan.programs()]
    *_, ingest = plan.programs()
    told = plan.environment_of(ingest, {"DATELINE_FEEDS": "mine.toml", "DATELINE_ALLOW_HOSTS": "10.0.0.1"})
    assert "samples" not in names
    assert (told["DATELINE_FEEDS"], told["DATELINE_ALLOW_HOSTS"]) == ("mine.toml", "10.0.0.1")
    assert "DATELINE_FEED_SECONDS_MAX" not in told


def test_every_program_is_told_the_local_servers_and_a_metrics_port_of_its_own() -> None:
    plan = Plan(local=LocalSettings(kafka_port=1234, elasticsearch_port=4321, data=Path("d")))
    told = [plan.environment_of(program, {"DATELINE_KAFKA": "elsewhere:9092"}) for program in plan.programs()]
    assert {each["DATELINE_KAFKA"] for each in told} == {"127.0.0.1:1234"}
    assert {each["DATELINE_ELASTICSEARCH"] for each in told} == {"http://127.0.0.1:4321"}
    assert {Path(each["DATELINE_DATA"]) for each in told} == {Path("d").absolute()}
    ports = [program.metrics_port for program in plan.programs() if program.metrics_port]
    assert len(ports) == len(set(ports)) == 6


def test_a_person_is_told_where_to_search_to_listen_and_to_push() -> None:
    told = "\n".join(Plan().addresses())
    for wanted in ("/articles?q=", "/alerts/stream", "/docs", "POST", "make run FEED="):
        assert wanted in told
