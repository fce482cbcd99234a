"""The local river: what starts, in which order, and what each program is told."""

from pathlib import Path

from deploy.local.plan import Plan
from deploy.local.settings import LocalSettings


def test_what_reads_starts_before_what_writes() -> None:
    assert [program.name for program in Plan().programs()] == [
        "samples",
        "annotate",
        "follow",
        "index",
        "alert",
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


def test_every_program_is_told_the_local_servers_and_a_metrics_port_of_its_own() -> None:
    plan = Plan(local=LocalSettings(kafka_port=1234, elasticsearch_port=4321, data=Path("d")))
    told = [plan.environment_of(program, {"DATELINE_KAFKA": "elsewhere:9092"}) for program in plan.programs()]
    assert {each["DATELINE_KAFKA"] for each in told} == {"127.0.0.1:1234"}
    assert {each["DATELINE_ELASTICSEARCH"] for each in told} == {"http://127.0.0.1:4321"}
    assert {Path(each["DATELINE_DATA"]) for each in told} == {Path("d").absolute()}
    ports = [program.metrics_port for program in plan.programs() if program.metrics_port]
    assert len(ports) == len(set(ports)) == 5


def test_a_person_is_told_where_to_search_to_listen_and_to_push() -> None:
    told = "\n".join(Plan().addresses())
    for wanted in ("/articles?q=", "/alerts/stream", "/docs", "POST", "make run FEED="):
        assert wanted in told
