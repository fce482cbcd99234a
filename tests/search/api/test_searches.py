"""One thing is published at a time, whoever still waits for it."""

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from services.publish import NeverTaken
from services.search.api import publishing
from services.search.api.problems import Problem
from services.search.api.publishing import published
from tests.flow.eventually import eventually_so


class FakeKafka:
    """Acknowledges nothing until it is let, and knows how many were with it at once."""

    def __init__(self) -> None:
        self.back = threading.Event()
        self.published: list[str] = []
        self._within = 0
        self.most_at_once = 0

    def publish(self, what: str) -> None:
        self._within += 1
        self.most_at_once = max(self.most_at_once, self._within)
        self.back.wait(10)
        self._within -= 1
        self.published.append(what)


def parts() -> Any:
    return SimpleNamespace(alerts=SimpleNamespace(why_not_ready=lambda: None), publishing=asyncio.Lock())


def test_a_reader_who_leaves_does_not_let_the_next_in_beside_what_is_still_on_its_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publishing, "PUBLISHED_WITHIN", 0.05)
    kafka = FakeKafka()

    async def ask() -> list[str]:
        these = parts()
        told = []
        for what in ("first", "second", "third"):
            with pytest.raises(Problem) as problem:
                await published(these, lambda what=what: kafka.publish(what))  # type: ignore[misc]
            told.append(problem.value.detail)
        kafka.back.set()
        await eventually_so(lambda: not these.publishing.locked())
        await published(these, lambda: kafka.publish("fourth"))
        return told

    told = asyncio.run(ask())
    assert kafka.most_at_once == 1
    assert kafka.published == ["first", "fourth"], "who was told that nothing was changed changed nothing"
    assert ["may yet take effect" in one for one in told] == [True, False, False]


def test_what_kafka_never_takes_is_said_with_its_reason() -> None:
    def refused() -> None:
        raise NeverTaken("Kafka has no topic saved-searches.v1")

    async def ask() -> None:
        these = parts()
        with pytest.raises(Problem, match="no topic saved-searches") as problem:
            await published(these, refused)
        assert problem.value.status == 503
        assert not these.publishing.locked()

    asyncio.run(ask())
