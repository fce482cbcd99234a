"""Say for which country someone acts: a minister, a spokesman, a ministry, a house that a government is called by."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from schemas.annotations import Entity, Role
from services.enrich.knowledge import Knowledge
from services.enrich.roles import Office, office

Side = Callable[[Entity], str | None]
"""Gives the country that an entity acts for, as an ISO code, or none."""

# Who holds one of these speaks for the state; a senator or a judge speaks for himself.
_SPEAKS = frozenset(
    """president minister secretary chancellor king queen emperor emir sultan ruler dictator strongman ayatollah premier
    spokesperson ambassador envoy diplomat general admiral commander colonel""".split()  # noqa: SIM905
) | {"prime minister"}
_SPEAKS_OF_A_STATE = frozenset({"leader", "chief", "head", "official", "prince", "princess"})
"""These do where the article says of which country they are."""

_OF_A_PARTY = frozenset(
    """opposition party republican democratic democrat gop labour labor tory conservative majority minority house senate
    campaign rebel militia shadow press-campaign county city state provincial regional local""".split()  # noqa: SIM905
)
_OWN_VOICE = re.compile(r"\b(?:representative|senator|member|speaker|governor|mayor|justice|judge)\b", re.IGNORECASE)
"""Offices in the list of actors whose holders speak for themselves."""

_PUBLIC = re.compile(
    r"\b(?:White House|Kremlin|Pentagon|Downing Street|Whitehall|Elys[eé]e|Blue House|Capitol Hill|Foggy Bottom|"
    r"Government|Ministry|(?:State|Treasury|Justice|Defen[cs]e|Foreign|Interior|Commerce|Homeland) Department|"
    r"Department of|Administration|Army|Navy|Air Force|Armed Forces|Defen[cs]e Forces?|Military|Marines?|"
    r"National Guard|Bureau of Investigation|Intelligence Agency|"
    r"Revolutionary Guards?|Coast Guard|Security Council of|Embassy|Cabinet|Politburo|Foreign Office|Treasury|"
    r"Congress|Senate|House of|Parliament|Knesset|Duma|Bundestag|Verkhovna Rada|State Council)\b",
    re.IGNORECASE,
)
_NOT_PUBLIC = re.compile(r"\b(?:Salvation Army|Party|Caucus|Committee|Union|Federation|Club)\b", re.IGNORECASE)


def sides(knowledge: Knowledge) -> Side:
    """How to tell sides, by what the list of actors knows of offices and countries, until it knows otherwise."""
    edition = knowledge.edition

    @lru_cache(maxsize=10_000)
    def known_office(identity: str, name: str) -> str | None:
        return next((known.role for known in knowledge.called(name) if known.id == identity), None)

    @lru_cache(maxsize=10_000)
    def country_called(name: str) -> str | None:
        countries = {
            known.country for known in knowledge.called(name) if known.role == "country" or known.how == "demonym"
        }
        return countries.pop() if len(countries) == 1 else None

    def side_of(entity: Entity) -> str | None:
        nonlocal edition
        if knowledge.edition != edition:
            edition = knowledge.edition
            known_office.cache_clear()
            country_called.cache_clear()
        return acting_for(entity, known_office(entity.id, entity.name), country_called)

    return side_of


def acting_for(
    entity: Entity, known_office: str | None = None, country_called: Callable[[str], str | None] = lambda name: None
) -> str | None:
    """The country that an entity is, or speaks for: by its kind, and what the article or the list of actors calls it.

    What the article says counts before what is known: "the former president" speaks for himself.
    """
    if entity.kind == "location":
        return entity.country
    if entity.kind == "organization":
        return _of_a_body(entity, country_called)
    if entity.kind != "person":
        return None
    told = [(role, read) for role in entity.roles if (read := office(role.text)) is not None]
    speaking = [_of_an_office(entity, role, read) for role, read in told]
    if found := next((country for country in speaking if country is not None), None):
        return found
    # An actor or a candidate may have a country too: what speaks for it is an office.
    if told or known_office is None or _OWN_VOICE.search(known_office):
        return None
    return entity.country


def _of_a_body(entity: Entity, country_called: Callable[[str], str | None]) -> str | None:
    if not _PUBLIC.search(entity.name) or _NOT_PUBLIC.search(entity.name):
        return None
    if entity.country is not None:
        return entity.country
    # "Iranian Foreign Ministry", "South Korean army", "Ministry of Defence of Kenya"
    words = entity.name.removeprefix("the ").removeprefix("The ").split()
    parts = (" ".join(words[:2]), " ".join(words[:1]), " ".join(words[-1:]))
    return next((country for part in parts if (country := country_called(part)) is not None), None)


def _of_an_office(entity: Entity, role: Role, read: Office) -> str | None:
    if read.former or read.narrower & _OF_A_PARTY:
        return None
    if read.noun in _SPEAKS:
        return role.country or entity.country
    return role.country if read.noun in _SPEAKS_OF_A_STATE else None
