"""Who is meant: the decision, with a judge that goes by fame alone, and with the one that is shipped."""

from __future__ import annotations

import gc
import re
import weakref
from dataclasses import replace

import numpy as np
import pytest

from schemas.annotations import EntityKind, Place
from schemas.message import Span
from services.enrich.actor_ranker import Ranker
from services.enrich.candidates import Numbers
from services.enrich.coreference import Group
from services.enrich.entities import Mention
from services.enrich.knowledge import ActorList, How, Known, Term
from services.enrich.who import BY_WHOLE_NAME, COMMON, IN_OFFICE, LOCAL_OFFICE, MISSPELT, OWN, Meant, meant
from tests.enrich.reading import article

SHARE = 0


class ByShare:
    """Takes the share of links for the chance."""

    def chances(self, rows: Numbers) -> Numbers:
        """One chance a row."""
        return np.asarray(rows[:, SHARE])


BY_SHARE = Ranker(ByShare(), ByShare(), plain=0.5, sports=0.9)


def known(qid: str, name: str, kind: EntityKind, country: str | None = None, *, share: float = 1.0, how: How = "name",
          role: str | None = None, sort: str = "", terms: tuple[Term, ...] = ()) -> Known:  # fmt: skip
    return Known(qid, name, kind, country, 6, 200, role, how, share, 60, 0, sort, "", terms)


def who(
    text: str, world: ActorList, *names: tuple[str, EntityKind], ranker: Ranker | None = BY_SHARE
) -> list[Meant | None]:
    """Who is meant by each of these names in the text."""
    groups = [
        Group([Mention(found.start(), found.end(), kind, name, 0.9) for found in re.finditer(re.escape(name), text)])
        for name, kind in names
    ]
    return meant(groups, text, article("A title", text), world, ranker)


def test_the_likeliest_is_meant_where_it_is_likely_enough() -> None:
    world = ActorList(
        [
            ("Odera", known("Q1", "Amina Odera", "person", share=0.7, how="anchor")),
            ("Odera", known("Q2", "Joseph Odera", "person", share=0.2, how="anchor")),
            ("Lake Ode", known("Q3", "Lake Ode", "location", share=0.4)),
        ]
    )
    odera, lake = who("Odera swam in Lake Ode.", world, ("Odera", "person"), ("Lake Ode", "location"))
    assert odera == Meant(world.called("Odera")[0], 0.7)
    assert lake is None


def test_nobody_known_by_the_name_is_nobody_meant() -> None:
    assert who("The Harvest Party won.", ActorList([]), ("Harvest Party", "organization")) == [None]
    assert who("", ActorList([])) == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Omo Mills Inc", "organization"), ("U.S. Omo Mills", "organization"), ("Omo Mills-based", "other")],
)
def test_what_may_be_left_out_of_a_name_is_left_out(name: str, kind: EntityKind) -> None:
    world = ActorList([("Omo Mills", known("Q1", "Omo Mills", "organization"))])
    [mills] = who(f"It is {name}.", world, (name, kind))
    assert mills is not None
    assert mills.known.id == "Q1"


def test_a_department_is_found_by_either_name() -> None:
    world = ActorList([("US Department of Rivers", known("Q1", "United States Department of Rivers", "organization"))])
    found = who("The Rivers Department said so.", world, ("Rivers Department", "organization"))
    assert found == [Meant(world.called("US Department of Rivers")[0], 1.0)]


def test_a_surname_and_initials_name_only_what_they_can() -> None:
    world = ActorList(
        [
            ("Mills", known("Q1", "Ann Mills", "person", how="surname")),
            ("Inc", known("Q2", "International Nut Council", "organization", how="acronym")),
        ]
    )
    assert who("Mills Inc", world, ("Mills", "organization"), ("Inc", "organization")) == [None, None]


def test_the_houses_own_actor_comes_before_all_others() -> None:
    own = Known("own:odera", "Amina Odera", "person", "KE", 1, 0, None, "own")
    world = ActorList([("Amina Odera", own), ("Amina Odera", known("Q1", "Amina Odera", "person"))])
    assert who("Amina Odera", world, ("Amina Odera", "person")) == [Meant(own, OWN)]
    assert own.wikidata is None


def test_an_own_person_is_no_town_of_that_name() -> None:
    world = ActorList([("Odera", Known("own:odera", "Odera", "person", None, 1, 0, None, "own"))])
    assert who("in Odera", world, ("Odera", "location")) == [None]


def test_an_office_holder_one_letter_off_is_meant_where_the_country_is_named() -> None:
    leader = known("Q1", "Amina Oderra", "person", "KE", how="surname", role="president")
    kenya = known("Q114", "Kenya", "location", "KE", role="country")
    world = ActorList([("Amina", leader), ("Kenya", kenya)])
    assert who("Amina Odera of Kenya", world, ("Amina Odera", "person"), ("Kenya", "location"))[0] == Meant(
        leader, MISSPELT
    )
    assert who("Amina Odera", world, ("Amina Odera", "person")) == [None]


def _world(*holders: Known) -> ActorList:
    kenya = known("Q114", "Kenya", "location", "KE", role="country")
    return ActorList([("Kenya", kenya), *(("Odera", holder) for holder in holders)])


def holder(qid: str, name: str, *, since: int, until: int | None = None, reports: int = 200) -> Known:
    terms = (Term("president", since, until),)
    return Known(qid, name, "person", "KE", 6, reports, "president", "surname", 0.1, 60, 0, "", "", terms)


def test_a_family_name_alone_is_the_office_holders_where_the_country_is_named() -> None:
    # The article is of 2026.
    leader, before = holder("Q1", "Amina Odera", since=2022), holder("Q2", "Moses Odera", since=2002, until=2013)
    world = _world(leader, before)
    assert who("Odera of Kenya", world, ("Odera", "person"), ("Kenya", "location"))[0] == Meant(leader, IN_OFFICE)
    assert who("Odera left.", world, ("Odera", "person")) == [None]
    assert who("Odera of Kenya", world, ("Odera", "organization"), ("Kenya", "location"))[0] is None


@pytest.mark.parametrize(
    ("role", "namesakes", "text", "is_meant"),
    [
        ("president", 0.1, "Amina Odera of Kenya", True),
        ("president", 0.1, "Amina Odera came.", False),
        ("president", COMMON, "Amina Odera of Kenya", False),
        (LOCAL_OFFICE, 0.1, "Amina Odera of Kenya", False),
    ],
)
def test_a_whole_name_that_nobody_links_yet_is_the_office_holders_where_it_is_uncommon(
    role: str, namesakes: float, text: str, *, is_meant: bool
) -> None:
    leader = replace(known("Q1", "Amina Odera", "person", "KE", share=0.0, role=role), namesakes=namesakes)
    kenya = known("Q114", "Kenya", "location", "KE", role="country")
    world = ActorList([("Amina Odera", leader), ("Kenya", kenya)])
    names: list[tuple[str, EntityKind]] = [("Amina Odera", "person"), ("Kenya", "location")]
    found = who(text, world, *(name for name in names if name[0] in text))[0]
    assert found == (Meant(leader, BY_WHOLE_NAME) if is_meant else None)


@pytest.mark.parametrize(("country", "is_meant"), [("IQ", True), ("IR", False)])
def test_a_town_under_another_spelling_is_the_one_that_the_map_says(country: str, *, is_meant: bool) -> None:
    erbil = known("Q132754", "Erbil", "location", "IQ")
    on_the_map = Place(name="Erbil", spans=(Span(start=3, end=8),), lat=36.2, lon=44.0, country=country,
                       feature="city", confidence=0.9, reason="Iraq")  # fmt: skip
    text = "in Arbil"
    groups = [Group([Mention(3, 8, "location", "Arbil", 0.9)])]
    [found] = meant(groups, text, article("A title", text), ActorList([("Erbil", erbil)]), BY_SHARE, [on_the_map])
    assert found == (Meant(erbil, 0.9) if is_meant else None)


@pytest.mark.parametrize(("country", "is_meant"), [("FR", True), ("US", False)])
def test_a_capital_is_meant_where_the_map_has_the_region_around_it(country: str, *, is_meant: bool) -> None:
    paris = known("Q90", "Paris", "location", "FR", role="capital", share=0.9)
    on_the_map = Place(name="Paris", spans=(Span(start=0, end=5),), lat=48.9, lon=2.3, country=country,
                       feature="division", confidence=0.9, reason="by name")  # fmt: skip
    groups = [Group([Mention(0, 5, "location", "Paris", 0.9)])]
    [found] = meant(groups, "Paris", article("A title", "Paris"), ActorList([("Paris", paris)]), BY_SHARE, [on_the_map])
    assert found == (Meant(paris, 0.9) if is_meant else None)


def test_a_short_given_name_is_asked_for_by_its_long_form_too() -> None:
    odera = known("Q1", "Michael Odera", "person")
    assert who("Mike Odera", ActorList([("Michael Odera", odera)]), ("Mike Odera", "person")) == [Meant(odera, 1.0)]


def test_of_two_office_holders_of_one_name_only_the_far_better_known_is_meant() -> None:
    leader = holder("Q1", "Amina Odera", since=2022)
    for reports, meant_by_it in ((150, None), (3, Meant(leader, IN_OFFICE))):
        world = _world(leader, holder("Q2", "Moses Odera", since=2023, reports=reports))
        assert who("Odera of Kenya", world, ("Odera", "person"), ("Kenya", "location"))[0] == meant_by_it


def test_a_capital_taken_for_an_organization_once_is_still_the_capital() -> None:
    nairobi = known("Q3870", "Nairobi", "location", "KE", role="capital", share=0.9)
    world = ActorList([("Nairobi", nairobi)])
    found = who("Nairobi said no in Nairobi.", world, ("Nairobi", "location"), ("Nairobi", "organization"))
    assert [one and one.known.id for one in found] == ["Q3870", "Q3870"]


def test_a_knowledge_that_nobody_uses_any_more_is_let_go() -> None:
    world = ActorList([("Lake Ode", known("Q1", "Lake Ode", "location"))])
    for _ in range(2):
        assert who("in Lake Ode", world, ("Lake Ode", "location")) != [None]
    held = weakref.ref(world)
    del world
    gc.collect()
    assert held() is None


def test_in_sports_a_town_told_from_its_team_is_not_the_team() -> None:
    team = known("Q5", "Nairobi Rangers", "organization", share=0.95, how="team", sort="team")
    world = ActorList([("Nairobi", team)])
    text = "SOCCER - LEAGUE RESULTS. Nairobi beat Mombasa 2-1 in the cup final, coach Odera said. Played at Nairobi."
    both = who(text, world, ("Nairobi", "organization"), ("Nairobi", "location"))
    assert [one and one.known.id for one in both] == ["Q5", None]
    assert who(text, world, ("Nairobi", "location")) != [None]


def test_what_was_shipped_links_who_is_plainly_meant() -> None:
    kenya = known("Q114", "Kenya", "location", "KE", role="country", sort="country")
    world = ActorList([("Kenya", kenya), ("Kenyan", known("Q114", "Kenya", "location", "KE", how="demonym"))])
    text = "Kenya signed the pact on Monday. Farmers of Kenya welcomed it, a minister said in the capital."
    [found] = who(text, world, ("Kenya", "location"), ranker=None)
    assert found is not None
    assert (found.known.id, found.confidence > 0.5) == ("Q114", True)
