"""What follows an attempt: the schedule, its jitter, what a receiver asks for, and the end."""

from datetime import timedelta

import pytest

from services.search.deliver.attempts import Failed, Hopeless, Schedule, Taken, after
from services.search.settings import SearchSettings
from tests.search.deliver.owing import delivery
from tests.search.reports import NOON

STANDARD = Schedule(SearchSettings().delivery_pauses)
HOUR = 3600


def test_the_pauses_are_those_of_standard_webhooks() -> None:
    hours = (2, 5, 10, 14, 20, 24)
    assert STANDARD.pauses == (0, 5, 300, 1800, *(hour * HOUR for hour in hours))


def test_each_failure_waits_for_its_pause_and_after_the_last_the_delivery_is_dead() -> None:
    standing, waits = delivery(), []
    for _ in range(9):
        standing = after(standing, Failed("HTTP 500", 500), STANDARD, NOON, chance=0.0)
        assert standing.state == "failed"
        waits.append((standing.due - NOON).total_seconds())
    assert waits == [5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR]
    standing = after(standing, Failed("HTTP 500", 500), STANDARD, NOON, chance=0.0)
    assert (standing.state, standing.attempts, standing.revision) == ("dead", 10, 11)


@pytest.mark.parametrize(
    ("asked", "chance", "seconds"),
    [(0, 0.0, 5), (0, 1.0, 6), (3, 0.5, 5.5), (60, 0.5, 60), (90 * 24 * HOUR, 0.0, 24 * HOUR)],
    ids=["plain", "jittered", "asked for less", "asked for more", "asked for too much"],
)
def test_a_pause_is_jittered_and_as_long_as_the_receiver_asks_within_reason(
    asked: float, chance: float, seconds: float
) -> None:
    failed = after(delivery(), Failed("HTTP 503", 503, asked), STANDARD, NOON, chance)
    assert failed.due == NOON + timedelta(seconds=seconds)


def test_what_is_taken_is_sent_and_what_is_hopeless_dead_at_once() -> None:
    sent = after(delivery(error="HTTP 500"), Taken(204), STANDARD, NOON, 0.0)
    assert (sent.state, sent.status, sent.error, sent.attempts) == ("sent", 204, "", 1)
    dead = after(delivery(), Hopeless("a private address"), STANDARD, NOON, 0.0)
    assert (dead.state, dead.error) == ("dead", "a private address")
