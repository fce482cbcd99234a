"""A dead letter's id is where its message stood, and what it was when that says too little."""

from datetime import UTC, datetime

import pytest

from schemas.dead_letter import DeadLetter


def buried(topic: str, partition: int | None, offset: int | None, value: bytes | None) -> str:
    letter = DeadLetter.of(
        topic=topic,
        partition=partition,
        offset=offset,
        key=None,
        value=value,
        headers=[],
        service="ingest",
        step="read",
        error=ValueError("no article"),
        now=datetime(2026, 3, 3, tzinfo=UTC),
    )
    return letter.id


def test_what_stood_on_a_topic_is_called_by_its_place_alone() -> None:
    assert buried("articles.v1", 0, 0, b"{") == buried("articles.v1", 0, 0, b"[") == "ingest/articles.v1/0/0"


@pytest.mark.parametrize(("partition", "offset"), [(None, 7), (None, None), (3, None)])
def test_what_came_from_elsewhere_is_called_by_its_bytes_too(partition: int | None, offset: int | None) -> None:
    # Two files of one name, or a page that was broken twice in different ways.
    ids = {buried("news.jsonl", partition, offset, value) for value in (b"{", b"[", None)}
    assert len(ids) == 3
    assert buried("news.jsonl", partition, offset, b"{") in ids


def test_what_has_no_partition_or_offset_is_not_called_none() -> None:
    assert buried("news.jsonl", None, 7, b"{").rpartition("/")[0] == "ingest/news.jsonl/7"
    assert buried("https://a.example/1", None, None, b"{").rpartition("/")[0] == "ingest/https://a.example/1"
