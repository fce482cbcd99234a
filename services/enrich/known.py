"""Say whether a story has named somebody before, under whichever of his names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from schemas.annotations import Entity
from services.enrich.called import folded, names_of, words_of, written_as
from services.enrich.chronicle import Chronicle
from services.enrich.claims import Claims

SEVERAL = 3
"""So many names of which a story knows none are no chance: of 235 little reports two name only who is new to their
story, and 35 of 50 on another that is like it."""

_SHORT = re.compile(r"([A-Z]{2,6})s?")
_NO_INITIALS = frozenset("of the for and in on to".split())  # noqa: SIM905


def is_named(entity: Entity, claims: Claims, so_far: Chronicle) -> bool:
    """By its id, its name or a word of it, as the article writes it, or in full: "the Front", "the WHO".

    An article's own full names count too: short for somebody whom it names in full, it names nobody else.
    """
    written = written_as(entity, claims.annotated.article.text)
    places = {folded(name) for name, *_ in so_far.places.values()}
    # The family name of a person; of a body also its first word, unless that is where it is.
    words = [*words_of(entity)][-1:] if entity.kind == "person" else words_of(entity)
    short_names = (word for word in words if word not in places)
    if any(name in so_far.names for name in (*names_of(entity), *short_names, *map(folded, written))):
        return True
    short = {match[1].casefold() for one in written if (match := _SHORT.fullmatch(one))}
    if not short:
        return False
    others = (one.name for one in claims.annotated.entities if one is not entity)
    return not short.isdisjoint(_initials((*so_far.names, *others)))


def is_strange(claims: Claims, so_far: Chronicle) -> bool:
    """Does an article name several, of whom the story knows nobody? Then it tells of something else that is like it."""
    return len(claims.named) >= SEVERAL and not any(is_named(one, claims, so_far) for one in claims.named)


def _initials(names: Iterable[str]) -> set[str]:
    return {
        "".join(word[0] for word in words)
        for name in names
        if len(words := [word for word in name.casefold().split() if word not in _NO_INITIALS]) > 1
    }
