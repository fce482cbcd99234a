"""Say by which other names news calls someone, and how common a person's name is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.enrich.knowledge import How, folded

if TYPE_CHECKING:
    from models.train.actor_lists import Actor

SMALL_WORDS = frozenset(
    ["of", "for", "the", "and", "in", "on", "to", "de", "a", "la", "du", "del", "von", "van", "bin", "al"]
)
"""What a name has in small letters."""

_LEGAL = re.compile(
    r"[\s,]+(?:Inc|Incorporated|Corp|Corporation|Co|Company|Ltd|Limited|plc|PLC|AG|SA|S\.A|NV|N\.V|GmbH|LLC|LP|Group|"
    r"Holdings?|Bancorp)\.?$"
)
_CLUB = re.compile(
    r"\s+(?:A?F\.?C\.?|R\.?F\.?C\.?|C\.?F\.?|S\.?C\.?|Football Club|County Cricket Club|Cricket Club|Rugby Club|"
    r"cricket team|national .* team|men's national .* team)$|^(?:F\.?C\.?|A\.?F\.?C\.?|S\.?C\.?|A\.?C\.?|R\.?C\.?)\s+"
)


_NATIONAL = re.compile(r"\bnational .*team$")
_PATRONYMIC = re.compile(r"(?<= )[A-Z]\w+(?:vich|vych|ovna|evna|ivna|yevich)(?= [A-Z])")

_PREFERRED = {
    **dict.fromkeys(("aleksandr", "alexandr", "aleksander"), "Alexander"),
    **dict.fromkeys(("aleksey", "alexey", "aleksei"), "Alexei"),
    **dict.fromkeys(("dmitriy", "dmitri"), "Dmitry"),
    **dict.fromkeys(("yuriy", "yury"), "Yuri"),
    **dict.fromkeys(("evgeny", "yevgeniy", "evgeni", "evgeniy"), "Yevgeny"),
    **dict.fromkeys(("andrey", "andriy"), "Andrei"),
    **dict.fromkeys(("anatoliy", "anatoli"), "Anatoly"),
    **dict.fromkeys(("vasiliy", "vasili"), "Vasily"),
    **dict.fromkeys(("arkadiy", "arkadi"), "Arkady"),
    **dict.fromkeys(("gennadiy", "gennadi"), "Gennady"),
    **dict.fromkeys(("mohammad", "muhammad", "mohamed"), "Mohammed"),
    "sergey": "Sergei",
    "nikolay": "Nikolai",
}
"""Given names that lists and newspapers write in other letters, with the form that newspapers prefer."""


def short_names(actor: Actor, towns: Collection[str]) -> Iterator[tuple[str, How]]:
    """The names without "Inc.", a middle initial, a patronymic, a club's letters, its town or all but that.

    `towns` are the names of places that can stand for their clubs.
    """
    if "United States" in actor.name:
        yield actor.name.replace("United States", "US"), "alias"
    if actor.kind == "person":
        yield from ((name, "short") for name in _of_a_person(actor))
    elif actor.kind == "organization":
        yield _LEGAL.sub("", actor.name), "short"
        yield re.sub(r"\b([Oo])rgani([sz])ation", _other_spelling, actor.name), "alias"
    is_national = _NATIONAL.search(actor.name) is not None
    if actor.sort == "team" and (is_national or actor.anchors >= 5 or actor.lists >= 3):
        yield from _of_a_team(actor, towns)


def _of_a_person(actor: Actor) -> Iterator[str]:
    yield without_initials(actor.name)
    yield from spellings(without_patronymic(actor.name))
    words = actor.name.split()
    if len(words) == 3 and words[1] not in SMALL_WORDS and actor.anchors >= 6:
        yield f"{words[0]} {words[2]}"


def _of_a_team(actor: Actor, towns: Collection[str]) -> Iterator[tuple[str, How]]:
    stem = _CLUB.sub("", actor.name)
    yield stem, "team"
    words = stem.split()
    for cut in range(1, len(words)):
        if folded(" ".join(words[:cut])) in towns and len(words[cut]) > 3 and actor.anchors >= 40:
            yield " ".join(words[:cut]), "team"
            yield " ".join(words[cut:]), "short"


def _other_spelling(found: re.Match[str]) -> str:
    return f"{found[1]}rgani{'z' if found[2] == 's' else 's'}ation"


def without_initials(name: str) -> str:
    """A person's name without the initials in its middle."""
    return re.sub(r"(?<= )[A-Z]\.? (?=\w)", "", name)


@dataclass(frozen=True)
class Names:
    """How many people bear each given and each family name, of so many in all."""

    given: Counter[str]
    family: Counter[str]
    people: int

    def namesakes(self, name: str) -> float:
        """How many of these people would bear the name if given and family names met by chance.

        A name of one word is nobody's whole name, and tells nothing.
        """
        words = name.casefold().split()
        if len(words) < 2 or not self.people:
            return 0.0
        return self.given[words[0]] * self.family[words[-1]] / self.people


def names_of(people: Iterable[str]) -> Names:
    """Count the given and family names of these people."""
    split = [words for name in people if len(words := name.casefold().split()) > 1]
    return Names(Counter(words[0] for words in split), Counter(words[-1] for words in split), len(split))


def spellings(name: str) -> list[str]:
    """The name, and the name with its given name as newspapers write it."""
    given, _, rest = name.partition(" ")
    preferred = _PREFERRED.get(given.casefold())
    return [name, f"{preferred} {rest}"] if preferred and rest else [name]


def without_patronymic(name: str) -> str:
    """A Russian's name as news gives it: "Aleksandr Ivanovich Lebed" is Aleksandr Lebed."""
    return re.sub(r"\s+", " ", _PATRONYMIC.sub("", name)).strip()
