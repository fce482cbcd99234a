"""Ready is what can answer: what would still be refused with 503 keeps it from being ready."""

import asyncio
from dataclasses import dataclass, field
from typing import cast

import pytest

from services.search.api.health import ready
from services.search.api.parts import Parts
from services.search.api.problems import Problem


@dataclass
class FakeAlerts:
    trouble: str | None = None
    caught_up: bool = True

    def why_not_ready(self) -> str | None:
        return self.trouble


@dataclass
class FakeSearches:
    known: bool = True

    def wait(self, _timeout: float) -> bool:
        return self.known


@dataclass
class FakeArchive:
    trouble: str | None = None

    async def why_not_ready(self) -> str | None:
        return self.trouble


@dataclass
class FakeParts:
    alerts: FakeAlerts = field(default_factory=FakeAlerts)
    searches: FakeSearches = field(default_factory=FakeSearches)
    keys: FakeSearches = field(default_factory=FakeSearches)
    archive: FakeArchive = field(default_factory=FakeArchive)


def ask(parts: FakeParts) -> str:
    return asyncio.run(ready(cast(Parts, parts))).status


def test_it_is_ready_when_all_has_been_read() -> None:
    assert ask(FakeParts()) == "ready"


@pytest.mark.parametrize(
    ("parts", "reasons"),
    [
        (FakeParts(searches=FakeSearches(known=False)), ["the saved searches have not been read yet"]),
        (FakeParts(keys=FakeSearches(known=False)), ["the keys have not been read yet"]),
        (FakeParts(alerts=FakeAlerts(caught_up=False)), ["the last alerts have not been read yet"]),
        (FakeParts(archive=FakeArchive("no index")), ["no index"]),
        # What follows from Kafka's being away is not said beside it.
        (FakeParts(FakeAlerts("kafka is away", caught_up=False), FakeSearches(known=False)), ["kafka is away"]),
    ],
)
def test_it_says_what_it_is_not_ready_for(parts: FakeParts, reasons: list[str]) -> None:
    with pytest.raises(Problem) as refused:
        ask(parts)
    assert refused.value.status == 503
    assert [fault.detail for fault in refused.value.errors] == reasons
