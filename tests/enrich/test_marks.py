"""The marks of asked pairs are laid beside their rows, each once, and found again by pair."""

from hypothesis import given
from hypothesis import strategies as st

from services.enrich.marks import MARKS, NO_PAIR, lay_out

PLACE = st.integers(0, 126)


@given(st.lists(st.lists(st.tuples(PLACE, PLACE, PLACE, PLACE), max_size=5), min_size=1, max_size=4))
def test_each_pair_finds_its_marks_and_no_other(asked: list[list[tuple[int, int, int, int]]]) -> None:
    laid = lay_out(asked)
    most = laid.at.shape[1]
    for row, marks_of_row in enumerate(asked):
        for pair, marks in enumerate(marks_of_row):
            for role, place in enumerate(marks):
                mark = laid.marks_of[row, pair, role]
                assert (mark == most) == (place == 0)
                if place:
                    assert (laid.at[row, mark], laid.roles[row, mark], laid.pairs[row, mark]) == (place, role, pair)
    laid_marks = sum(place > 0 for row in asked for marks in row for place in marks)
    assert int((laid.pairs != NO_PAIR).sum()) == laid_marks
    assert laid.marks_of.shape[2] == MARKS


def test_a_pair_without_a_source_takes_up_two_marks() -> None:
    assert lay_out([[(2, 3, 0, 0)]]).at.tolist() == [[2, 3]]
