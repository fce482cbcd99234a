"""Read the actors that this house has added itself: a JSON Lines file, which may change while enrich runs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.annotations import EntityKind
from schemas.message import CountryCode
from services.enrich.knowledge import Knowledge, Known, folded
from services.telemetry import get_log

_log = get_log("enrich")

_OUT_OF_REACH = (-1, -1)
"""In place of the date of a file that cannot be looked at: to read it says why, and once."""


class Unusable(ValueError):
    """The house's own actors cannot be used; the message names the line and says what is expected."""


class OwnActor(BaseModel):
    """One line: an actor that the open lists lack, or have with too few names."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(pattern=r"^(Q[1-9][0-9]*|own:[a-z0-9][a-z0-9-]*)$", description="a Wikidata id, or own:some-words")
    name: str = Field(min_length=2)
    kind: EntityKind
    country: CountryCode | None = None
    aliases: tuple[str, ...] = ()
    role: str | None = None

    def known(self) -> Known:
        """As the table would give it."""
        return Known(self.id, self.name, self.kind, self.country, 1, 0, self.role, "own")


def read_own(lines: Iterable[str], source: str) -> list[OwnActor]:
    """Read the lines; of two with one id the later stands. Raises `Unusable`."""
    read: dict[str, OwnActor] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            actor = OwnActor.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            raise Unusable(f"{source}, line {number}: not JSON: {error.msg} at column {error.colno}") from error
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the line'}: {e['msg']}" for e in error.errors())
            raise Unusable(f"{source}, line {number}: {wrong}") from error
        read[actor.id] = actor
    return list(read.values())


def read_own_file(path: Path) -> list[OwnActor]:
    """Read a file of them. Raises `Unusable`, or OSError where it cannot be opened."""
    return read_own(lines_of(path.read_bytes(), str(path)), str(path))


def lines_of(raw: bytes, source: str) -> list[str]:
    """The lines of JSON Lines, which end with a newline alone: a name may hold U+2028. Raises `Unusable`."""
    try:
        return raw.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unusable(f"{source}, line {line}: not text in UTF-8 ({error.reason})") from error


def add_own(path: Path, added: Iterable[OwnActor]) -> list[OwnActor]:
    """Write these into the file, in the place of those with the same id; gives all that it then has."""
    before = read_own_file(path) if path.exists() else []
    kept = {actor.id: actor for actor in (*before, *added)}
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written aside and renamed: enrich never reads half a file.
    aside = path.with_suffix(".aside")
    aside.write_text("".join(f"{actor.model_dump_json(exclude_defaults=True)}\n" for actor in kept.values()), "utf-8")
    aside.replace(path)
    return list(kept.values())


class WithOwn:
    """A knowledge with the house's own actors before it, read anew whenever their file has changed."""

    def __init__(self, others: Knowledge, path: Path) -> None:
        self._others = others
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._edition = 0
        self._called: dict[str, tuple[Known, ...]] = {}
        # A file that is wrong from the start is said at the start.
        self._read_if_changed(must=True)

    @property
    def edition(self) -> int:
        """Grows whenever the file has changed; asking costs one look at the file's date."""
        self._read_if_changed()
        return self._edition + self._others.edition

    def called(self, name: str) -> tuple[Known, ...]:
        """Everyone whom that name may mean; the house's own first, in the place of the same id."""
        own = self._called.get(folded(name), ()) if self._called else ()
        others = self._others.called(name)
        return (*own, *(known for known in others if known.id not in {one.id for one in own})) if own else others

    def _read_if_changed(self, *, must: bool = False) -> None:
        try:
            state = self._path.stat()
            seen = (state.st_mtime_ns, state.st_size)
        except FileNotFoundError:
            seen = None
        except OSError:
            seen = _OUT_OF_REACH
        if seen == self._seen:
            return
        self._seen = seen
        try:
            actors = read_own_file(self._path) if seen else []
        except (Unusable, OSError) as error:
            if must:
                raise
            # What was read before goes on to hold: a slip of the pen must not take the others away.
            _log.error("kept the own actors as they were", path=str(self._path), reason=str(error))
            return
        called: dict[str, tuple[Known, ...]] = {}
        for actor in actors:
            for name in {folded(name): name for name in (actor.name, *actor.aliases)}:
                called[name] = (*called.get(name, ()), actor.known())
        self._called, self._edition = called, self._edition + 1
