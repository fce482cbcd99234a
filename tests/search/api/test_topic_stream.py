"""A stream over several partitions has one place, and whoever resumes there misses nothing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sse_starlette import ServerSentEvent

from schemas.topics import ENRICHED
from services.search.api.problems import Problem
from services.search.api.topic_log import TopicLog
from services.search.api.topic_stream import place, stream
from services.search.settings import SearchSettings


@dataclass(frozen=True)
class Said:
    id: str


def log_of(*records: tuple[int, int, str], keep: int = 100) -> TopicLog[Said]:
    """A log that has heard these words, each at its partition and offset; several words are several items."""
    log: TopicLog[Said] = TopicLog(ENRICHED, SearchSettings(), keep, lambda *_: [])
    for kept in log.kept:
        kept.begin(0)
    for partition, offset, words in records:
        log.kept[partition].add(offset, *(Said(word) for word in words.split()))
    return log


async def _heard(log: TopicLog[Said], after: str | None, wanted: str) -> list[ServerSentEvent]:
    log._news = asyncio.Event()
    events: AsyncIterator[ServerSentEvent] = stream(
        log, place(after, "after"), "said", lambda said: said.id in wanted or not wanted, lambda said: said.id
    )
    told: list[ServerSentEvent] = []
    try:
        while True:
            told.append(await asyncio.wait_for(anext(events), 0.05))
    except TimeoutError:
        return told


def heard(log: TopicLog[Said], after: str | None, wanted: str = "") -> list[tuple[str | None, str | None]]:
    """Each event's data and id."""
    return [(event.data, event.id) for event in asyncio.run(_heard(log, after, wanted))]


def test_what_came_since_comes_in_the_order_in_which_it_came() -> None:
    log = log_of((2, 0, "a"), (0, 0, "b"), (2, 1, "c"))
    assert heard(log, "-1.-1.-1.-1.-1.-1") == [
        ("a", "-1.-1.0.-1.-1.-1"),
        ("b", "0.-1.0.-1.-1.-1"),
        ("c", "0.-1.1.-1.-1.-1"),
    ]
    assert heard(log, "0.-1.0.-1.-1.-1") == [("c", "0.-1.1.-1.-1.-1")]


def test_without_a_place_it_begins_now_and_says_where_that_is() -> None:
    assert heard(log_of((1, 0, "a")), None) == [(None, "-1.0.-1.-1.-1.-1")]


def test_of_several_items_of_one_record_only_the_last_can_be_resumed_after() -> None:
    assert heard(log_of((0, 0, "a b c")), "-1") == [("a", None), ("b", None), ("c", "0.-1.-1.-1.-1.-1")]


def test_a_place_moves_past_what_is_not_wanted() -> None:
    log = log_of((0, 0, "a"), (1, 0, "b"), (1, 1, "a"))
    assert heard(log, "-1.-1", "b") == [("b", "-1.0.-1.-1.-1.-1"), (None, "0.1.-1.-1.-1.-1")]


def test_a_gap_names_its_partition() -> None:
    log = log_of((3, 0, "a"), (3, 1, "b"), (3, 2, "c"), keep=1)
    (gap, last) = heard(log, "-1")
    assert gap == ('{"missed_from":0,"kept_from":2,"partition":3}', "-1.-1.-1.1.-1.-1")
    assert last == ("c", "-1.-1.-1.2.-1.-1")


def test_a_repeat_is_not_told_again() -> None:
    assert heard(log_of((0, 0, "a"), (0, 1, "a b")), "0") == [("b", "1.-1.-1.-1.-1.-1")]


def test_a_place_from_before_the_topic_had_more_partitions_reads_the_new_ones_whole() -> None:
    log = log_of((0, 0, "a"), (5, 0, "b"))
    assert heard(log, "0.-1") == [("b", "0.-1.-1.-1.-1.0")]


@pytest.mark.parametrize("written", ["", "x", "1.", ".", "-2", "1.-2", "²", "1" * 30, "1." * 4000 + "1", "--1", "-"])
def test_what_is_no_place_is_refused(written: str) -> None:
    with pytest.raises(Problem):
        place(written, "after")
