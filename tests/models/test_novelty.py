"""How well novelty tells a report that moves a story on from one that tells the same."""

from __future__ import annotations

import numpy as np
import pytest

from models.train.novelty import area, followed
from tests.enrich.reading import PACT, PACT_AGAIN, QUAKE, article, measures, read


@pytest.mark.parametrize(
    ("scores", "positive", "found"),
    [
        ([0.1, 0.2, 0.8, 0.9], [False, False, True, True], 1.0),
        ([0.9, 0.8, 0.2, 0.1], [False, False, True, True], 0.0),
        ([0.5, 0.5, 0.5, 0.5], [False, True, False, True], 0.5),
        ([0.1, 0.4, 0.35, 0.8], [False, False, True, True], 0.75),
    ],
)
def test_the_area_is_how_often_a_new_one_has_the_higher_score(
    scores: list[float], positive: list[bool], found: float
) -> None:
    assert area(np.array(scores), np.array(positive)) == found


def test_only_the_earlier_report_is_known_to_the_later() -> None:
    signed = read(article("Kenya and Ethiopia sign water pact", PACT))
    again = read(article("Ethiopia and Kenya sign pact on Omo water", PACT_AGAIN, hours=3, outlet="other.example"))
    shaken = read(article("Earthquake shakes Chilean coast", QUAKE, hours=4))
    assert followed(signed, again, measures()).position == 2
    assert followed(signed, shaken, measures()).novelty == 1
    assert followed(signed, signed, measures()).position == 1
