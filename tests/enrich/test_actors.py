"""Who is meant, with a few actors known."""

from __future__ import annotations

import re

import numpy as np
import pytest

from schemas.annotations import Entity, EntityKind
from services.enrich.actor_ranker import Ranker
from services.enrich.actors import is_name, resolve
from services.enrich.candidates import Numbers
from services.enrich.coreference import grouped
from services.enrich.dateline import written
from services.enrich.entities import Mention
from services.enrich.knowledge import ActorList, How, Known
from services.enrich.personal_names import bare
from services.enrich.who import one_letter_off
from tests.enrich.reading import article


def known(
    qid: str,
    name: str,
    kind: EntityKind,
    country: str | None = None,
    *,
    role: str | None = None,
    how: How = "name",
    sources: int = 4,
    reports: int = 100,
) -> Known:
    share = 1.0 if how in ("name", "demonym") and sources > 1 else 0.0
    return Known(qid, name, kind, country, sources, reports, role, how, share)


class ByNameOrCountry:
    """Takes who is so called by all for the one, and whose country is spoken of for the likelier."""

    def chances(self, rows: Numbers) -> Numbers:
        """One chance a row."""
        share, country = rows[:, 0], rows[:, COUNTRY]
        return np.asarray(np.minimum(1.0, share + 0.6 * country))


class Unmoved:
    """Goes by what the first pass said."""

    def chances(self, rows: Numbers) -> Numbers:
        """One chance a row."""
        return np.asarray(rows[:, FIRST])


COUNTRY, FIRST = -8, -15
"""Columns: is the country spoken of, from the end of the evidence; what the first pass said, from the end of all."""

RANKER = Ranker(ByNameOrCountry(), Unmoved(), plain=0.5, sports=0.5)


WORLD = ActorList(
    [
        ("North Korea", known("Q423", "North Korea", "location", "KP", role="country", sources=9)),
        ("Pyongyang", known("Q18808", "Pyongyang", "location", "KP", role="capital")),
        ("Russia", known("Q159", "Russia", "location", "RU", role="country", sources=9)),
        ("Russian", known("Q159", "Russia", "location", "RU", role="country", sources=9, how="demonym")),
        ("Chechnya", known("Q5187", "Chechnya", "location", "RU")),
        ("Chechen", known("Q5187", "Chechnya", "location", "RU", how="demonym")),
        ("Kim Jong-un", known("Q56226", "Kim Jong-un", "person", "KP", role="Supreme Leader")),
        ("Kim", known("Q56226", "Kim Jong-un", "person", "KP", role="Supreme Leader", how="surname")),
        ("Kim", known("Q246126", "Kim", "other", sources=1)),
        ("Vladimir Putin", known("Q7747", "Vladimir Putin", "person", "RU", role="President")),
        ("Putin", known("Q7747", "Vladimir Putin", "person", "RU", role="President", how="surname")),
        ("Reform Party", known("Q900", "Reform Party", "organization", "US")),
        ("Reformers", known("Q900", "Reform Party", "organization", "US")),
        ("African Union", known("Q7159", "African Union", "organization")),
    ]
)


def resolved(text: str, *names: tuple[str, EntityKind]) -> dict[str, Entity]:
    """The entities of a text in which those names were found, wherever they stand, longer ones first."""
    taken: list[Mention] = []
    for name, kind in sorted(names, key=lambda pair: -len(pair[0])):
        for found in re.finditer(re.escape(name), text):
            if not any(found.start() < other.end and other.start < found.end() for other in taken):
                taken.append(Mention(found.start(), found.end(), kind, name, 0.95))
    entities = resolve(taken, text, article("A title", text), WORLD, ranker=RANKER)
    assert all(span.of(text) for entity in entities for span in entity.spans)
    return {entity.id: entity for entity in entities}


def test_a_family_name_joins_the_full_name_before_it() -> None:
    text = "Amina Odera spoke first. Odera condemned the pact, and Ms Odera’s party did too."
    [odera] = resolved(text, ("Amina Odera", "person"), ("Odera", "person")).values()
    assert (odera.id, odera.wikidata, len(odera.spans)) == ("local:person:amina-odera", None, 3)


def test_a_misspelt_leader_is_linked_where_the_country_is_named() -> None:
    text = "Vladimir Putin and Kim Jung-un met in Pyongyang. Russia and North Korea signed a pact. Kim smiled."
    found = resolved(
        text,
        ("Vladimir Putin", "person"),
        ("Kim Jung-un", "person"),
        ("Kim", "person"),
        ("Russia", "location"),
        ("North Korea", "location"),
    )
    assert {"Q7747", "Q56226", "Q159", "Q423"} <= found.keys()
    assert len(found["Q56226"].spans) == 2


def test_a_lone_family_name_is_the_leader_of_the_country_that_is_named() -> None:
    found = resolved("Kim left for North Korea.", ("Kim", "person"), ("North Korea", "location"))
    assert found["Q56226"].name == "Kim Jong-un"


def test_a_lone_family_name_without_the_country_is_nobody_known() -> None:
    [kim] = resolved("Kim opened a bakery.", ("Kim", "person")).values()
    assert (kim.id, kim.wikidata) == ("local:person:kim", None)


def test_a_relative_named_later_is_somebody_else() -> None:
    text = "Kim arrived from Pyongyang with his daughter Kim Ju Ae. Kim waved."
    found = resolved(text, ("Kim", "person"), ("Kim Ju Ae", "person"), ("Pyongyang", "location"))
    assert len(found["Q56226"].spans) == 2
    assert found["local:person:kim-ju-ae"].wikidata is None


def test_initials_join_the_name_that_they_stand_for() -> None:
    text = "The Omo Basin Farmers Union objected. The OBFU said so."
    [union] = resolved(text, ("Omo Basin Farmers Union", "organization"), ("OBFU", "organization")).values()
    assert len(union.spans) == 2


def test_a_people_is_a_mention_of_its_country_and_no_second_entity() -> None:
    text = "Russian farmers left Russia."
    [russia] = resolved(text, ("Russian", "other"), ("Russia", "location")).values()
    assert (russia.id, russia.name, russia.kind, russia.country) == ("Q159", "Russia", "location", "RU")
    assert [span.of(text) for span in russia.spans] == ["Russian", "Russia"]
    assert [span.of(text) for span in russia.demonyms] == ["Russian"]


def test_a_people_of_no_country_leaves_its_land_a_place_too() -> None:
    text = "In Chechnya Chechen fighters met Chechen leaders."
    [chechnya] = resolved(text, ("Chechen", "other"), ("Chechnya", "location")).values()
    assert (chechnya.id, chechnya.kind) == ("Q5187", "location")
    assert [span.of(text) for span in chechnya.demonyms] == ["Chechen", "Chechen"]


def test_members_leave_their_party_an_organization() -> None:
    text = "The Reform Party met. Reformers cheered, and other Reformers wept."
    [party] = resolved(text, ("Reform Party", "organization"), ("Reformers", "other")).values()
    assert (party.id, party.kind) == ("Q900", "organization")
    assert [span.of(text) for span in party.demonyms] == ["Reformers", "Reformers"]


def test_an_institution_is_called_without_its_purpose_for_short() -> None:
    text = "The Weavers Committee for Fair Looms objected. The Weavers Committee said so."
    names = ("Weavers Committee for Fair Looms", "Weavers Committee")
    [committee] = resolved(text, *((name, "organization") for name in names)).values()
    assert len(committee.spans) == 2


def test_what_other_institutions_are_called_too_is_short_for_none() -> None:
    text = "The European Council on Foreign Relations objected. The European Council said so."
    names = ("European Council on Foreign Relations", "European Council")
    assert len(resolved(text, *((name, "organization") for name in names))) == 2


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Pyongyang said it was ready.", "KP"),
        ("They met in Pyongyang.", None),
        ("Pyongyang’s offer stands.", "KP"),
        ("They accused Pyongyang of it.", "KP"),
        ("They urged the people of Pyongyang.", None),
        ("It rains. Pyongyang is its capital, and Pyongyang urged calm.", "KP"),
    ],
)
def test_a_capital_acts_for_its_country_only_where_it_acts(text: str, country: str | None) -> None:
    assert resolved(text, ("Pyongyang", "location"))["Q18808"].country == country


def test_groups_are_of_one_kind_and_keep_every_mention() -> None:
    mentions = [Mention(0, 5, "person", "Odera", 0.9), Mention(9, 14, "person", "Odera", 0.9)]
    [group] = grouped(mentions)
    assert group.mentions == mentions


@pytest.mark.parametrize(
    ("name", "wanted"), [("President Odera", "Odera"), ("Odera’s", "Odera"), ("President", "President")]
)
def test_titles_and_possessives_are_no_part_of_a_name(name: str, wanted: str) -> None:
    assert bare(name) == wanted


@pytest.mark.parametrize(
    ("one", "other", "is_so"),
    [
        ("kim jung un", "kim jong un", True),
        ("kim jong il", "kim jong un", False),
        ("odera", "oderas", True),
        ("a", "a", False),
    ],
)
def test_one_letter_off(one: str, other: str, *, is_so: bool) -> None:
    assert one_letter_off(one, other) is is_so
    assert one_letter_off(other, one) is is_so


@pytest.mark.parametrize(
    ("words", "is_so"),
    [("R-Fla.", False), ("Sen.", False), ("for", False), ("Adm", False), ("R", False), ("UN", True), ("U.S.", True)],
)
def test_what_names_nobody_is_no_actor(words: str, *, is_so: bool) -> None:
    assert is_name(words) is is_so


LEADERS: tuple[tuple[str, EntityKind], ...] = (
    ("Kim Jong-un", "person"),
    ("Vladimir Putin", "person"),
    ("Russia", "location"),
    ("North Korea", "location"),
)


@pytest.mark.parametrize(
    ("text", "qid", "words"),
    [
        ("Kim Jong-un met Vladimir Putin. The North Korea leader smiled.", "Q56226", ["The North Korea leader"]),
        ("Kim Jong-un met Vladimir Putin of Russia. Russia’s president smiled.", "Q7747", ["Russia’s president"]),
        ("President Vladimir Putin left Russia. The president smiled.", "Q7747", ["The president"]),
        ("Kim Jong-un met Vladimir Putin of Russia. The president smiled.", "Q7747", []),
        ("Kim Jong-un met Vladimir Putin of Russia. Kenya’s president smiled.", "Q7747", []),
        ("The Russian leader wrote before Vladimir Putin of Russia left.", "Q7747", []),
        ("President Vladimir Putin of Russia met President Kim Jong-un. The president smiled.", "Q7747", []),
        ("Vladimir Putin, Russia’s president, left Russia.", "Q7747", []),
        ("Vladimir Putin left Russia. The former Russian president smiled.", "Q7747", []),
    ],
)
def test_a_description_joins_the_only_one_it_can_mean(text: str, qid: str, words: list[str]) -> None:
    found = resolved(text, *LEADERS)
    assert [span.of(text) for span in found[qid].references] == words


def test_titles_and_offices_are_kept_with_their_country() -> None:
    text = "Russian President Vladimir Putin met Amina Odera, a former mayor, and Mr Odera."
    found = resolved(text, ("Vladimir Putin", "person"), ("Amina Odera", "person"))
    roles = {
        entity.name: [(role.text, role.country, role.span.of(text)) for role in entity.roles]
        for entity in found.values()
    }
    assert roles == {
        "Vladimir Putin": [("President", "RU", "President")],
        "Amina Odera": [("former mayor", None, "former mayor")],
    }


def test_titles_that_a_name_was_taken_with_are_kept_too() -> None:
    found = resolved("Sen. Amina Odera spoke. Odera left.", ("Sen. Amina Odera", "person"), ("Odera", "person"))
    assert [role.text for role in found["local:person:amina-odera"].roles] == ["Sen."]


@pytest.mark.parametrize(
    ("title", "is_named"),
    [("Talks may end", False), ("May’s talks end", True), ("MAY TO GO", True), ("Theresa goes", False)],
)
def test_a_title_names_whom_it_writes_with_a_capital(title: str, *, is_named: bool) -> None:
    text = "It is said. Then Theresa May left."
    mentions = [Mention(17, 27, "person", "Theresa May", 0.9)]
    [may] = resolve(mentions, text, article(title, text), ActorList(()))
    assert (may.salience > 0.3) is is_named


def framed(text: str, *names: tuple[str, EntityKind]) -> dict[str, Entity]:
    mentions = [
        Mention(found.start(), found.end(), kind, name, 0.95)
        for name, kind in names
        for found in re.finditer(re.escape(name), text)
    ]
    frame = written(text, mentions)
    return {entity.name: entity for entity in resolve(mentions, text, article("A title", text), WORLD, frame)}


def test_agencies_authors_and_the_town_of_writing_weigh_nothing() -> None:
    text = (
        "By Jane Doe\n\nOSLO, June 19 (Reuters) – Amina Odera told Reuters that she would go.\n\n(Editing by Bob Low)"
    )
    found = framed(
        text,
        ("Jane Doe", "person"),
        ("OSLO", "location"),
        ("Reuters", "organization"),
        ("Amina Odera", "person"),
        ("Bob Low", "person"),
    )
    assert {name for name, entity in found.items() if entity.salience > 0} == {"Amina Odera"}
    assert [len(found["Reuters"].spans), found["OSLO"].spans[0].of(text)] == [2, "OSLO"]


def test_a_photographer_is_not_the_politician_of_that_name() -> None:
    text = "(Vladimir Putin/Getty Images) The talks failed."
    assert framed(text, ("Vladimir Putin", "person"))["Vladimir Putin"].wikidata is None
    told = f"{text} Vladimir Putin left Russia."
    assert framed(told, ("Vladimir Putin", "person"), ("Russia", "location"))["Vladimir Putin"].wikidata == "Q7747"


def test_a_town_of_writing_that_is_named_again_counts_from_there() -> None:
    text = "OSLO (AP) — Talks began in OSLO on Tuesday."
    assert framed(text, ("OSLO", "location"))["OSLO"].salience > 0


def test_an_agency_that_the_story_is_about_counts() -> None:
    text = "LIMA (Reuters) - A court fined Reuters. Lawyers of Reuters objected."
    assert framed(text, ("Reuters", "organization"))["Reuters"].salience > 0.1
