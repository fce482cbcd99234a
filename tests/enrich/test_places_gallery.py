"""Hard places, one sentence each: what a reader would put where, and what a reader would not put anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from services.enrich.gazetteer import Gazetteer
from services.enrich.places import Located, locate

KINDS = {"L": "location", "O": "organization", "P": "person", "X": "other"}
_MARKED = re.compile(r"\[([^\]|]+)\|([LOPX])\]")


@dataclass(frozen=True)
class Marked:
    """A mention as the names model would find it."""

    start: int
    end: int
    kind: str
    confidence: float = 0.97


def read(marked: str) -> tuple[str, list[Marked]]:
    """Sentences are written with their mentions marked: "[Paris|L], [Texas|L], ..."."""
    text, mentions = "", []
    at = 0
    for found in _MARKED.finditer(marked):
        text += marked[at : found.start()]
        mentions.append(Marked(len(text), len(text) + len(found[1]), KINDS[found[2]]))
        text += found[1]
        at = found.end()
    return text + marked[at:], mentions


def located(gazetteer: Gazetteer, marked: str, outlet_country: str | None = None) -> tuple[str, Located]:
    text, mentions = read(marked)
    return text, locate(text, mentions, gazetteer, outlet_country)


def answers(text: str, found: Located) -> dict[str, tuple[str | None, str | None, str]]:
    """For each mention in words: country, first-level division and use."""
    return {
        span.of(text): (place.country, place.admin1, "metonym" if span in place.metonyms else place.used_as)
        for place in (*found.places, *found.allusions)
        for span in place.spans
    }


@pytest.mark.parametrize(
    ("marked", "name", "expected"),
    [
        ("Police in [Alexandria|L], [Louisiana|L], held a man.", "Alexandria", ("US", "Louisiana", "name")),
        ("The mayor of [Paris|L], [Texas|L], resigned.", "Paris", ("US", "Texas", "name")),
        ("A court in [Lebanon|L], [Pa.|L], fined him.", "Lebanon", ("US", "Pennsylvania", "name")),
        ("[Birmingham|L], [Alabama|L], lost a steel mill.", "Birmingham", ("US", "Alabama", "name")),
        ("He moved from [Leeds|L] to [Birmingham|L] in [England|L].", "Birmingham", ("GB", "England", "name")),
        ("[Long Beach|L], [CA|L], closed its port.", "Long Beach", ("US", "California", "name")),
        ("[GEORGIA|L] VOTES AS [TBILISI|L] WAITS", "GEORGIA", ("GE", None, "name")),
        ("Voters in [Georgia|L] lined up in [Atlanta|L] and [Macon|L].", "Georgia", ("US", "Georgia", "name")),
        ("[Jordan|L] and [Syria|L] reopened their border.", "Jordan", ("JO", None, "name")),
        ("[Chad|L] and [Sudan|L] sent troops to the border.", "Chad", ("TD", None, "name")),
        ("The state of [Washington|L] sued over dams near [Spokane|L].", "Washington", ("US", "Washington", "name")),
        ("[Beijing|L] said that it would respond to the tariffs.", "Beijing", ("CN", "Beijing", "metonym")),
        ("The sanctions against [Russia|L] were renewed.", "Russia", ("RU", None, "metonym")),
        ("A bridge fell in [Russia|L], near [Moscow|L].", "Russia", ("RU", None, "name")),
        ("[Turkey|L]'s president flew to [Ankara|L].", "Turkey", ("TR", None, "metonym")),
        ("[Russian|X] troops left.", "Russian", ("RU", None, "demonym")),
        ("The [Georgia Bureau of Investigation|O] came to [Macon|L].", "Georgia", ("US", "Georgia", "embedded")),
        ("[China Mobile|O] cut its prices.", "China", ("CN", None, "embedded")),
        ("Boats sank on [Lake|L] [Victoria|L], off [Uganda|L].", "Lake Victoria", (None, None, "name")),
        ("Ships wait in the [South China Sea|L].", "South China Sea", (None, None, "name")),
        ("[Kinshasa|L] lies in [Congo|L].", "Congo", ("CD", None, "name")),
        ("The two leaders met in [Seoul|L], [South Korea|L].", "Seoul", ("KR", "Seoul", "name")),
        ("[BRAZZAVILLE|L] — Oil from [Congo|L] left [Brazzaville|L] in May.", "Congo", ("CG", None, "name")),
        ("Miners fled from [Congo|L] into [Rwanda|L].", "Congo", ("CD", None, "name")),
        ("[SEOUL|L] — Ships from [Korea|L] were late in May.", "Korea", ("KR", None, "name")),
    ],
)
def test_a_reader_would_put_it_there(
    gazetteer: Gazetteer, marked: str, name: str, expected: tuple[str | None, str | None, str]
) -> None:
    text, found = located(gazetteer, marked)
    assert answers(text, found).get(name) == expected


@pytest.mark.parametrize(
    ("marked", "feature"),
    [
        ("Rents in [New York|L] and [London|L] rose again.", "city"),
        ("[NEW YORK|L] - A tram ran into a shop in [Brooklyn|L] on Monday.", "city"),
        ("The orchestra left [Boston|L] for [New York|L].", "city"),
        ("Shares fell in [New York|L] on Tuesday.", "city"),
        ("The mayor of [New York|L] shut the ferries.", "city"),
        ("[New York|L] Gov. [Ada Moss|P] signed the bill in [Albany|L].", "division"),
        ("[New York|L], [New Jersey|L] and [Connecticut|L] share the river.", "division"),
        ("Farms in upstate [New York|L] lost their apples.", "division"),
        ("A jury in [Rochester|L], [New York|L], found him guilty.", "division"),
    ],
)
def test_new_york_is_the_city_but_among_states_and_beside_a_governor(
    gazetteer: Gazetteer, marked: str, feature: str
) -> None:
    text, found = located(gazetteer, marked)
    named = [place for place in found.places if any(span.of(text).title() == "New York" for span in place.spans)]
    assert [place.feature for place in named] == [feature]


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        ("[Paris Hilton|P] sang.", "Paris"),
        ("[Jordan|P] scored forty points.", "Jordan"),
        ("The cook put a turkey into the oven in [Boston|L].", "turkey"),
        ("The ambassador praised [Assad|P] in [Damascus|L].", "assad"),
        ("The pueblo of [San Ildefonso|L] in [New Mexico|L] sued.", "Philippines"),
        ("May said that the vote would be in May, in [London|L].", "May"),
        ("He read the news in the car. Why, asked Mobile Bill.", "Mobile"),
    ],
)
def test_a_reader_would_put_it_nowhere(gazetteer: Gazetteer, marked: str, name: str) -> None:
    text, found = located(gazetteer, marked)
    assert name not in answers(text, found)
    assert name not in {place.name for place in found.places}


def test_a_bank_called_espirito_santo_is_not_put_in_brazil(gazetteer: Gazetteer) -> None:
    found = located(gazetteer, "[Banco Espirito Santo|O], the [Portuguese|X] bank, fell in [Lisbon|L].")[1]
    assert "BR" not in {place.country for place in found.places}


def test_a_pueblo_of_new_mexico_is_not_put_in_the_philippines(gazetteer: Gazetteer) -> None:
    found = located(gazetteer, "The pueblo of [San Ildefonso|L] lies near [Santa Fe|L], [New Mexico|L].")[1]
    assert {place.country for place in found.places} == {"US"}


@pytest.mark.parametrize(
    ("marked", "name", "town"),
    [
        ("[Main Street|L] in [Springfield|L], [Illinois|L], was closed.", "Main Street", "Springfield"),
        ("A shop opened on [Collins Avenue|L] in [Miami Beach|L], [Florida|L].", "Collins Avenue", "Miami Beach"),
        ("They race at [Knockhill|L], [Fife|L], in June.", "Knockhill", "Fife"),
        ("The fire spread in [San Jose|L], [California|L], and closed [Highway 101|L].", "Highway 101", "San Jose"),
    ],
)
def test_a_spot_takes_the_point_of_the_town_that_holds_it_and_says_so(
    gazetteer: Gazetteer, marked: str, name: str, town: str
) -> None:
    text, found = located(gazetteer, marked)
    spot = next(place for place in found.places if place.spans[0].of(text) == name)
    holder = next(place for place in found.places if place.spans[0].of(text) == town)
    assert (spot.lat, spot.lon, spot.approximate, spot.geonames) == (holder.lat, holder.lon, True, None)
    assert spot.feature == "spot"
    assert spot.confidence < holder.confidence
    assert holder.name in spot.reason


def test_a_senators_state_is_the_state_and_no_spot_in_it(gazetteer: Gazetteer) -> None:
    found = located(gazetteer, "[Ted Cruz|P] ([R-Texas|L]) spoke, and so did [Rob Portman|P] ([R-Ohio|L]).")[1]
    assert [(place.name, place.approximate) for place in found.places] == [("Texas", False), ("Ohio", False)]


def test_a_street_of_an_unnamed_town_is_put_nowhere(gazetteer: Gazetteer) -> None:
    assert located(gazetteer, "[Main Street|L] was closed.")[1].places == ()


def test_the_outlets_country_speaks_for_places_at_home(gazetteer: Gazetteer) -> None:
    marked = "The council of [Birmingham|L] met on Monday."
    for home in ("GB", "US"):
        assert [place.country for place in located(gazetteer, marked, home)[1].places] == [home]


def test_a_name_said_again_is_the_same_place(gazetteer: Gazetteer) -> None:
    found = located(gazetteer, "[Paris|L], [Texas|L], has a tower. [Paris|L] is proud. [PARIS|L] is small.")[1]
    paris = [place for place in found.places if place.name == "Paris"]
    assert [(place.admin1, len(place.spans)) for place in paris] == [("Texas", 3)]


def test_the_capitals_of_a_dateline_are_not_kept_in_the_reason(gazetteer: Gazetteer) -> None:
    found = located(gazetteer, "[DAR ES SALAAM|L], June 4 - [Tanzania|L] will build a port.")[1]
    assert found.places[0].reason.startswith("Dar es Salaam: ")


def test_a_headline_in_capitals_is_read_without_any_mention(gazetteer: Gazetteer) -> None:
    found = located(gazetteer, "POLICE IN SPRINGFIELD, ILLINOIS, HOLD A MAN FROM CHICAGO")[1]
    assert {place.country for place in found.places} == {"US"}
