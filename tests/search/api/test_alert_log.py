"""Alerts are kept by offset, each once, and what is missing is said."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from schemas.alert import Alert
from services.search.api.topic_log import Gap, Kept


def alert(number: int, search: str = "pacts") -> Alert:
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    return Alert(
        id=f"{number:032x}",
        search=search,
        search_name="Pacts",
        search_version=1,
        article=f"{number:032x}",
        url="https://paper.example/pact",
        title="Pact",
        outlet="paper.example",
        published=moment,
        story="s",
        reason="new_story",
        raised=moment,
    )


def kept(*numbers: int | None, keep: int = 100, begin: int = 0) -> Kept[Alert]:
    log = Kept[Alert](keep)
    log.begin(begin)
    for offset, number in enumerate(numbers, begin):
        log.add(offset, *([] if number is None else [alert(number)]))
    return log


def offsets(log: Kept[Alert], after: int) -> list[int]:
    return [heard.offset for heard in log.after(after)[1]]


def test_what_came_after_an_offset_comes_in_order() -> None:
    assert offsets(kept(1, 2, 3), after=0) == [1, 2]
    assert offsets(kept(1, 2, 3), after=-1) == [0, 1, 2]
    assert offsets(kept(1, 2, 3), after=2) == []


def test_a_repeated_alert_and_what_is_no_alert_are_passed_over_but_counted() -> None:
    log = kept(1, 2, 1, None, 3)
    assert offsets(log, after=-1) == [0, 1, 4]
    assert log.next == 5


def test_a_gap_is_told_when_what_was_asked_for_is_no_longer_kept() -> None:
    log = kept(1, 2, 3, 4, keep=2)
    gap, heard, last = log.after(0)
    assert gap == Gap(missed_from=1, kept_from=2)
    assert [one.offset for one in heard] == [2, 3]
    assert last == 3
    assert log.after(1)[0] is None


def test_what_kafka_no_longer_had_at_the_start_is_a_gap() -> None:
    assert kept(1, begin=57).after(20)[0] == Gap(missed_from=21, kept_from=57)
    assert kept(begin=57).after(56) == (None, [], 56)


def test_an_offset_of_a_topic_that_was_made_anew_is_a_gap_and_all_is_told() -> None:
    gap, heard, _ = kept(1, 2).after(40)
    assert gap is not None
    assert [one.offset for one in heard] == [0, 1]


def test_the_latest_come_newest_first_and_of_one_search() -> None:
    log = Kept[Alert](10)
    for offset, search in enumerate(["pacts", "talks", "pacts"]):
        log.add(offset, alert(offset, search))
    assert [one.offset for one in log.latest(2, lambda _: True)] == [2, 1]
    assert [one.offset for one in log.latest(5, lambda one: one.search == "pacts")] == [2, 0]


@given(st.lists(st.integers(0, 12), max_size=60), st.integers(1, 8), st.lists(st.integers(0, 60), max_size=5))
def test_whoever_resumes_gets_every_alert_once_or_is_told_of_a_gap(
    numbers: list[int], keep: int, cuts: list[int]
) -> None:
    """A reader that is cut off at any points sees, between them, what an unbroken reader would, or a gap."""
    log, seen, after, gaps = Kept[Alert](keep), [], -1, 0
    log.begin(0)
    told: list[int] = []
    for offset, number in enumerate(numbers):
        before = log.next
        log.add(offset, alert(number))
        if [heard.offset for heard in log.after(before - 1)[1]] == [offset]:
            told.append(offset)
        if offset in cuts:
            gap, heard, after = log.after(after)
            gaps += gap is not None
            seen += [one.offset for one in heard]
    gap, heard, after = log.after(after)
    seen += [one.offset for one in heard]
    assert seen == sorted(set(seen))
    assert set(seen) <= set(told)
    if not gaps and gap is None:
        assert seen == told
