"""Which rows hold a number, against a plain dictionary."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

import services.enrich.postings
from services.enrich.postings import Postings

NUMBERS = st.integers(0, 12) | st.sampled_from([2**32 - 1, 2**31, 2**31 - 1])
STEPS = st.lists(
    st.tuples(st.just("add"), st.lists(NUMBERS, max_size=6, unique=True))
    | st.tuples(st.just("remove"), st.integers(0, 20))
    | st.tuples(st.just("sort"), st.none()),
    max_size=60,
)


def found(postings: Postings, number: int) -> set[int]:
    [slots] = postings.find([number]).apart()
    assert len(slots) == len(set(slots.tolist()))
    return set(slots.tolist())


def test_a_number_is_found_before_and_after_sorting() -> None:
    postings = Postings()
    postings.add(3, [7, 9])
    postings.add(4, [7])
    assert (found(postings, 7), found(postings, 9), found(postings, 8)) == ({3, 4}, {3}, set())
    postings.sort()
    postings.add(5, [7])
    assert (found(postings, 7), found(postings, 9), found(postings, 8)) == ({3, 4, 5}, {3}, set())


def test_a_removed_slot_is_gone_once_all_are_sorted_and_may_then_be_used_anew() -> None:
    postings = Postings()
    postings.add(3, [7])
    postings.sort()
    postings.remove(3)
    postings.sort()
    assert found(postings, 7) == set()
    postings.add(3, [8])
    postings.sort()
    assert (found(postings, 7), found(postings, 8)) == (set(), {3})


def test_many_numbers_are_found_at_once_each_in_its_place() -> None:
    postings = Postings()
    postings.add(1, [2**32 - 1, 0])
    postings.sort()
    postings.add(2, [0])
    assert [sorted(slots.tolist()) for slots in postings.find([5, 0, 2**32 - 1]).apart()] == [[], [1, 2], [1]]
    assert postings.find([]).apart() == []


def test_enough_entries_sort_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.enrich.postings, "UNSORTED", 4)
    postings = Postings()
    postings.remove(0)
    for slot in range(1, 10):
        postings.add(slot, [7])
    assert found(postings, 7) == set(range(1, 10))


@given(STEPS)
def test_what_is_found_is_what_a_dictionary_would_hold(steps: Sequence[tuple[str, object]]) -> None:
    postings, held, gone, free = Postings(), dict[int, set[int]](), set[int](), iter(range(1000))
    for step, given_ in steps:
        if step == "add":
            assert isinstance(given_, list)
            slot = next(free)
            postings.add(slot, given_)
            held[slot] = set(given_)
        elif step == "remove" and given_ in held:
            assert isinstance(given_, int)
            postings.remove(given_)
            gone.add(given_)
        elif step == "sort":
            postings.sort()
            held = {slot: numbers for slot, numbers in held.items() if slot not in gone}
            gone = set()
        for number in (*range(13), 2**32 - 1, 2**31, 2**31 - 1):
            there = {slot for slot, numbers in held.items() if number in numbers}
            assert there - gone <= found(postings, number) <= there
