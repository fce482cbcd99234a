"""By what somebody, or a place, is known again: ids, names, and the words that stand for them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemas.annotations import Entity, Place

_THE = re.compile(r"^[Tt]he\s+")


def names_of(entity: Entity) -> Iterator[str]:
    """What somebody is known by later: the id, and the name, should a later article link it otherwise."""
    yield entity.id
    yield folded(entity.name)


def words_of(entity: Entity) -> Iterator[str]:
    """The words of a name that may stand for it: its first and its last, if they are long enough to."""
    words = folded(entity.name).split()
    if len(words) > 1:
        yield from (word for word in (words[0], words[-1]) if len(word) > 3)


def folded(name: str) -> str:
    """A name without its case and spaces at the ends."""
    return name.casefold().strip()


def place_id(place: Place) -> str:
    """What makes two mentions of a place the same place."""
    return str(place.geonames) if place.geonames is not None else folded(place.name)


def written_as(entity: Entity, text: str) -> tuple[str, ...]:
    """The names by which a text calls somebody: "Rovers" for Hartwell Rovers, but not "the club"."""
    written = (_THE.sub("", span.of(text)) for span in entity.spans)
    return tuple(dict.fromkeys(one for one in written if one[:1].isupper()))
