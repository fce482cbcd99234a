"""The river is one chain of topics, and the README shows it as the code has it."""

from pathlib import Path

from schemas.topics import ALERTS, ARTICLES, DELIVERIES, ENRICHED, KEYS, SAVED_SEARCHES, TOPICS, readme_table

README = Path(__file__).parents[2] / "README.md"


def test_the_readmes_topic_table_is_the_codes() -> None:
    assert readme_table() in README.read_text("utf-8")


def test_a_namespace_goes_before_the_name() -> None:
    assert ARTICLES.named("t1.") == "t1.articles.v1"


def test_only_what_changes_is_compacted_and_what_readers_asked_for_is_kept_for_ever() -> None:
    assert [topic for topic in TOPICS if topic.compacted] == [DELIVERIES, SAVED_SEARCHES, KEYS]
    assert SAVED_SEARCHES.retention is KEYS.retention is None
    assert DELIVERIES.retention == ALERTS.retention
    assert ENRICHED.readers == ("search (index)", "search (alert)", "search (api)")
