"""Say whether a story has named somebody before, under whichever of his names."""

from __future__ import annotations

import re

from schemas.annotations import Entity
from services.enrich.called import folded, names_of, words_of, written_as
from services.enrich.chronicle import Chronicle
from services.enrich.claims import Claims

SEVERAL = 3
"""So many names of which a story knows none are no chance: of 234 reports of 40 little stories one is so, and 31 of 50
that tell of another that is like theirs."""

_SHORT = re.compile(r"([A-Z]{2,6})s?")
_NO_INITIALS = frozenset("of the for and in on to".split())  # noqa: SIM905


def is_named(entity: Entity, claims: Claims, so_far: Chronicle) -> bool:
    """By its id, its name or a word of it, as the article writes it, or in full: "the Front", "the WHO".

    An article's own full names count too: short for somebody whom it names in full, it names nobody else.
    """
    written = written_as(entity, claims.annotated.article.text)
    if any(name in so_far.names for name in (*names_of(entity), *map(folded, written))):
        return True
    # The family name of a person; of a body also its first word, unless that is where it is.
    words = [*words_of(entity)][-1:] if entity.kind == "person" else words_of(entity)
    if any(word in so_far.names and not _is_place(word, so_far) for word in words):
        return True
    short = [match[1].casefold() for one in written if (match := _SHORT.fullmatch(one))]
    others = (folded(one.name) for one in claims.annotated.entities if one is not entity)
    return bool(short) and any(_is_short_for(one, name) for name in (*so_far.names, *others) for one in short)


def is_strange(claims: Claims, so_far: Chronicle) -> bool:
    """Does an article name several, of whom the story knows nobody? Then it tells of something else that is like it."""
    return len(claims.named) >= SEVERAL and not any(is_named(one, claims, so_far) for one in claims.named)


def _is_place(word: str, so_far: Chronicle) -> bool:
    return any(folded(name) == word for name, *_ in so_far.places.values())


def _is_short_for(letters: str, name: str) -> bool:
    """Are these the initials of a folded name?"""
    if name[:1] != letters[0] or " " not in name:
        return False
    return letters == "".join(word[0] for word in name.split() if word not in _NO_INITIALS)
