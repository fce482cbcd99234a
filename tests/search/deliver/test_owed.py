"""What an alert owes, when a digest is due, and what leaves together."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.saved_search import Destination, Email
from services.search.deliver.owed import due, owed, parcels
from tests.search.deliver.owing import DESK, HOOK, alert, delivery, search
from tests.search.reports import NOON


def digest(**changes: Any) -> Destination:
    return Destination(email=Email(address="desk@newsroom.example", **changes))


def test_an_alert_owes_one_delivery_to_each_destination_under_an_id_of_its_own() -> None:
    first, second = owed(alert(), search(HOOK, DESK), lambda _: None, NOON)
    assert (first.destination, second.destination) == (HOOK, DESK)
    assert first.id != second.id
    again = owed(alert(), search(DESK, HOOK, version=2), lambda _: None, NOON + timedelta(days=1))
    assert {one.id for one in again} == {first.id, second.id}, "whenever and in whatever order it is asked"


def test_another_secret_or_digest_is_the_same_place() -> None:
    assert digest(digest="daily").key == DESK.key
    assert HOOK.webhook is not None
    other = Destination(webhook=HOOK.webhook.model_copy(update={"secret": "other"}))
    assert other.key == HOOK.key != DESK.key


def test_where_there_is_a_reason_not_to_the_delivery_is_dead_from_the_start() -> None:
    first, second = owed(alert(), search(HOOK, DESK), lambda one: "gone" if one == HOOK else None, NOON)
    assert (first.state, first.error, second.state, second.error) == ("dead", "gone", "pending", "")


def test_a_kind_of_destination_that_is_not_known_here_is_told_nothing() -> None:
    unknown = Destination.model_validate({"pigeon": {"loft": "3"}})
    assert owed(alert(), search(unknown), lambda _: None, NOON) == []


@pytest.mark.parametrize(
    ("destination", "now", "then"),
    [
        (HOOK, "2026-03-03T12:34:56", "2026-03-03T12:34:56"),
        (digest(), "2026-03-03T12:34:56", "2026-03-03T12:34:56"),
        (digest(digest="hourly"), "2026-03-03T12:34:56", "2026-03-03T13:00:00"),
        (digest(digest="hourly"), "2026-03-03T12:00:00", "2026-03-03T13:00:00"),
        (digest(digest="daily", at="07:30"), "2026-03-03T07:29:59", "2026-03-03T07:30:00"),
        (digest(digest="daily", at="07:30"), "2026-03-03T07:30:00", "2026-03-04T07:30:00"),
        (digest(digest="daily", at="07:30", zone="Asia/Tokyo"), "2026-03-03T12:00:00", "2026-03-03T22:30:00"),
        (digest(digest="daily", at="23:30", zone="-08:00"), "2026-03-03T12:00:00", "2026-03-04T07:30:00"),
        # The night in which Berlin's clocks go forward: 07:00 is an hour earlier in UTC.
        (digest(digest="daily", at="07:00", zone="Europe/Berlin"), "2026-03-28T12:00:00", "2026-03-29T05:00:00"),
        (digest(digest="daily", at="02:30", zone="Europe/Berlin"), "2026-03-28T12:00:00", "2026-03-29T01:30:00"),
        (digest(digest="daily", zone="Nowhere/Else"), "2026-03-03T06:00:00", "2026-03-03T07:00:00"),
    ],
)
def test_a_digest_is_due_at_its_next_time(destination: Destination, now: str, then: str) -> None:
    found = due(destination, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(then).replace(tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


def test_only_those_of_one_digest_leave_together() -> None:
    hourly, other = digest(digest="hourly"), Destination(email=Email(address="b@newsroom.example", digest="hourly"))
    first, second, third = (delivery(number, hourly) for number in (1, 2, 3))
    alone = [delivery(1, HOOK), delivery(2, HOOK), delivery(4, DESK), delivery(5, other)]
    test = delivery(6, hourly, test=True)
    found = parcels([first, *alone, second, test, third], most=2)
    assert found == [[first, second], *([one] for one in alone), [test]]
