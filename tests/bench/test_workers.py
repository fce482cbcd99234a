"""The rate of workers is that of the middle of a run, where all of them are busy."""

from bench.workers import rate


def test_a_slow_beginning_and_a_lonely_end_do_not_count() -> None:
    warming, busy, lonely = [0.0, 10.0], [20.0 + 0.5 * number for number in range(8)], [40.0, 60.0]
    assert rate([*warming, *busy, *lonely]) == 2.0
