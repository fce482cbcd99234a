"""A stream that is asked for what Kafka does not have says so at once, and waits for what Kafka has."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sse_starlette import ServerSentEvent

from schemas import wire
from schemas.topics import ALERTS
from services.search import follow
from services.search.api.alert_log import AlertLog, alert_log
from services.search.api.topic_stream import stream
from services.search.settings import SearchSettings
from tests.flow.eventually import eventually_so

ALERT = (Path(wire.__file__).parent / "examples" / ALERTS.name / "water-pact.json").read_bytes()


class FakeConsumer:
    """A topic of one partition that ends at `end`; its records come only while `held` is false."""

    def __init__(self, end: int, *, held: bool = False) -> None:
        self.end = end
        self.held = held
        self._next = 0

    def partitions_for_topic(self, topic: str) -> set[int]:
        return {0}

    def assign(self, partitions: list[Any]) -> None:
        self._partition = partitions[0]

    def seek(self, partition: Any, offset: int) -> None:
        self._next = offset

    def beginning_offsets(self, partitions: list[Any], timeout_ms: int) -> dict[Any, int]:
        return dict.fromkeys(partitions, 0)

    def end_offsets(self, partitions: list[Any], timeout_ms: int) -> dict[Any, int]:
        return dict.fromkeys(partitions, self.end)

    def poll(self, timeout_ms: int) -> dict[Any, list[Any]]:
        if self.held or self._next >= self.end:
            return {}
        self._next += 1
        return {self._partition: [SimpleNamespace(offset=self._next - 1, value=ALERT, headers=[])]}

    def close(self, **options: Any) -> None: ...


@asynccontextmanager
async def followed(consumer: FakeConsumer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AlertLog]:
    monkeypatch.setattr(follow, "connect", lambda *_: consumer)
    log = alert_log(SearchSettings())
    log.start()
    yield log
    await log.stop()


async def first(log: AlertLog, after: int) -> ServerSentEvent:
    async with asyncio.timeout(2):
        return await anext(stream(log, (after,), "alert", lambda _: True, lambda alert: alert.id))


def test_a_gap_is_told_as_soon_as_kafka_says_that_it_has_no_such_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> ServerSentEvent:
        async with followed(FakeConsumer(end=0), monkeypatch) as log:
            return await first(log, after=40)

    assert asyncio.run(ask()).event == "gap"


def test_what_kafka_has_and_this_process_has_not_read_yet_is_no_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask() -> ServerSentEvent:
        consumer = FakeConsumer(end=2, held=True)
        async with followed(consumer, monkeypatch) as log:
            waiting = asyncio.create_task(first(log, after=0))
            await eventually_so(lambda: log.ends_by((2,), 1))
            consumer.held = False
            return await waiting

    event = asyncio.run(ask())
    assert (event.event, event.id) == (None, "1"), "the alert after it is the same one again, so only its place is told"
