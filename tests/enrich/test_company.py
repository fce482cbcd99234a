"""Names keep company, on a page of thousands of them too, in arrays that fit."""

from __future__ import annotations

import tracemalloc

import numpy as np

from services.enrich.actor_company import with_company
from services.enrich.candidates import Sense as ActorSense
from services.enrich.coreference import Group as ActorGroup
from services.enrich.entities import Mention
from services.enrich.gazetteer import Candidate, Gazetteer
from services.enrich.knowledge import Known
from services.enrich.place_company import Company, circles
from services.enrich.place_evidence import Evidence
from services.enrich.place_ranker import Ranker
from services.enrich.place_senses import Group, Sense, sense_of

FIT = 400e6
"""Bytes: some times the largest array, and a tenth of what a square of 15,000 candidates takes."""


def town(number: int, namesakes: int = 5) -> Sense:
    """A name that so many towns across the world bear."""
    return sense_of(
        tuple(
            Candidate(9 * number + k, 9 * number + k, f"Town {number}", number % 140 - 70.0, 60.0 * k - 120.0, "US",
                      None, None, None, "P.PPL", 1000 * k, 0, "name")
            for k in range(namesakes)
        )
    )  # fmt: skip


def page_of(towns: int) -> list[Group]:
    return [Group(town(number), ((10 * number, 10 * number + 8),)) for number in range(towns)]


def test_a_page_of_three_thousand_towns_is_judged_in_arrays_that_fit(gazetteer: Gazetteer) -> None:
    groups, evidence, ranker = page_of(3000), Evidence(gazetteer), Ranker.load()
    tracemalloc.start()
    shares = ranker.probabilities("Town here " * 3000, groups, evidence, are_all=True)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [len(each) for each in shares] == [6] * 3000
    assert peak < FIT


def test_an_ordinary_article_is_one_circle() -> None:
    groups = page_of(40)
    assert list(circles(groups)) == [groups]


def test_circles_leave_nobody_out_and_keep_the_order() -> None:
    groups = page_of(1001)
    parted = list(circles(groups))
    assert len(parted) > 1
    assert [group for circle in parted for group in circle] == groups


def test_a_name_said_on_every_line_is_looked_at_a_few_times() -> None:
    spans = tuple((20 * at, 20 * at + 6) for at in range(10_000))
    tracemalloc.start()
    Company([Group(town(1), spans), Group(town(2), spans[:1])])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < FIT / 10


def people(number: int) -> tuple[list[ActorGroup], list[ActorSense]]:
    named = [ActorGroup([Mention(20 * at, 20 * at + 6, "person", "A Name", 0.9)]) for at in range(number)]
    of = [Known(f"Q{at}", "A Name", "person", ("US", "FR")[at % 2], 1, 1, None, "name", 1.0) for at in range(number)]
    return named, [ActorSense((one,), np.zeros((1, 1))) for one in of]


def test_a_page_of_ten_thousand_people_is_judged_in_arrays_that_fit() -> None:
    named, senses = people(10_000)
    tracemalloc.start()
    rows = with_company(np.zeros((10_000, 1)), np.full(10_000, 0.5), named, senses)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(rows) == 10_000
    assert peak < FIT / 4


def test_neighbours_speak_by_their_share() -> None:
    named, senses = people(3)
    rows = with_company(np.zeros((3, 1)), np.array([0.5, 0.8, 0.25]), named, senses)
    near = rows[:, 6]
    # each outer one's only neighbour is of the other country; so are both of the middle one's
    assert near.tolist() == [0.0, 0.0, 0.0]
    named[1].mentions.append(Mention(61, 66, "person", "A Name", 0.9))
    named[0].mentions.append(Mention(80, 86, "person", "A Name", 0.9))
    named[2].mentions.append(Mention(100, 106, "person", "A Name", 0.9))
    rows = with_company(np.zeros((3, 1)), np.array([0.5, 0.8, 0.25]), named, senses)
    # of the first one's three neighbours in the text one is the third, of its own country
    assert rows[0, 6] == np.float64(0.25) / 3
