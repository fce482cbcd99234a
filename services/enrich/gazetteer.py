"""Look up what places a name can mean: countries, divisions, towns, seas and more, from one read-only table."""

from __future__ import annotations

import hashlib
import math
import os
import re
import sqlite3
import struct
import tempfile
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

import zstandard

from schemas.annotations import FeatureClass
from services.enrich.settings import CACHE
from services.enrich.toponyms import name_key, short_form

PACKED = Path(__file__).parents[2] / "models" / "gazetteer" / "gazetteer.sqlite.zst"
UNPACKED_INTO = CACHE / "models"

How = Literal["name", "official", "other", "short", "demonym", "bare", "part", "within"]
"""How a name means a place: its own name, an official or English one, any other, a short form ("La."), an adjective,
without its kind ("Rapides"), a part of it ("northern Iraq"), or from inside a longer name ("University of Oxford")."""

_HOWS: tuple[How, ...] = ("name", "official", "other", "short", "demonym", "bare")
# What news calls by a shorter name: the table has New York among the city's other names only, like Nueva York.
_CALLED_SO = {"new york": "new york city", "korea": "south korea"}
_SAINTS = ("san ", "santa ", "santo ")  # the pueblos of New Mexico are called after saints, and kept with their kind
_MOST_CANDIDATES = 40  # of 879,386 names 63 mean more; what is left out are the smallest places of that name
_MOST_WORDS = 3  # before "Pueblo"
_LARGE = 150_000  # people; a smaller town is not read out of the middle of a longer name
_DIRECTIONS = frozenset(f"{side}{end}" for side in ("north", "south", "east", "west") for end in ("", "ern")) | {
    "central"
}
_ABOUT = re.compile(
    r"^(?:greater|metro|metropolitan|downtown|central|inner|outer|mid|upper|lower|rural|suburban|old|"
    r"(?:north|south)(?:ern|east|west|eastern|western)?|east(?:ern)?|west(?:ern)?) (?=\w)"
)
_OF = re.compile(r"^(?:city|town|township|village|borough|state|province|county|island|region|republic|kingdom) of ")
_KIND = re.compile(r" (?:city|town|township|village|area|region|metro|suburbs|state|province|peninsula|proper)$")


class NoGazetteer(FileNotFoundError):
    """The built table is not where it should be."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One place that a name can mean; `population` is a hand-given likeness of one for seas, regions and spots.

    `fame` counts the names that it has in all languages: who is written about in many is meant more often.
    Compared as the object that it is: candidates are keys of caches, and a hash over their fields took a tenth of all.
    """

    id: int
    geonames: int | None
    name: str
    lat: float
    lon: float
    country: str | None
    admin1: str | None
    division: int | None
    county: int | None
    code: str
    population: int
    fame: int
    how: How

    @property
    def feature(self) -> FeatureClass:
        """The kind of place in our own few words."""
        return feature_of(self.code)


_FEATURES: dict[str, FeatureClass] = {
    "A": "division", "P": "city", "L": "area", "V": "area", "H": "water", "U": "water", "T": "terrain", "R": "spot",
    "S": "spot",
}  # fmt: skip


@lru_cache(maxsize=1000)
def feature_of(code: str) -> FeatureClass:
    """The kind of place that a GeoNames feature code stands for."""
    return "country" if code.startswith("A.PCL") else _FEATURES[code[0]]


class Gazetteer:
    """The table, opened once and shared; every answer is remembered, since news says the same names again and again."""

    def __init__(self, table: sqlite3.Connection) -> None:
        self._table = table
        self.candidates = lru_cache(maxsize=50_000)(self._candidates)
        self._meant = lru_cache(maxsize=200_000)(self._look_up)
        self.country = lru_cache(maxsize=300)(self._country)

    @classmethod
    def open(cls, path: Path = PACKED, unpacked_into: Path = UNPACKED_INTO) -> Self:
        """Open a table, packed or not; a packed one is unpacked beside its hash once, and found there the next time."""
        if not path.exists():
            raise NoGazetteer(f"no gazetteer at {path}; build it with python -m models.train.gazetteer")
        plain = _unpacked(path, unpacked_into.expanduser()) if path.suffix == ".zst" else path
        table = sqlite3.connect(f"file:{plain}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        table.execute("PRAGMA mmap_size=268435456")
        return cls(table)

    def close(self) -> None:
        """Let go of the file."""
        self._table.close()

    def _candidates(self, name: str) -> tuple[Candidate, ...]:
        """What a name can mean, weightiest first; an unknown name is tried without "northern" or "city of"."""
        key = name_key(name)
        if key in _DIRECTIONS:
            return ()
        found = self.named(name)
        if found:
            return found
        for pattern in (_OF, _KIND, _ABOUT):
            shorter = pattern.sub("", key)
            if shorter != key and (found := self.named(shorter)):
                return tuple(replace(candidate, how="part") for candidate in found)
        return ()

    def within(self, name: str) -> tuple[Candidate, ...]:
        """What the longest known words inside a longer name can mean, as Oxford in "University of Oxford".

        A single word has to mean a large place or be an adjective: Court, Hatch and Reserve are towns as well.
        """
        words = re.findall(r"[^\s,()]+", name)
        for length in range(len(words) - 1, 0, -1):
            found: list[tuple[Candidate, ...]] = []
            for start in range(len(words) - length + 1):
                phrase = " ".join(words[start : start + length])
                meant = self.named(phrase) if phrase[:1].isupper() and len(phrase) > 2 else ()
                if meant and (length > 1 or meant[0].how == "demonym" or meant[0].population > _LARGE):
                    found.append(meant)
            if found:
                weightiest = max(found, key=lambda meant: meant[0].population)
                return tuple(replace(candidate, how="within") for candidate in weightiest)
        return ()

    def _country(self, code: str) -> Candidate | None:
        """The country or territory with this ISO code."""
        asked = "SELECT id FROM place WHERE country = ? AND code IN ('A.PCLI', 'A.PCLD') LIMIT 1"
        row = self._table.execute(asked, (code,)).fetchone()
        return self._fetch({row[0]: 0})[0] if row else None

    def towns_around(self, lat: float, lon: float, km: float, least: int = 1000) -> tuple[Candidate, ...]:
        """The towns of so many people within a square around a point, weightiest first; slow, for training only."""
        high = km / 111.0
        wide = high / max(0.1, math.cos(math.radians(lat)))
        rows = self._table.execute(
            "SELECT id FROM place WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ? AND weight >= ? AND code LIKE 'P%'",
            (*(round(1e5 * each) for each in (lat - high, lat + high, lon - wide, lon + wide)), least),
        )
        near = dict.fromkeys((row[0] for row in rows), 0)
        return self._fetch(near) if near else ()

    def named(self, name: str) -> tuple[Candidate, ...]:
        """What exactly this name can mean, with no guess at parts of it; U.S. and US mean the very same."""
        return self._meant(name_key(name), short_form(name))

    def _look_up(self, *keys: str | None) -> tuple[Candidate, ...]:
        meant: dict[int, int] = {}
        for key in keys:
            row = self._table.execute("SELECT means FROM name WHERE key = ?", (key,)).fetchone() if key else None
            for (packed,) in struct.iter_unpack("<I", row[0]) if row else ():
                meant.setdefault(packed >> 3, packed & 7)
        meant |= self._called_so(keys[0] or "")
        # places are numbered weightiest first
        return self._fetch(dict(sorted(meant.items())[:_MOST_CANDIDATES])) if meant else ()

    def _called_so(self, key: str) -> dict[int, int]:
        """What news means by this name beyond what the table has for it, and how."""
        if called := _CALLED_SO.get(key):
            return {place.id: _HOWS.index("official") for place in self._meant(called, None)[:1]}
        pueblos = self._meant(f"{key} pueblo", None) if key.startswith(_SAINTS) and key.count(" ") < _MOST_WORDS else ()
        return {place.id: _HOWS.index("bare") for place in pueblos if place.country == "US"}

    def _fetch(self, meant: dict[int, int]) -> tuple[Candidate, ...]:
        rows = self._table.execute(
            "SELECT p.id, p.geonames, p.name, p.lat, p.lon, p.country, d.name, p.division, p.county, p.code, p.weight,"
            f" p.fame FROM place p LEFT JOIN place d ON d.id = p.division WHERE p.id IN ({','.join('?' * len(meant))})",
            tuple(meant),
        )
        return tuple(
            Candidate(
                number, ids, name, lat / 1e5, lon / 1e5, land, adm, div, county, code, size, fame, _HOWS[meant[number]]
            )
            for number, ids, name, lat, lon, land, adm, div, county, code, size, fame in sorted(rows)
        )


def _unpacked(path: Path, folder: Path) -> Path:
    """Write to the side and rename, so that a half-written table is never opened."""
    packed = path.read_bytes()
    target = folder / f"{hashlib.sha256(packed).hexdigest()[:16]}.sqlite"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as spare:
            spare.write(zstandard.ZstdDecompressor().decompress(packed))
        os.replace(spare.name, target)
    return target
