"""Look up who may be meant by a name: a table of Wikidata ids with their names, kinds, countries and offices."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol, Self, cast

import zstandard

from schemas.annotations import EntityKind
from services.enrich.settings import CACHE

How = Literal["name", "alias", "acronym", "surname", "demonym"]

UNPACKED_INTO = CACHE / "models"

_DROPPED = re.compile(r"[.'’‘`\"“”,()]")
_SPACED = re.compile(r"[-–—_/\s]+")
_INITIALS = re.compile(r"\b(\w) (?=\w\b)")


class NoKnowledge(FileNotFoundError):
    """The table of actors is not where it should be."""


@dataclass(frozen=True, slots=True)
class Known:
    """Someone or something with a Wikidata id, and how a name leads to it.

    `sources` is the number of open lists that have it, `reports` the number of 8,000 news articles that use its name:
    together they say how likely it is meant. `role` is a public office, if it holds or held one.
    """

    wikidata: str
    name: str
    kind: EntityKind
    country: str | None
    sources: int
    reports: int
    role: str | None
    how: How


class Knowledge(Protocol):
    """Whoever knows who is who: the table, or a few actors in a test."""

    def called(self, name: str) -> tuple[Known, ...]: ...


class ActorTable:
    """The table, opened once, read-only; what it was asked before it answers from memory."""

    def __init__(self, table: sqlite3.Connection) -> None:
        self._table = table
        # 50,000 names are some days of news.
        self._remembered = lru_cache(maxsize=50_000)(self._called)

    @classmethod
    def open(cls, path: Path, unpacked_into: Path = UNPACKED_INTO) -> Self:
        """Open the packed table; raises NoKnowledge where there is none."""
        if not path.exists():
            raise NoKnowledge(f"no table of actors at {path}; build it with python -m models.train.actors")
        plain = _unpacked(path, unpacked_into.expanduser())
        return cls(sqlite3.connect(f"file:{plain}?mode=ro&immutable=1", uri=True, check_same_thread=False))

    def called(self, name: str) -> tuple[Known, ...]:
        """Everyone whom that name may mean, in no order."""
        return self._remembered(folded(name))

    def _called(self, name: str) -> tuple[Known, ...]:
        rows = self._table.execute(
            "SELECT id, actor.name, kind, country, sources, reports, role, how FROM alias JOIN actor USING (id)"
            " WHERE alias.name = ? ORDER BY id",
            (name,),
        )
        return tuple(
            Known(f"Q{number}", shown, cast(EntityKind, kind), country, sources, reports, role, cast(How, how))
            for number, shown, kind, country, sources, reports, role, how in rows
        )


class ActorList:
    """A few actors in memory, each under the names given."""

    def __init__(self, actors: Iterable[tuple[str, Known]]) -> None:
        self._actors: dict[str, tuple[Known, ...]] = {}
        for name, known in actors:
            self._actors[folded(name)] = (*self._actors.get(folded(name), ()), known)

    def called(self, name: str) -> tuple[Known, ...]:
        """Everyone whom that name may mean."""
        return self._actors.get(folded(name), ())


@lru_cache(maxsize=100_000)
def folded(name: str) -> str:
    """A name as it is looked up: without case, accents, signs and a leading article."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    plain = _SPACED.sub(" ", _DROPPED.sub("", plain)).strip()
    # "J. K. Rowling", "J.K. Rowling" and "JK Rowling" are one.
    return _INITIALS.sub(r"\1", plain.removeprefix("the "))


def _unpacked(path: Path, folder: Path) -> Path:
    packed = path.read_bytes()
    plain = folder / f"actors-{hashlib.sha256(packed).hexdigest()[:16]}.sqlite"
    if not plain.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Written aside and renamed: a start that was cut off leaves nothing half unpacked.
        handle, aside = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(zstandard.ZstdDecompressor().decompress(packed, max_output_size=1 << 30))
        Path(aside).replace(plain)
    return plain
