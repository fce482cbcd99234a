"""Say where a place is by its name: `near:"Pyongyang"~200km` asks around the point that is found here."""

import difflib
import gzip
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

TABLE = Path(__file__).parents[2] / "models" / "gazetteer" / "points.tsv.gz"

LIKE_IT = 3
"""Names that are suggested where one is not known."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place by its own name, its point in degrees, its country and first-level division where it has one."""

    name: str
    lat: float
    lon: float
    country: str
    admin1: str
    is_town: bool
    weight: int


class UnknownPlace(ValueError):
    """The table has no place of this name; `like` are those that it has and that are spelt alike."""

    def __init__(self, name: str, like: tuple[str, ...]) -> None:
        super().__init__(f"there is no place {name!r} among those known; a point (39.03,125.75) can be given instead")
        self.like = like


def key(name: str) -> str:
    """The form in which names of places are compared: no case, accents, points or marks, and no leading "the"."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"['’‘`ʼ]", "", bare)).split()).removeprefix("the ")


@lru_cache(maxsize=1_000)
def point_of(name: str) -> Point:
    """The most populous place of exactly this name; its country or division may be said: "Paris, US", "Paris, Texas".

    A town goes before a larger division that is named after it. Raises `UnknownPlace`.
    """
    found = list(_called(key(name)))
    if not found and "," in name:
        bare, _, within = name.rpartition(",")
        found = [place for place in _called(key(bare)) if key(within) in (place.country.casefold(), key(place.admin1))]
    if not found:
        raise UnknownPlace(name, _like(key(name.partition(",")[0])))
    first = found[0]
    towns = (place for place in found if place.is_town and place.country == first.country)
    town = next(towns, first)
    # A fifth: Kyiv is the city and not the division around it, Georgia no village in Vermont.
    return town if town.weight * 5 >= first.weight else first


def _called(wanted: str) -> Iterator[Point]:
    """Every place of this name, weightiest first; a line of the table has its names, each between two bars."""
    table, sought = _table(), f"|{wanted}|".encode()
    at = table.find(sought) if wanted else -1
    while at >= 0:
        line = table[table.rfind(b"\n", 0, at) + 1 : table.index(b"\n", at)].decode()
        _, name, lat, lon, country, admin1, kind, weight = line.split("\t")
        yield Point(name, int(lat) / 1e5, int(lon) / 1e5, country, admin1, kind == "town", int(weight))
        at = table.find(sought, table.index(b"\n", at))


def _like(wanted: str) -> tuple[str, ...]:
    """Names that differ in a few letters and not in the first; all others would take seconds to compare."""
    if not wanted:
        return ()
    first, longest = re.escape(wanted[0].encode()), len(wanted.encode()) + 1
    alike = rb"\|(%s[^|\t\n]{%d,%d})(?=\|)" % (first, max(0, len(wanted) - 3), longest)
    names = dict.fromkeys(found[1].decode("utf-8", "ignore") for found in re.finditer(alike, _table()))
    close = difflib.get_close_matches(wanted, names, n=LIKE_IT, cutoff=0.7)
    return tuple(name.title() for name in close)


@cache
def _table() -> bytes:
    return gzip.decompress(TABLE.read_bytes())
