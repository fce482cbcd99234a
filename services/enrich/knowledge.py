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

How = Literal["name", "alias", "anchor", "short", "surname", "demonym", "acronym", "team", "own"]
"""By which sort of name somebody is called: its main name; another one of a list; the words by which others link to it;
the main name without "Inc." or initials; a family name; a people's name; initials; a town's or country's name for its
team; or a name that this house's own list has."""

UNPACKED_INTO = Path("~/.cache/dateline/models")
"""Where the packed table is unpacked, once, beside its hash; safe to delete."""

_DROPPED = re.compile(r"[.'’‘`\"“”,()]")
_SPACED = re.compile(r"[-–—_/\s]+")
_INITIALS = re.compile(r"\b(\w) (?=\w\b)")
_WIKIDATA = re.compile(r"Q[1-9][0-9]*")


class NoKnowledge(FileNotFoundError):
    """The table of actors is not where it should be."""


@dataclass(frozen=True, slots=True)
class Term:
    """An office and the years of it; none for the last year is until now."""

    office: str
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """Someone or something with an id, and how a name leads to it.

    `share` is how often others who link these words mean it, of all who do; `sources` the number of open lists that
    have it, `reports` the number of 8,000 news articles that use its name, `anchors` the number of ways in which others
    link to it, `people` how many live there: together they say how likely it is meant. `words` are those that tell it
    from its namesakes, `role` is a public office, if it holds or held one. `namesakes` says how common a person's name
    is: the number of listed people who would bear it if given and family names met by chance.
    """

    id: str
    name: str
    kind: EntityKind
    country: str | None
    sources: int
    reports: int
    role: str | None
    how: How
    share: float = 0.0
    anchors: int = 0
    people: int = 0
    sort: str = ""
    sport: str = ""
    terms: tuple[Term, ...] = ()
    words: frozenset[str] = frozenset()
    namesakes: float = 0.0

    @property
    def wikidata(self) -> str | None:
        """The Wikidata id, if the id is one."""
        return self.id if _WIKIDATA.fullmatch(self.id) else None


class Knowledge(Protocol):
    """Whoever knows who is who: the table, or a few actors in a test."""

    @property
    def edition(self) -> int:
        """Another number whenever answers may be others than before."""
        ...

    def called(self, name: str) -> tuple[Known, ...]:
        """Everyone whom that name may mean."""
        ...


class ActorTable:
    """The table, opened once, read-only; what it was asked before it answers from memory."""

    edition = 0

    def __init__(self, table: sqlite3.Connection) -> None:
        self._table = table
        # 20,000 names are some days of news.
        self._remembered = lru_cache(maxsize=20_000)(self._called)

    @classmethod
    def open(cls, path: Path, unpacked_into: Path = UNPACKED_INTO) -> Self:
        """Open the packed table; raises NoKnowledge where there is none."""
        if not path.exists():
            raise NoKnowledge(f"no table of actors at {path}; build it with python -m models.train.actors")
        plain = _unpacked(path, unpacked_into.expanduser())
        return cls(sqlite3.connect(f"file:{plain}?mode=ro&immutable=1", uri=True, check_same_thread=False))

    def called(self, name: str) -> tuple[Known, ...]:
        """Everyone whom that name may mean, the lowest number first."""
        return self._remembered(folded(name))

    def _called(self, name: str) -> tuple[Known, ...]:
        rows = self._table.execute(
            "SELECT id, actor.name, kind, country, sources, reports, role, how, share, anchors, people, sort, sport,"
            " terms, words, namesakes FROM alias JOIN actor USING (id) WHERE alias.name = ? ORDER BY id",
            (name,),
        )
        return tuple(_known(*row) for row in rows)


class ActorList:
    """A few actors in memory, each under the names given."""

    edition = 0

    def __init__(self, actors: Iterable[tuple[str, Known]]) -> None:
        self._actors: dict[str, tuple[Known, ...]] = {}
        for name, known in actors:
            self._actors[folded(name)] = (*self._actors.get(folded(name), ()), known)

    def called(self, name: str) -> tuple[Known, ...]:
        """Everyone whom that name may mean."""
        return self._actors.get(folded(name), ())


# An article asks for each of its names a dozen times.
@lru_cache(maxsize=50_000)
def folded(name: str) -> str:
    """A name as it is looked up: without case, accents, signs and a leading article."""
    plain = name.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    plain = _SPACED.sub(" ", _DROPPED.sub("", plain)).strip()
    # "J. K. Rowling", "J.K. Rowling" and "JK Rowling" are one.
    return _INITIALS.sub(r"\1", plain.removeprefix("the "))


def _known(
    number: int,
    name: str,
    kind: str,
    country: str | None,
    sources: int,
    reports: int,
    role: str | None,
    how: str,
    share: int,
    anchors: int,
    people: int,
    sort: str,
    sport: str,
    terms: str,
    words: str,
    namesakes: int,
) -> Known:
    return Known(
        f"Q{number}",
        name,
        cast(EntityKind, kind),
        country,
        sources,
        reports,
        role,
        cast(How, how),
        share / 1000,
        anchors,
        people,
        sort,
        sport,
        tuple(map(_term, filter(None, terms.split(";")))),
        frozenset(words.split()),
        namesakes / 1000,
    )


def _term(written: str) -> Term:
    office, since, until = written.split("|")
    return Term(office, int(since or 0), int(until) if until else None)


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
