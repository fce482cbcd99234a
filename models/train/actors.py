"""Build the table of actors from open lists of Wikidata ids.

    python -m models.train.actors --data DATA [--without-links] [--out models/actors/actors.sqlite.zst]

DATA holds `kb/` and `load.jsonl.gz`. Nothing is random.
What is taken from which list, and why that may be, says the card.
"""

from __future__ import annotations

import argparse
import math
import re
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import zstandard

from models.train.actor_lists import FAMILY_NAME_FIRST, HAND, Actor, Gathering, lines
from models.train.actor_traits import words_around
from services.enrich.knowledge import folded

SPARSE = frozenset({"name_suggestion_index", "reep_football_clubs"})
"""What only these have is a shop or a village's club: it is kept if the news or anybody's link names it."""

LEVEL = 12
"""Of packing; higher ones take minutes."""

FAMILIAR = 20
"""Reports, of 8,000, from which someone is known by the family name alone."""

LINKED = 6
"""Ways to link to someone that tell the same."""

_CAPITALS = re.compile(r"[A-Z][\w.’'&-]*(?:\s+(?:(?:of|for|the|and|de|al|bin|von|van)\s+)*[A-Z][\w.’'&-]*)*")


def count_reports(actors: Iterable[Actor], articles: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Count in how many articles each main name is used, as it is written; gives how rare each word of theirs is."""
    called: dict[str, list[Actor]] = defaultdict(list)
    for actor in actors:
        for name, how in actor.names.items():
            if how == "name":
                called[name].append(actor)
    counted: Counter[str] = Counter()
    words: Counter[str] = Counter()
    read = 0
    for article in articles:
        read += 1
        counted.update(_names_in(article["text"]) & called.keys())
        words.update(set(re.findall(r"[a-z]{3,}", article["text"].casefold())))
    for name, reports in counted.items():
        for actor in called[name]:
            actor.reports = max(actor.reports, reports)
    # Words of fewer than four articles are misspelt or nobody's; those of one in eight tell nothing.
    return {word: math.log(read / count) for word, count in words.items() if 4 <= count <= read / 8}


def _names_in(text: str) -> set[str]:
    """Every run of up to five words within a run of capitalised ones."""
    found = set()
    for run in _CAPITALS.finditer(text):
        words = run.group().split()
        for first in range(len(words)):
            for last in range(first + 1, min(first + 5, len(words)) + 1):
                found.add(folded(re.sub(r"[’']s$", "", " ".join(words[first:last]))))
    return found


def drop_obscure(actors: dict[int, Actor]) -> None:
    """Leave out what one sparse list alone has and nobody names."""
    for number, actor in list(actors.items()):
        if actor.sources and actor.sources <= SPARSE and not actor.reports and not actor.anchors:
            del actors[number]


def add_family_names(actors: Iterable[Actor]) -> None:
    """Office-holders and those whom many name, by their family name alone."""
    for actor in actors:
        leads = actor.role is not None and actor.role != "member of parliament"
        if actor.kind == "person" and (leads or actor.reports >= FAMILIAR or actor.anchors >= LINKED):
            words = actor.name.split()
            family = words[0] if actor.country in FAMILY_NAME_FIRST else words[-1]
            # "Beatrix of the Netherlands" has no family name there.
            if len(words) > 1 and "of" not in words and family.casefold().rstrip(".") not in ("jr", "sr", "ii", "iii"):
                # Also where others link to it by that: a family name is one, whoever else is known by it.
                actor.names.pop(folded(family), None)
                actor.call(family, "surname")


def write(actors: Iterable[Actor], rarity: Mapping[str, float], out: Path) -> tuple[int, int]:
    """Write the packed table; gives its numbers of actors and names."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "actors.sqlite"
        table = sqlite3.connect(plain)
        table.executescript(
            "CREATE TABLE actor(id INTEGER PRIMARY KEY, name TEXT, kind TEXT, country TEXT, sources INT, reports INT,"
            " role TEXT, anchors INT, people INT, sort TEXT, sport TEXT, terms TEXT, words TEXT,"
            " namesakes INT);"
            "CREATE TABLE alias(name TEXT, id INT, how TEXT, share INT, PRIMARY KEY(name, id)) WITHOUT ROWID;"
        )
        names = 0
        for actor in sorted(actors, key=lambda one: one.number):
            row = (actor.number, actor.name, actor.kind, actor.country, actor.lists, actor.reports, actor.role)
            words = " ".join(words_around(actor.name, actor.description, actor.others, rarity))
            more = (actor.anchors, actor.people, actor.sort, actor.sport, ";".join(sorted(actor.terms)), words)
            namesakes = round(1000 * actor.namesakes)
            table.execute("INSERT INTO actor VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", (*row, *more, namesakes))
            rows = [
                (name, actor.number, how, round(1000 * actor.shares.get(name, 0)))
                for name, how in sorted(actor.names.items())
            ]
            table.executemany("INSERT INTO alias VALUES (?,?,?,?)", rows)
            names += len(rows)
        table.commit()
        [count] = table.execute("SELECT count(*) FROM actor").fetchone()
        table.execute("VACUUM")
        table.close()
        out.write_bytes(zstandard.compress(plain.read_bytes(), LEVEL))
    return count, names


def main() -> None:
    """Build the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=HAND / "actors.sqlite.zst")
    parser.add_argument("--without-links", action="store_true", help="leave out how often words mean an id")
    asked = parser.parse_args()
    gathered = Gathering(asked.data / "kb", links=not asked.without_links)
    gathered.add_countries()
    gathered.add_own()
    gathered.add_office_holders()
    gathered.add_politicians()
    gathered.add_union()
    gathered.add_traits()
    gathered.add_terms()
    gathered.add_short_names()
    gathered.add_namesakes()
    gathered.add_capitals()
    gathered.add_acronyms()
    rarity = count_reports(gathered.actors.values(), lines(asked.data / "load.jsonl.gz"))
    drop_obscure(gathered.actors)
    add_family_names(gathered.actors.values())
    count, names = write(gathered.actors.values(), rarity, asked.out)
    print(f"{count} actors under {names} names in {asked.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
