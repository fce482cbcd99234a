"""Put other people, parties and countries in a sentence's names, to teach how a name stands and not which."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

Named = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Names:
    """Names to draw from."""

    people: tuple[str, ...]
    organizations: tuple[str, ...]
    countries: tuple[str, ...]

    @classmethod
    def read(cls, kb: Path) -> Names:
        """Read the lists of legislators, leaders, parties and countries."""
        people = {
            row["name"]
            for file in ("everypolitician2015_persons", "us_congress_current", "leaders_2022_wikidata")
            for row in _rows(kb / f"{file}.jsonl")
        }
        parties = {row["name"] for row in _rows(kb / "parties_partyfacts.jsonl")}
        countries = {row["name"] for row in _rows(kb / "countries_mledoze.jsonl")}
        # Sorted, because a set's order differs from run to run and the draw must not.
        return cls(
            tuple(sorted(name for name in people if 2 <= len(name.split()) <= 3 and _is_plain(name))),
            tuple(sorted(name for name in parties if 2 <= len(name.split()) <= 6 and _is_plain(name))),
            tuple(sorted(name for name in countries if _is_plain(name))),
        )


def _is_plain(name: str) -> bool:
    return (
        name[:1].isupper()
        and all(ord(character) < 0x250 for character in name)
        and not set(name) & set(",()/0123456789")
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def renamed(text: str, named: Sequence[Named], names: Names, chance: random.Random) -> tuple[str, tuple[Named, ...]]:
    """Replace names of a kind by others of that kind, the same one by the same, and move the offsets with them.

    A surname alone becomes the new person's surname. Upper-case names stay, being mostly abbreviations and datelines.
    """
    chosen: dict[str, str] = {}
    parts: list[str] = []
    moved: list[Named] = []
    at = length = 0
    for start, end, kind in sorted(named):
        if start < at:
            continue
        name = text[start:end]
        if name not in chosen:
            chosen.update(_another(name, kind, names, chance))
        new = chosen[name]
        parts += [text[at:start], new]
        length += start - at
        moved.append((length, length + len(new), kind))
        length += len(new)
        at = end
    return "".join([*parts, text[at:]]), tuple(moved)


def _another(name: str, kind: str, names: Names, chance: random.Random) -> dict[str, str]:
    words = name.split()
    if name.isupper():
        return {name: name}
    if kind == "person":
        full = chance.choice(names.people)
        return {name: full, words[-1]: full.split()[-1]} if len(words) > 1 else {name: full.split()[-1]}
    if kind == "organization" and len(words) > 1 and chance.random() < 0.4:
        return {name: chance.choice(names.organizations)}
    if kind == "location" and chance.random() < 0.4:
        return {name: chance.choice(names.countries)}
    return {name: name}
