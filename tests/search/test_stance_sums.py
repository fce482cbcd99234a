"""The mean of what was said, and the band around it."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.stance_sums import Said, band_of, mean_of, student_t
from tests.search.answers import answer, sums

polarities = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=60)


@given(polarities)
def test_the_band_contains_the_mean_and_stays_where_polarities_are(polarities: list[float]) -> None:
    count, total, squares = sums(polarities)
    band = band_of(count, total, squares)
    if count == 1:
        assert band is None
    else:
        assert band is not None
        assert -1 <= band[0] <= mean_of(count, total) <= band[1] <= 1


@given(polarities, st.floats(-1, 1, width=32))
def test_the_same_said_ten_times_over_makes_the_band_no_wider(polarities: list[float], last: float) -> None:
    once, often = (band_of(*sums(said)) for said in ([*polarities, last], [*polarities, last] * 10))
    assert once is not None
    assert often is not None
    assert often[1] - often[0] <= once[1] - once[0] + 1e-6


@given(polarities)
def test_what_is_shown_of_a_band_still_contains_what_is_shown_of_its_mean(polarities: list[float]) -> None:
    said = Said.of(answer(polarities))
    assert said.polarity is not None
    assert -1 <= said.polarity <= 1
    if said.low is not None and said.high is not None:
        assert -1 <= said.low <= said.polarity <= said.high <= 1


def test_a_band_is_students() -> None:
    # Five polarities of mean 0.4 and standard deviation 0.1581: 0.4 ± 2.776 · 0.1581 / √5.
    low, high = band_of(*sums([0.2, 0.3, 0.4, 0.5, 0.6])) or (0.0, 0.0)
    assert [low, high] == pytest.approx([0.4 - 0.1963, 0.4 + 0.1963], abs=1e-4)


@pytest.mark.parametrize(("freedom", "expected"), [(1, 12.706), (11, 2.201), (30, 2.042), (120, 1.980), (10**6, 1.960)])
def test_students_t_is_the_tables(freedom: int, expected: float) -> None:
    assert student_t(freedom) == pytest.approx(expected, abs=6e-4)


def test_students_t_only_falls() -> None:
    values = [student_t(freedom) for freedom in range(1, 500)]
    assert values == sorted(values, reverse=True)


def test_stances_that_are_alike_have_no_width_whatever_rounding_does() -> None:
    (kept,) = struct.unpack("f", struct.pack("f", 0.1))
    low, high = band_of(*sums([kept] * 3)) or (0.0, 1.0)
    assert math.isclose(low, high, abs_tol=1e-6)


def test_nothing_said_is_no_mean_and_no_share() -> None:
    said = Said.of(answer([]))
    assert (said.count, said.articles, said.polarity, said.low, said.high, said.quoted) == (
        0,
        0,
        None,
        None,
        None,
        None,
    )


@given(polarities, st.data())
def test_the_quoted_share_is_of_all_that_was_said(polarities: list[float], data: st.DataObject) -> None:
    quoted = data.draw(st.integers(0, len(polarities)))
    said = Said.of(answer(polarities, quoted))
    assert said.quoted == pytest.approx(quoted / len(polarities), abs=1e-6)
