"""Ingest ends in failure when what it follows cannot be published any more, and in good order when it is told to."""

import asyncio
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from services.ingest import __main__ as main
from services.ingest.feeds import FeedSpec
from services.ingest.seen import Seen
from services.ingest.settings import IngestSettings
from services.ingest.watch import Watch
from services.publish import NeverTaken

FEED = FeedSpec(url="https://a.example/rss")


class FakePublisher:
    def close(self) -> None: ...


class Left(Exception):
    """Instead of the end of the process: its exit code."""


def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    def leave(code: int) -> None:
        raise Left(code)

    monkeypatch.setattr(os, "_exit", leave)
    publisher: Any = FakePublisher()
    with pytest.raises(Left) as left:
        asyncio.run(main._run(IngestSettings(), [FEED], None, publisher, Seen(folder / "seen.sqlite")))
    return left.value.args[0]


def test_what_kafka_never_takes_ends_it_with_a_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def follow(watch: Watch, feeds: Sequence[FeedSpec]) -> None:
        raise ExceptionGroup("unhandled errors in a TaskGroup", [NeverTaken("Kafka has no topic articles.v1")])

    monkeypatch.setattr(Watch, "follow", follow)
    assert run(tmp_path, monkeypatch) == 1


def test_told_to_stop_it_ends_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def follow(watch: Watch, feeds: Sequence[FeedSpec]) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    monkeypatch.setattr(Watch, "follow", follow)
    assert run(tmp_path, monkeypatch) == 0
