"""Names put on the map, on sentences of our own."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.annotations import Place
from services.enrich.dateline import written
from services.enrich.gazetteer import Gazetteer
from services.enrich.places import Located, locate, resolve_mentions


@dataclass(frozen=True)
class Named:
    """A mention, as much of it as places looks at."""

    start: int
    end: int
    kind: str


def named(text: str, *names: str, kind: str = "location") -> list[Named]:
    found = {m.span() for name in names for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)}
    return [Named(start, end, kind) for start, end in sorted(found)]


def located(gazetteer: Gazetteer, text: str, *names: str) -> Located:
    mentions = named(text, *names)
    return locate(text, mentions, gazetteer, frame=written(text, mentions))


def place_of(found: Located, text: str, name: str) -> Place:
    return next(place for place in found.places if any(span.of(text) == name for span in place.spans))


@pytest.mark.parametrize(
    ("text", "name", "others", "country", "admin1"),
    [
        ("Georgia's president met the envoy in Tbilisi.", "Georgia", ["Tbilisi"], "GE", None),
        ("The governor of Georgia spoke in Atlanta and Savannah.", "Georgia", ["Atlanta", "Savannah"], "US", "Georgia"),
        ("Police in Alexandria, Louisiana, made an arrest.", "Alexandria", ["Louisiana"], "US", "Louisiana"),
        ("Alexandria and Cairo are hot in July, Egypt knows.", "Alexandria", ["Cairo", "Egypt"], "EG", "Alexandria"),
        ("PARIS, Texas - The council met on Monday.", "PARIS", ["Texas"], "US", "Texas"),
        ("The summit in Paris ended; France was content.", "Paris", ["France"], "FR", "Île-de-France"),
        ("Lebanon's army moved as Israel struck Beirut.", "Lebanon", ["Israel", "Beirut"], "LB", None),
        ("A fire in Springfield, Ill., closed a school.", "Springfield", ["Ill"], "US", "Illinois"),
        ("He flew from London, Ontario, to Toronto.", "London", ["Ontario", "Toronto"], "CA", "Ontario"),
        ("Jordan's king flew from Amman to Cairo.", "Jordan", ["Amman", "Cairo"], "JO", None),
        ("Rebels hold the west of Sudan, near Chad.", "Chad", ["Sudan"], "TD", None),
    ],
)
def test_the_words_around_decide(
    gazetteer: Gazetteer, text: str, name: str, others: list[str], country: str, admin1: str | None
) -> None:
    place = place_of(located(gazetteer, text, name, *others), text, name)
    assert (place.country, place.admin1) == (country, admin1)


def test_the_reason_names_the_runner_up_and_what_spoke_for_the_best(gazetteer: Gazetteer) -> None:
    text = "The road from Lebanon to Nashville was closed."
    place = place_of(located(gazetteer, text, "Lebanon", "Nashville"), text, "Lebanon")
    assert place.reason.startswith("Lebanon: ")
    assert re.search(r"because Nashville$", place.reason)
    assert place.runner_up is not None


def test_a_country_under_two_names_is_one_place_with_all_its_mentions(gazetteer: Gazetteer) -> None:
    text = "The U.S. will talk to Britain. The United States said so, and the UK agreed."
    found = located(gazetteer, text, "U.S.", "Britain", "United States", "UK")
    assert [[span.of(text) for span in place.spans] for place in found.places] == [
        ["U.S.", "United States"],
        ["Britain", "UK"],
    ]


def test_an_article_can_tell_two_places_of_one_name_apart(gazetteer: Gazetteer) -> None:
    text = "Birmingham, England, wrote to Birmingham, Alabama, and Birmingham, England, was answered."
    found = [place for place in located(gazetteer, text, "Birmingham").places if place.name == "Birmingham"]
    assert sorted((place.country, len(place.spans)) for place in found) == [("GB", 2), ("US", 1)]


def test_a_capital_is_told_from_other_towns(gazetteer: Gazetteer) -> None:
    text = "They flew from Nairobi to Mombasa, in Kenya."
    found = located(gazetteer, text, "Nairobi", "Mombasa", "Kenya")
    assert {place.name for place in found.places if place.capital} == {"Nairobi"}


def test_an_unknown_name_gets_no_place(gazetteer: Gazetteer) -> None:
    assert located(gazetteer, "Foobarville residents were shocked.", "Foobarville") == Located()


def test_a_name_that_could_be_anywhere_is_never_told_surely(gazetteer: Gazetteer) -> None:
    places = located(gazetteer, "The Springfield council met on Monday.", "Springfield").places
    assert all(place.confidence < 0.6 and place.runner_up for place in places)


def test_an_adjective_is_no_place_but_tells_of_its_country(gazetteer: Gazetteer) -> None:
    text = "Russian officials were angry."
    found = locate(text, named(text, "Russian", kind="other"), gazetteer)
    assert found.places == ()
    assert [(each.country, each.used_as) for each in found.allusions] == [("RU", "demonym")]
    assert found.focus is None


def test_several_adjectives_of_one_country_make_it_the_focus_but_not_surely(gazetteer: Gazetteer) -> None:
    text = "Russian officials were angry. The Russian army and Russian firms had lost."
    focus = locate(text, named(text, "Russian", kind="other"), gazetteer).focus
    assert focus is not None
    assert (focus.country, focus.name) == ("RU", "Russia")
    assert focus.confidence <= 0.5


def test_a_person_is_no_place_and_a_team_only_speaks_of_one(gazetteer: Gazetteer) -> None:
    text = "Paris Hilton met Jordan of the Chicago Bulls."
    people = named(text, "Paris Hilton", "Jordan", kind="person")
    found = locate(text, [*people, *named(text, "Chicago Bulls", kind="organization")], gazetteer)
    assert found.places == ()
    assert [(each.name, each.used_as) for each in found.allusions] == [("Chicago", "embedded")]


def test_a_large_place_that_acts_like_an_organization_is_a_place_still(gazetteer: Gazetteer) -> None:
    text = "Tamil Nadu sued, and Ford Motor, the White House and Chase looked on."
    found = locate(
        text, named(text, "Tamil Nadu", "Ford Motor", "White House", "Chase", kind="organization"), gazetteer
    )
    assert [place.name for place in found.places] == ["Tamil Nadu"]


def test_the_town_of_writing_is_the_focus_only_where_the_story_names_it(gazetteer: Gazetteer) -> None:
    written_there = "NAIROBI, March 3 (Sample Wire) — Talks on the dam in Ethiopia ended. Ethiopia said so."
    focus = located(gazetteer, written_there, "NAIROBI", "Ethiopia").focus
    assert focus is not None
    assert focus.country == "ET"
    happened_there = "NAIROBI, March 3 (Sample Wire) — Talks ended in Nairobi on Tuesday. Nairobi was calm."
    focus = located(gazetteer, happened_there, "NAIROBI", "Nairobi").focus
    assert focus is not None
    assert focus.name == "Nairobi"


def test_the_focus_is_what_most_and_first_mentions_are_about(gazetteer: Gazetteer) -> None:
    text = "PYONGYANG - North Korea held a parade in Pyongyang. North Korea invited a guest from Russia."
    focus = located(gazetteer, text, "PYONGYANG", "Pyongyang", "North Korea", "Russia").focus
    assert focus is not None
    assert focus.country == "KP"


@pytest.mark.parametrize(
    ("text", "countries", "institutions", "country"),
    [
        (
            "The House Judiciary Committee will vote on Friday. Republicans called the Ukraine inquiry a stunt, and "
            "Democrats said that Ukraine was told to help. The White House sent no one, a first for the United States.",
            ["Ukraine", "United States"],
            ["House Judiciary Committee", "Republicans", "Democrats", "White House"],
            "US",
        ),
        (
            "The Knesset debated the Iran deal. Likud voted against, and Israel will send an envoy.",
            ["Iran", "Israel"],
            ["Knesset", "Likud"],
            "IL",
        ),
        (
            "Ukraine held an election on Sunday. In Ukraine two parties claimed victory, and the White House, which "
            "speaks for the United States, said that Ukraine should count again.",
            ["Ukraine", "United States"],
            ["White House"],
            "UA",
        ),
        ("Ukraine and Moldova waited while Republicans met.", ["Ukraine", "Moldova"], ["Republicans"], "UA"),
        (
            "Japan votes on Sunday. The House of Representatives of Japan was dissolved, and the Democratic Party "
            "hopes for the House of Representatives, before a visit to the United States.",
            ["Japan", "United States"],
            ["House of Representatives", "Democratic Party"],
            "JP",
        ),
    ],
)
def test_a_country_that_is_disputed_at_home_is_not_what_the_article_is_about(
    gazetteer: Gazetteer, text: str, countries: list[str], institutions: list[str], country: str
) -> None:
    mentions = sorted(
        [*named(text, *countries), *named(text, *institutions, kind="organization")], key=lambda each: each.start
    )
    focus = locate(text, mentions, gazetteer).focus
    assert focus is not None
    assert focus.country == country


def test_an_article_that_names_no_place_has_no_focus(gazetteer: Gazetteer) -> None:
    assert locate("Nothing happened.", [], gazetteer) == Located()


def test_asked_mentions_are_answered_one_by_one_adjectives_too(gazetteer: Gazetteer) -> None:
    text = "Russian diplomats left the University of Oxford for Nowhereton."
    spans = [(0, 7), (27, 47), (52, 62)]
    answers = resolve_mentions(text, spans, gazetteer)
    assert [answer and answer.country for answer in answers] == ["RU", "GB", None]


WORDS = st.sampled_from(
    [
        "Paris",
        "Texas",
        "U.S.",
        "Georgia",
        "said",
        ",",
        "the",
        "Tbilisi",
        "Kim",
        "Russian",
        "La.",
        "San Jose",
        "\n",
        "“",
        "中国",
        "É",
    ]
)


@settings(max_examples=60, deadline=None)
@given(words=st.lists(WORDS, max_size=25), cuts=st.lists(st.tuples(st.integers(0, 80), st.integers(1, 12)), max_size=8))
def test_whatever_is_marked_spans_are_exact_and_claims_have_reasons(
    gazetteer: Gazetteer, words: list[str], cuts: list[tuple[int, int]]
) -> None:
    text = " ".join(words)
    mentions = [Named(start, start + length, "location") for start, length in cuts if start + length <= len(text)]
    found = locate(text, mentions, gazetteer)
    for place in (*found.places, *found.allusions):
        assert all(0 <= span.start < span.end <= len(text) for span in place.spans)
        assert set(place.metonyms) <= set(place.spans)
        assert 0.0 <= place.confidence <= 1.0
        assert "because" in place.reason
    if found.focus is not None:
        assert 0.0 <= found.focus.confidence <= 1.0
