"""Gather actors from open lists of Wikidata ids, one list after another; earlier lists are trusted more."""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.train.actor_mends import NEWSWORTHY, is_anothers, mended, told_country, without
from models.train.actor_names import SMALL_WORDS, names_of, short_names, without_initials
from models.train.actor_traits import in_parentheses, is_name, kind_of, sort_of, sport_of
from services.enrich.knowledge import How, folded

HAND = Path(__file__).parents[1] / "actors"
"""Where the lists written by hand are."""

DERIVED = frozenset({"elevant_corpora", "elevant_system_predictions", "wikidict_aliases"})
"""What systems and anchors named: good for an id and its names, no sign of how well known it is."""

LINKED_BY = "wikidict_aliases"
"""The words by which others link to it, as they were counted."""

LOWERED = "wikidata_disambig"
"""This list's own names are in small letters, and half of them are words."""

FAMILY_NAME_FIRST = frozenset({"CN", "KP", "KR", "TW", "HK"})


@dataclass
class Actor:
    """One row to be."""

    number: int
    name: str
    kind: str
    country: str | None = None
    sources: set[str] = field(default_factory=set)
    description: str = ""
    people: int = 0
    reports: int = 0
    anchors: int = 0
    role: str | None = None
    terms: set[str] = field(default_factory=set)
    names: dict[str, How] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    sort: str = ""
    sport: str = ""
    namesakes: float = 0.0

    def call(self, name: str, how: How) -> None:
        """Let a name lead to the actor; the first way stands."""
        key = folded(re.sub(r"\s*\(.*?\)|\[\d+\]", "", name))
        # Latin script only for now: articles in other scripts are not annotated.
        if len(key) > 1 and key.isascii() and not key.isdigit():
            self.names.setdefault(key, how)

    @property
    def lists(self) -> int:
        """The number of lists that chose to have it."""
        return len(self.sources - DERIVED)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


class Gathering:
    """The actors so far, and the countries by every name."""

    def __init__(self, kb: Path, *, links: bool = True) -> None:
        self.kb = kb
        self.links = links
        self.actors: dict[int, Actor] = {}
        self.countries: dict[str, str] = {}
        self.demonyms: dict[str, str] = {}
        self.refused: dict[int, set[str]] = defaultdict(set)

    def actor(self, qid: str, name: str, kind: str) -> Actor:
        """The actor of that id, made if it is not there yet."""
        number = int(qid[1:])
        return self.actors.setdefault(number, Actor(number, name, kind))

    def add_countries(self) -> None:
        """Countries with their names and demonyms."""
        by_name = {folded(row["name"]): row["qid"] for row in lines(self.kb / "countries_qid.jsonl")}
        for row in lines(self.kb / "countries_mledoze.jsonl"):
            names = [row["name"], row["official"], *row["aliases"]]
            demonyms = {demonym for demonym in row["demonym"].values() if demonym}
            for name in (*names, row["iso3"], row["iso2"]):
                self.countries.setdefault(folded(name), row["iso2"])
            for demonym in demonyms:
                self.demonyms.setdefault(folded(demonym), row["iso2"])
            qid = next((by_name[folded(name)] for name in names if folded(name) in by_name), None)
            if qid is None:
                continue
            qid = NEWSWORTHY.get(qid, qid)
            country = self.actor(qid, row["name"], "location")
            country.country, country.role, country.sort = row["iso2"], "country", "country"
            for name in names:
                # "IT", "NO" and the like are words first.
                if len(name) > 3:
                    country.call(name, "name")
            for demonym in demonyms:
                country.call(demonym, "demonym")
                country.call(f"{demonym}s", "demonym")

    def add_own(self) -> None:
        """The names written by hand, and the demonyms that the list of countries lacks."""
        for name, qid, canonical, kind, country, *how in _hand("aliases.tsv"):
            actor = self.actor(qid, canonical, kind)
            actor.country = actor.country or country or None
            # Named daily: that weighs as much as three lists.
            actor.sources |= {"own", "own, daily", "own, in short"}
            actor.call(canonical, "name")
            actor.call(name, "demonym" if how == ["demonym"] else "name")

    def add_office_holders(self) -> None:
        """Heads of state and government, members of the US Congress and government, and governors."""
        self.main = {row["qid"]: row["name"] for row in lines(self.kb / "union.jsonl.gz")}
        for qid, name, where, held in _hand("office_holders.tsv"):
            self._hold({"qid": qid, "name": name}, held, where)
        for row in lines(self.kb / "leaders_2022_wikidata.jsonl"):
            country = self.countries.get(folded(row["country"]))
            term = f"{row['position'].casefold()}|{(row['start'] or '')[:4]}|{(row['end'] or '')[:4]}"
            self._hold(row, row["position"], country, term)
        # A former leader is still named; one in office is meant more often, and comes last to stand.
        for row in lines(self.kb / "leaders_2026_asean_g20.jsonl"):
            if row["qid"]:
                term = f"{row['position'].casefold()}|{(row['since'] or '')[:4]}|"
                self._hold(row, row["position"], row["country"], term)
        for row in lines(self.kb / "us_congress_current.jsonl"):
            if row["qid"]:
                self._hold(mended(row), "senator" if row["chamber"] == "sen" else "representative", "US")

    def _hold(self, row: dict[str, Any], role: str, country: str | None, term: str | None = None) -> None:
        if is_anothers(row["name"], self.main.get(row["qid"])):
            print(f"refused: {row['name']}, {role}, has the id of {self.main[row['qid']]}", file=sys.stderr)
            self.refused[int(row["qid"][1:])].add(folded(row["name"]))
            return
        actor = self.actor(row["qid"], row["name"], "person")
        actor.kind, actor.role, actor.country = "person", role, country or actor.country
        actor.sources.add("offices")
        for name in filter(None, (row["name"], *row.get("aliases", ()))):
            actor.call(name, "name")
        if term:
            actor.terms.add(term)

    def add_politicians(self) -> None:
        """Members of parliaments of 2015."""
        for row in lines(self.kb / "everypolitician2015_persons.jsonl"):
            if row["qid"]:
                actor = self.actor(row["qid"], row["name"], "person")
                actor.country = actor.country or self.countries.get(folded(row["country"]))
                actor.role = actor.role or "member of parliament"
                actor.sources.add("everypolitician")
                actor.call(row["name"], "name")

    def add_union(self) -> None:
        """The merged lists: ids and names are facts, whoever lists them."""
        anchors = self._anchors() if self.links else {}
        for row in lines(self.kb / "union.jsonl.gz"):
            if row["sources"] == [LOWERED] and row["name"] == row["name"].casefold():
                continue
            actor = self.actor(row["qid"], row["name"], row["kind"])
            actor.sources |= set(row["sources"])
            actor.kind = row["kind"] if actor.kind == "other" else actor.kind
            described = f"{row.get('description') or ''} {in_parentheses(row.get('wp_title') or '')}".strip()
            actor.description = actor.description or described
            listed = self._country(row.get("country"), described)
            longer = (*row["aliases"], row.get("wp_title") or "")
            told = actor.kind == "location" and told_country(row["name"], described, longer, row.get("country"))
            actor.country = actor.country or told or listed
            if "dr5hn_states_cities" in row["sources"]:
                # Told to lie elsewhere, it has had a namesake's row merged into it, with the namesake's people.
                is_namesakes = told and listed and told != listed
                actor.kind, actor.people = "location", 0 if is_namesakes else int(row.get("popularity") or 0)
            actor.call(row["name"], "name")
            for surface, share in anchors.get(actor.number, {}).items():
                key = folded(surface)
                if is_name(surface) and key.isascii() and 1 < len(key) <= 40:
                    actor.shares[key] = max(share, actor.shares.get(key, 0.0))
                    actor.call(surface, "anchor")
            actor.anchors = len(anchors.get(actor.number, ()))
            # A row that links had a part in has names from them that cannot be told apart.
            listed_names = row["aliases"] if self.links or LINKED_BY not in row["sources"] else ()
            others = without(listed_names, self.refused.get(actor.number, ()))
            actor.others += others
            for alias in others:
                if alias not in anchors.get(actor.number, ()) and is_name(alias):
                    actor.call(alias, "alias")

    def _anchors(self) -> dict[int, dict[str, float]]:
        """For each id, the words by which others link to it, and how often these words mean it."""
        found: dict[int, dict[str, float]] = defaultdict(dict)
        with gzip.open(self.kb / "priors.tsv.gz", "rt", encoding="utf-8") as file:
            for line in file:
                surface, qid, _, share, _ = line.rstrip("\n").split("\t")
                found[int(qid[1:])][surface] = float(share)
        return found

    def _country(self, named: str | None, description: str) -> str | None:
        if named:
            # Some write "fr", some "FRA", some "France"; what is no country ("eu") is left out.
            return self.countries.get(folded(named))
        words = folded(description).split()[:3]
        return next((self.demonyms[word] for word in words if word in self.demonyms), None)

    def add_traits(self) -> None:
        """Guess what the lists leave out."""
        known = [actor.name for actor in self.actors.values() if actor.kind == "person"]
        people = names_of(known)
        for actor in self.actors.values():
            actor.sport = sport_of((actor.description, actor.name)) or sport_of(actor.others, least=2)
            if not actor.sort:
                actor.sort = "politician" if actor.role else sort_of(actor.name, actor.description)
            if "reep_football_clubs" in actor.sources:
                actor.sort, actor.sport = "team", "soccer"
            if actor.kind == "other":
                actor.kind = kind_of(actor.name, actor.sort, people)

    def add_terms(self) -> None:
        """Who held which office when; the best known person of that name is the one."""
        called: dict[str, list[Actor]] = defaultdict(list)
        for actor in self.actors.values():
            if actor.kind == "person":
                for name, how in actor.names.items():
                    if how in ("name", "alias"):
                        called[name].append(actor)
        for name, country, office, since, until in _hand("offices.tsv"):
            holder = max(called.get(folded(name), ()), key=lambda actor: (actor.anchors, -actor.number), default=None)
            if holder is not None:
                holder.country = holder.country or country or None
                holder.role = holder.role or office
                holder.sort = "politician"
                holder.terms.add(f"{office}|{since}|{until}")

    def add_short_names(self) -> None:
        """Names without what a reader leaves out, and as newspapers spell them."""
        towns = {name for actor in self.actors.values() if actor.kind == "location" and actor.anchors >= 20
                 for name, how in actor.names.items() if how == "name"}  # fmt: skip
        for actor in self.actors.values():
            for name, how in short_names(actor, towns):
                actor.call(name, how)

    def add_namesakes(self) -> None:
        """How many people of a name there would be by chance: the only John Moore of the lists is not the only one."""
        people = names_of(actor.name for actor in self.actors.values() if actor.kind == "person")
        for actor in self.actors.values():
            if actor.kind == "person":
                actor.namesakes = people.namesakes(without_initials(actor.name))

    def add_capitals(self) -> None:
        """Capitals stand for their governments: "Pyongyang said"."""
        called: dict[str, list[Actor]] = defaultdict(list)
        for actor in self.actors.values():
            if actor.kind == "location":
                called[folded(actor.name)].append(actor)
        for row in lines(self.kb / "countries_mledoze.jsonl"):
            for capital in row["capital"]:
                best = max(called.get(folded(capital), ()), key=lambda actor: actor.anchors, default=None)
                if best is not None and best.role is None and best.country in (None, row["iso2"]):
                    best.country, best.role = row["iso2"], "capital"

    def add_acronyms(self) -> None:
        """What an organization's initials are, where several lists have it."""
        for actor in self.actors.values():
            words = [word for word in re.split(r"[\s-]+", actor.name) if word.casefold() not in SMALL_WORDS]
            if actor.kind == "organization" and actor.lists >= 3 and len(words) >= 3:
                actor.call("".join(word[0] for word in words if word), "acronym")


def _hand(file: str) -> Iterator[list[str]]:
    for line in (HAND / file).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
