"""Build the table of actors from open lists of Wikidata ids.

    python -m models.train.actors --data DATA [--out models/actors/actors.sqlite.zst]

DATA holds `kb/` and `load.jsonl.gz`. Only lists whose licence lets a product carry their facts are read (see the card);
names that came from others are left out, also where the lists were merged.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zstandard

from services.enrich.knowledge import How, folded

PERMITTED = frozenset(
    {
        "existing_kb", "fb15k_wikidata", "bear_facts", "name_suggestion_index", "country_coder", "dr5hn_states_cities",
        "elevant_corpora", "elevant_system_predictions", "klout_entities", "fewrel_val", "wila_popqa_people",
    }
)  # fmt: skip
"""CC0, MIT, BSD, ISC, Apache-2.0, CC BY, ODbL. Football clubs (CC0) are left out: any town's name is one's."""

MIXED = "wikidict_aliases"
"""A row that this list had a part in has names from it that cannot be told apart: only the main name is taken."""

SPARSE = frozenset({"name_suggestion_index", "elevant_system_predictions", "fewrel_val", "bear_facts"})
"""What only one of these has is a shop chain, a street, a film: it is kept if the news names it."""

ALIASES = Path(__file__).parents[1] / "actors" / "aliases.tsv"
FAMILY_NAME_FIRST = frozenset({"CN", "KP", "KR", "TW", "HK"})
FAMILIAR = 20
"""Reports, of 8,000, from which someone is known by the family name alone."""

_CAPITALS = re.compile(r"[A-Z][\w.’'&-]*(?:\s+(?:(?:of|for|the|and|de|al|bin|von|van)\s+)*[A-Z][\w.’'&-]*)*")
_SMALL_WORDS = frozenset({"of", "for", "the", "and", "in", "on", "to", "de", "a"})


@dataclass
class Actor:
    """One row to be."""

    number: int
    name: str
    kind: str
    country: str | None = None
    sources: set[str] = field(default_factory=set)
    reports: int = 0
    role: str | None = None
    names: dict[str, How] = field(default_factory=dict)

    def call(self, name: str, how: How) -> None:
        """Let a name lead to the actor; the first way stands."""
        key = folded(re.sub(r"\s*\(.*?\)|\[\d+\]", "", name))
        # Latin script only for now: articles in other scripts are not annotated.
        if len(key) > 1 and key.isascii() and not key.isdigit():
            self.names.setdefault(key, how)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


class Builder:
    """Gathers actors from one list after another; earlier lists are trusted more."""

    def __init__(self, kb: Path) -> None:
        self.kb = kb
        self.actors: dict[int, Actor] = {}
        self.countries: dict[str, str] = {}

    def actor(self, qid: str, name: str, kind: str) -> Actor:
        """The actor of that id, made if it is not there yet."""
        number = int(qid[1:])
        return self.actors.setdefault(number, Actor(number, name, kind))

    def add_countries(self) -> None:
        """Countries with their names and demonyms."""
        by_name = {folded(row["name"]): row["qid"] for row in lines(self.kb / "countries_qid.jsonl")}
        for row in lines(self.kb / "countries_mledoze.jsonl"):
            names = [row["name"], row["official"], *row["aliases"]]
            for name in (*names, row["iso3"], row["iso2"]):
                self.countries.setdefault(folded(name), row["iso2"])
            qid = next((by_name[folded(name)] for name in names if folded(name) in by_name), None)
            if qid is None:
                continue
            country = self.actor(qid, row["name"], "location")
            country.country, country.role = row["iso2"], "country"
            for name in names:
                # "IT", "NO" and the like are words first.
                if len(name) > 3:
                    country.call(name, "name")
            for demonym in set(row["demonym"].values()):
                country.call(demonym, "demonym")
                country.call(f"{demonym}s", "demonym")

    def add_own_aliases(self) -> None:
        """The names written by hand."""
        for line in ALIASES.read_text("utf-8").splitlines():
            if not line.startswith("#"):
                name, qid, canonical, kind, country = line.split("\t")
                actor = self.actor(qid, canonical, kind)
                actor.country = actor.country or country or None
                # Named daily: that weighs as much as three lists.
                actor.sources |= {"own", "own, daily", "own, in short"}
                actor.call(canonical, "name")
                actor.call(name, "name")

    def add_office_holders(self) -> None:
        """Heads of state and government, and members of the US Congress."""
        for row in lines(self.kb / "leaders_2022_wikidata.jsonl"):
            self._office(row, row["position"], self.countries.get(folded(row["country"])))
        # A former leader is still named; one in office is meant more often, and comes last to stand.
        for row in lines(self.kb / "us_congress_current.jsonl"):
            if row["qid"]:
                self._office(row, "senator" if row["chamber"] == "sen" else "representative", "US")

    def _office(self, row: dict[str, Any], role: str, country: str | None) -> None:
        actor = self.actor(row["qid"], row["name"], "person")
        actor.kind, actor.role, actor.country = "person", role, country or actor.country
        actor.sources.add("offices")
        for name in (row["name"], *row.get("aliases", ())):
            actor.call(name, "name")

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
        """The merged lists, as far as they are permitted."""
        for row in lines(self.kb / "union.jsonl.gz"):
            sources = PERMITTED & set(row["sources"])
            if not sources:
                continue
            actor = self.actor(row["qid"], row["name"], row["kind"])
            actor.sources |= sources
            actor.kind = row["kind"] if actor.kind == "other" else actor.kind
            actor.country = actor.country or self.countries.get(folded(row.get("country") or ""))
            actor.call(row["name"], "name")
            if "United States" in row["name"]:
                actor.call(row["name"].replace("United States", "US"), "alias")
            for alias in () if MIXED in row["sources"] else row["aliases"]:
                actor.call(alias, "alias")

    def add_capitals(self) -> None:
        """Capitals stand for their governments: "Pyongyang said"."""
        called: dict[str, list[Actor]] = defaultdict(list)
        for actor in self.actors.values():
            if actor.kind == "location":
                called[folded(actor.name)].append(actor)
        for row in lines(self.kb / "countries_mledoze.jsonl"):
            for capital in row["capital"]:
                best = max(called.get(folded(capital), ()), key=lambda actor: len(actor.sources), default=None)
                if best is not None and best.role is None and best.country in (None, row["iso2"]):
                    best.country, best.role = row["iso2"], "capital"

    def add_acronyms(self) -> None:
        """What an organization's initials are, where several lists have it."""
        for actor in self.actors.values():
            words = [word for word in re.split(r"[\s-]+", actor.name) if word.casefold() not in _SMALL_WORDS]
            if actor.kind == "organization" and len(actor.sources) >= 3 and len(words) >= 3:
                actor.call("".join(word[0] for word in words if word), "acronym")

    def count_reports(self, articles: Iterable[dict[str, Any]]) -> None:
        """In how many articles each main name is used, as it is written."""
        called: dict[str, list[Actor]] = defaultdict(list)
        for actor in self.actors.values():
            for name, how in actor.names.items():
                if how == "name":
                    called[name].append(actor)
        counted: Counter[str] = Counter()
        for article in articles:
            counted.update(_names_in(article["text"]) & called.keys())
        for name, reports in counted.items():
            for actor in called[name]:
                actor.reports = max(actor.reports, reports)

    def drop_obscure(self) -> None:
        """Leave out what one sparse list alone has and no article names."""
        for number, actor in list(self.actors.items()):
            if len(actor.sources) == 1 and actor.sources <= SPARSE and not actor.reports and actor.kind != "person":
                del self.actors[number]

    def add_family_names(self) -> None:
        """Office-holders and those whom the news names often, by their family name alone."""
        for actor in self.actors.values():
            leads = actor.role is not None and actor.role != "member of parliament"
            if actor.kind == "person" and (leads or actor.reports >= FAMILIAR):
                words = actor.name.split()
                family = words[0] if actor.country in FAMILY_NAME_FIRST else words[-1]
                if len(words) > 1 and family.casefold().rstrip(".") not in ("jr", "sr", "ii", "iii"):
                    actor.call(family, "surname")


def _names_in(text: str) -> set[str]:
    """Every run of up to five words within a run of capitalised ones."""
    found = set()
    for run in _CAPITALS.finditer(text):
        words = run.group().split()
        for first in range(len(words)):
            for last in range(first + 1, min(first + 5, len(words)) + 1):
                found.add(folded(re.sub(r"[’']s$", "", " ".join(words[first:last]))))
    return found


def write(actors: Iterable[Actor], out: Path) -> tuple[int, int]:
    """Write the packed table; gives its numbers of actors and names."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "actors.sqlite"
        table = sqlite3.connect(plain)
        table.executescript(
            "CREATE TABLE actor(id INTEGER PRIMARY KEY, name TEXT, kind TEXT, country TEXT, sources INT, reports INT,"
            " role TEXT);"
            "CREATE TABLE alias(name TEXT, id INT, how TEXT, PRIMARY KEY(name, id)) WITHOUT ROWID;"
        )
        names = 0
        for actor in sorted(actors, key=lambda one: one.number):
            table.execute(
                "INSERT INTO actor VALUES (?,?,?,?,?,?,?)",
                (actor.number, actor.name, actor.kind, actor.country, len(actor.sources), actor.reports, actor.role),
            )
            rows = [(name, actor.number, how) for name, how in sorted(actor.names.items())]
            table.executemany("INSERT INTO alias VALUES (?,?,?)", rows)
            names += len(rows)
        table.commit()
        [count] = table.execute("SELECT count(*) FROM actor").fetchone()
        table.execute("VACUUM")
        table.close()
        out.write_bytes(zstandard.compress(plain.read_bytes(), 19))
    return count, names


def main() -> None:
    """Build the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=ALIASES.parent / "actors.sqlite.zst")
    asked = parser.parse_args()
    builder = Builder(asked.data / "kb")
    builder.add_countries()
    builder.add_own_aliases()
    builder.add_office_holders()
    builder.add_politicians()
    builder.add_union()
    builder.add_capitals()
    builder.add_acronyms()
    builder.count_reports(lines(asked.data / "load.jsonl.gz"))
    builder.drop_obscure()
    builder.add_family_names()
    count, names = write(builder.actors.values(), asked.out)
    print(f"{count} actors under {names} names in {asked.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
