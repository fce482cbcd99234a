"""A turn of sending ends whole, whenever it is ended."""

import asyncio
from collections.abc import Callable

import pytest

from services.search.deliver import deliverer
from services.search.saved_searches import SavedSearches
from services.search.settings import SearchSettings
from tests.search.deliver.owing import delivery
from tests.search.reports import NOON


class FakePublisher:
    is_closed = False

    def close(self) -> None:
        self.is_closed = True


class FakeWebhooks:
    is_closed = False

    async def close(self) -> None:
        self.is_closed = True


def turn() -> deliverer._Turn:
    settings = SearchSettings()
    return deliverer._Turn(settings, SavedSearches(settings), now=lambda: NOON, chance=lambda: 0.0)


def test_a_turn_that_is_ended_as_it_begins_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, webhooks = FakePublisher(), FakeWebhooks()
    monkeypatch.setattr(deliverer, "Publisher", lambda _: publisher)
    monkeypatch.setattr(deliverer, "Webhooks", lambda *_: webhooks)
    one = turn()
    one.stop()
    asyncio.run(one._send())
    assert (publisher.is_closed, webhooks.is_closed) == (True, True)


def test_what_comes_as_the_loop_is_closed_is_learnt_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliverer, "Publisher", lambda _: FakePublisher())
    one = turn()
    one.stop()
    asyncio.run(one._send())
    # As it looks to whoever asked before it was closed.
    monkeypatch.setattr(one._loop, "is_closed", lambda: False)
    monkeypatch.setattr(one._loop, "call_soon_threadsafe", refuse)
    one.outbox.put([delivery()])
    assert delivery().id in one.outbox


def refuse(*_: Callable[..., None]) -> None:
    raise RuntimeError("Event loop is closed")
