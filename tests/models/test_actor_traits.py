"""What a name tells of who bears it, when the table of actors is built."""

from __future__ import annotations

import pytest

from models.train.actor_names import names_of, spellings, without_patronymic
from models.train.actor_traits import looks_personal

PEOPLE = names_of(
    [
        *(f"John {family}" for family in ("Moore", "Odera", "Bird", "Low", "Doe")),
        *(f"{given} Moore" for given in ("Ann", "Ben", "Cal", "Dan", "Eve", "Flo", "Gus", "Hal", "Ida", "Joe")),
        "Cher",
    ]
)


@pytest.mark.parametrize(
    ("name", "is_so"),
    [
        ("John Steed", True),
        ("Zadie Moore", True),
        ("Aleksandr Ivanovich Lebed", True),
        ("Zadie Steed", False),
        ("Carnegie Hall", False),
        ("Moore", False),
    ],
)
def test_a_name_that_begins_or_ends_as_peoples_do_is_a_persons(name: str, *, is_so: bool) -> None:
    assert looks_personal(name, PEOPLE) is is_so


def test_a_common_name_has_more_namesakes_than_a_rare_one() -> None:
    assert PEOPLE.people == 15
    assert PEOPLE.namesakes("John Moore") == pytest.approx(5 * 11 / 15)
    assert PEOPLE.namesakes("John Odera") < PEOPLE.namesakes("John Moore")
    assert PEOPLE.namesakes("Moore") == 0


def test_a_given_name_of_two_letters_has_namesakes_too() -> None:
    chinese = names_of(["Li Peng", "Li Na", "Wang Peng"])
    assert chinese.namesakes("Li Peng") == pytest.approx(2 * 2 / 3)
    assert not looks_personal("Li Steed", names_of(["Li Peng"] * 50))


def test_a_russian_name_is_spelled_as_newspapers_do() -> None:
    plain = without_patronymic("Aleksandr Ivanovich Lebed")
    assert spellings(plain) == ["Aleksandr Lebed", "Alexander Lebed"]
    assert spellings("Cher") == ["Cher"]
