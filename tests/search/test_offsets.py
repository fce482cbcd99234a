"""An offset is committed only when everything before it on its partition has had its effect."""

from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from kafka import TopicPartition

from schemas.wire import Undecodable
from services.search.offsets import Ledger, Standing

PACTS = TopicPartition("pacts", 0)
QUAKES = TopicPartition("quakes", 0)


class Record(NamedTuple):
    offset: int
    leader_epoch: int = 0


def standing(partition: TopicPartition, *offsets: int) -> list[Standing]:
    return [Standing(partition, Record(offset), Undecodable()) for offset in offsets]


def next_offsets(ledger: Ledger) -> dict[str, int]:
    return {partition.topic: offset.offset for partition, offset in ledger.committable().items()}


@given(offsets=st.sets(st.integers(0, 50), min_size=1).map(sorted), data=st.data())
def test_no_commit_ever_passes_a_message_that_waits(offsets: list[int], data: Any) -> None:
    ledger = Ledger()
    taken = standing(PACTS, *offsets)
    ledger.take(taken)
    reached = 0
    for one in data.draw(st.permutations(taken)):
        one.settled = True
        committable = ledger.committable()
        waiting = [other.record.offset for other in ledger.unsettled()]
        reached = committable[PACTS].offset if committable else reached
        assert all(reached <= offset for offset in waiting)
        assert reached == 1 + max((offset for offset in offsets if offset < min(waiting, default=99)), default=-1)
        if data.draw(st.booleans()):
            ledger.committed(committable)
    assert ledger.unsettled() == []


def test_a_message_that_waits_holds_back_its_own_partition_alone() -> None:
    ledger = Ledger()
    pacts, quakes = standing(PACTS, 3, 4), standing(QUAKES, 7)
    ledger.take([*pacts, *quakes])
    pacts[1].settled = quakes[0].settled = True
    assert next_offsets(ledger) == {"quakes": 8}
    pacts[0].settled = True
    assert next_offsets(ledger) == {"pacts": 5, "quakes": 8}


def test_what_was_committed_is_not_committed_again() -> None:
    ledger = Ledger()
    ledger.take(taken := standing(PACTS, 0))
    taken[0].settled = True
    ledger.committed(ledger.committable())
    assert next_offsets(ledger) == {}


def test_a_partition_that_was_taken_away_is_forgotten() -> None:
    ledger = Ledger()
    ledger.take(taken := [*standing(PACTS, 0, 1), *standing(QUAKES, 0)])
    taken[0].settled = True
    ledger.abandon([PACTS])
    assert next_offsets(ledger) == {}
    assert [one.partition for one in ledger.unsettled()] == [QUAKES]
