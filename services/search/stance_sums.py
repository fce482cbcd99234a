"""Sum up what was said: how many stances, how much for or against on average, how sure that is, in whose words."""

import math
from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from services.search.criteria import Criteria
from services.search.query import Clause, to_query
from services.search.results import Shown

SUMS: dict[str, Clause] = {
    "polarity": {"extended_stats": {"field": "stances.polarity"}},
    "quoted": {"filter": {"term": {"stances.quoted": True}}},
    "articles": {"reverse_nested": {}},
}
"""Asked of a set of stances; `Said.of` reads the answer."""

# Student's t at 97.5 % for 1 to 10 degrees of freedom, as every table has it; beyond, its expansion about the normal
# distribution's 1.96 is right to three decimals (Abramowitz and Stegun, 26.7.5).
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
_Z = 1.959964


class Said(Shown):
    """What a set of stances says together."""

    count: int = Field(description="stances; each pair has at most one in an article")
    articles: int
    polarity: float | None = Field(description="mean: -1 against, +1 for; null where nothing was said")
    low: float | None = Field(description="the mean's 95 % interval begins here; null below two stances")
    high: float | None = Field(description="and ends here")
    quoted: float | None = Field(description="share of the stances that stand in quotation marks")

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Self:
        """Read the answer to `SUMS`."""
        stats = found["polarity"]
        count: int = stats["count"]
        band = band_of(count, stats["sum"], stats["sum_of_squares"] or 0.0)
        return cls(
            count=count,
            articles=found["articles"]["doc_count"],
            polarity=_rounded(mean_of(count, stats["sum"])) if count else None,
            low=_rounded(band[0]) if band else None,
            high=_rounded(band[1]) if band else None,
            quoted=_rounded(found["quoted"]["doc_count"] / count) if count else None,
        )


def articles_asked(criteria: Criteria, *, duplicates: bool) -> Clause:
    """The query for the articles whose stances count: what forty outlets copied counts forty times, or once."""
    if duplicates:
        return to_query(criteria)
    return {"bool": {"filter": [to_query(criteria)], "must_not": [{"exists": {"field": "duplicate_of"}}]}}


def asked_of_stances(clauses: list[Clause], sums: Mapping[str, Clause]) -> Clause:
    """The aggregation over those stances of the articles that meet the clauses; `answered` unpacks it."""
    return {
        "nested": {"path": "stances"},
        "aggs": {"asked": {"filter": {"bool": {"filter": clauses}}, "aggs": dict(sums)}},
    }


def answered(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """What `asked_of_stances` was answered."""
    inner: Mapping[str, Any] = found["asked"]
    return inner


def mean_of(count: int, total: float) -> float:
    """The mean of polarities, which rounding never takes outside of what a polarity can be."""
    return max(-1.0, min(1.0, total / count))


def band_of(count: int, total: float, squares: float) -> tuple[float, float] | None:
    """The 95 % interval of the mean of polarities, by Student's t; none below two, which say nothing of their spread.

    It takes the stances as independent, so it says how far few stances can be trusted, not whether they are right.
    """
    if count < 2:
        return None
    mean = mean_of(count, total)
    # Nearly equal numbers leave a difference that rounding can turn negative.
    variance = max(0.0, (squares - total * total / count) / (count - 1))
    half = student_t(count - 1) * math.sqrt(variance / count)
    return max(-1.0, mean - half), min(1.0, mean + half)


def student_t(freedom: int) -> float:
    """Student's t at 97.5 % for so many degrees of freedom."""
    if freedom <= len(_T):
        return _T[freedom - 1]
    first = (_Z**3 + _Z) / 4
    second = (5 * _Z**5 + 16 * _Z**3 + 3 * _Z) / 96
    third = (3 * _Z**7 + 19 * _Z**5 + 17 * _Z**3 - 15 * _Z) / 384
    return _Z + first / freedom + second / freedom**2 + third / freedom**3


def _rounded(number: float) -> float:
    # The index keeps 32-bit floats: some seven digits. Adding zero makes a negative zero plain.
    return round(number, 6) + 0.0
