"""The last word on each delivery, in whatever order the words are read."""

from datetime import timedelta
from itertools import permutations

import pytest
from pydantic import ValidationError

from schemas import wire
from schemas.delivery import Delivery
from services.search.deliver.outbox import Outbox
from services.search.settings import SearchSettings
from tests.search.deliver.owing import DESK, HOOK, alert, delivery
from tests.search.reports import NOON


class Record:
    offset, headers = 0, ()

    def __init__(self, value: bytes | None) -> None:
        self.value = value


def outbox(*deliveries: Delivery) -> Outbox:
    found = Outbox(1_000)
    found.put(deliveries)
    return found


def test_what_is_due_is_ready_the_longest_due_first() -> None:
    now, later, soon = delivery(1), delivery(2, due=NOON + timedelta(hours=1)), delivery(3, due=NOON - timedelta(1))
    kept = outbox(now, later, soon)
    assert kept.ready(NOON, 9) == [soon, now]
    assert kept.next_due() == later.due
    assert kept.ready(NOON + timedelta(hours=1), 9) == [soon, now, later]


def test_the_last_word_counts_in_whatever_order_the_words_are_read() -> None:
    words = (delivery(), delivery(revision=2, state="failed", attempts=1), delivery(revision=3, state="sent"))
    for order in permutations(words):
        kept = outbox(*order)
        assert kept.ready(NOON, 9) == []
        assert len(kept) == 0
        assert words[0].id in kept, "it is not owed again"


def test_what_was_tried_is_ready_again_when_it_is_due_and_not_before() -> None:
    kept = outbox(delivery())
    assert len(kept.ready(NOON, 9)) == 1
    again = delivery(revision=2, state="failed", due=NOON + timedelta(seconds=5))
    kept.put([again])
    assert kept.ready(NOON + timedelta(seconds=4), 9) == []
    assert kept.ready(NOON + timedelta(seconds=5), 9) == [again]


def test_what_was_dead_and_is_replayed_is_open_again() -> None:
    kept = outbox(delivery(revision=4, state="dead"))
    kept.put([delivery(revision=5, replays=1)])
    assert [one.replays for one in kept.ready(NOON, 9)] == [1]


def test_a_destination_that_is_gone_is_disabled_until_one_is_sent_there_or_the_search_is_saved_again() -> None:
    kept = outbox(delivery(1, revision=2, state="dead", status=410), delivery(2, revision=2, state="dead", status=500))
    assert kept.is_disabled("water", 1, HOOK.key)
    assert not kept.is_disabled("water", 2, HOOK.key)
    kept.put([delivery(1, revision=3, replays=1)])
    assert not kept.is_disabled("water", 1, HOOK.key), "whoever replays it wants it tried"
    kept.put([delivery(1, revision=4, state="dead", status=410), delivery(3, revision=2, state="dead", status=410)])
    kept.put([delivery(4, revision=2, state="sent", status=200)])
    assert not kept.is_disabled("water", 1, HOOK.key)


def test_what_cannot_be_read_is_left_out_and_the_done_are_forgotten_in_their_order() -> None:
    kept = Outbox(closed_at_most=1)
    first, second = (delivery(number, state="sent") for number in (1, 2))
    for value in (b"no delivery", None, wire.encode(first), wire.encode(second)):
        kept.take(Record(value))
    assert (first.id in kept, second.id in kept) == (False, True)


def test_whoever_waits_is_told_of_every_change() -> None:
    told: list[None] = []
    Outbox(10, lambda: told.append(None)).put([delivery()])
    assert len(told) == 1


def test_what_was_begun_is_not_ready_and_its_destination_waits_for_the_others() -> None:
    places = (HOOK, HOOK, HOOK, DESK)
    kept = outbox(*(delivery(n, to, due=NOON - timedelta(minutes=9 - n)) for n, to in enumerate(places, 1)))
    first, *rest = kept.ready(NOON, most=2)
    assert [one.destination for one in (first, *rest)] == [HOOK, HOOK, DESK]
    kept.begin([first])
    assert [one.alert for one in kept.ready(NOON, most=2)] == [alert(4), alert(2), alert(3)]
    assert len(kept) == 4


def test_it_knows_how_many_each_destination_is_owed() -> None:
    kept = outbox(delivery(1), delivery(2), delivery(3, DESK), delivery(4, state="dead"))
    assert (kept.owed_to(HOOK.key), kept.owed_to(DESK.key)) == (2, 1)
    kept.put([delivery(1, revision=2, state="failed"), delivery(2, revision=2, state="sent")])
    kept.put([delivery(4, revision=2, replays=1), delivery(3, DESK, revision=2, state="sent")])
    assert (kept.owed_to(HOOK.key), kept.owed_to(DESK.key)) == (2, 0)


def test_an_older_word_that_comes_last_on_what_is_done_is_put_right_once() -> None:
    kept = outbox(delivery(revision=2, state="sent"))
    assert kept.stale() == set()
    kept.put([delivery()])
    assert kept.stale() == {delivery().id}
    (again,) = kept.mended(kept.stale())
    assert (again.id, again.revision, again.state) == (delivery().id, 3, "sent")
    kept.put([again])
    assert kept.stale() == set()
    assert kept.ready(NOON, 9) == []


def test_a_mended_word_says_what_was_said_and_its_destination_stays_gone() -> None:
    gone = delivery(1, revision=3, state="dead", status=410, error="HTTP 410")
    kept = outbox(gone, delivery(1, revision=2, state="failed", status=500, error="HTTP 500"))
    (again,) = kept.mended(kept.stale())
    assert (again.state, again.status, again.error) == ("dead", 410, "HTTP 410")
    kept.put([again])
    assert kept.is_disabled("water", 1, HOOK.key)


def test_a_mended_word_of_what_was_sent_before_does_not_bring_a_destination_back() -> None:
    kept = outbox(delivery(1, revision=2, state="sent", status=200), delivery(2, state="dead", status=410))
    kept.put([delivery(1)])
    kept.put(kept.mended(kept.stale()))
    assert kept.is_disabled("water", 1, HOOK.key)


def test_what_is_forgotten_is_not_stale_any_more() -> None:
    kept = Outbox(closed_at_most=1)
    kept.put([delivery(1, revision=2, state="sent"), delivery(1)])
    assert kept.stale() == {delivery(1).id}
    kept.put([delivery(2, state="sent")])
    assert kept.stale() == set()


def test_the_service_remembers_what_is_done_for_longer_than_it_takes_to_read_it_back() -> None:
    with pytest.raises(ValidationError, match="1000"):
        SearchSettings(told_alerts=0)


def test_what_is_only_being_read_back_is_not_stale() -> None:
    kept = outbox(delivery(), delivery(revision=2, state="sent"))
    for word in (delivery(), delivery(revision=2, state="sent")):
        kept.put([word])
    assert kept.stale() == set()
    kept = outbox(delivery(revision=2, state="failed"))
    kept.put([delivery()])
    assert kept.stale() == set(), "its next attempt says how it stands"
