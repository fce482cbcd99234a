"""The river is one chain of topics, and the README shows it as the code has it."""

from pathlib import Path

from schemas.topics import ARTICLES, ENRICHED, SAVED_SEARCHES, TOPICS, readme_table

README = Path(__file__).parents[2] / "README.md"


def test_the_readmes_topic_table_is_the_codes() -> None:
    assert readme_table() in README.read_text("utf-8")


def test_a_namespace_goes_before_the_name() -> None:
    assert ARTICLES.named("t1.") == "t1.articles.v1"


def test_only_what_must_be_kept_for_ever_is_compacted() -> None:
    assert [topic for topic in TOPICS if topic.compacted] == [SAVED_SEARCHES]
    assert SAVED_SEARCHES.retention is None
    assert ENRICHED.readers == ("search (index)", "search (alert)", "search (api)")
