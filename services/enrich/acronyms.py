"""Say which of an article's institutions are one: "African Union (AU)", "Acme Inc." and "Acme", "the Fed"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schemas.annotations import EntityKind
from services.enrich.entities import Mention
from services.enrich.knowledge import folded

_DEFINED = re.compile(
    r"\s*\(\s*(?:(?:also )?(?:known as|called|formerly|or|the) )*[\"“'‘]?"
    r"(?P<short>[^\W\d_][\w.&-]{0,9})[\"”'’]?\s*[),;]"
)
_KNOWN_SHORT = {
    "fed": "federal reserve",
    "gop": "republican party",
    "isis": "islamic state",
    "isil": "islamic state",
    "tories": "conservative party",
}
"""Short forms that everybody knows and that are no initials, with how the long form begins."""

_FIRM = frozenset(
    "inc incorporated corp corporation co company ltd limited llc plc ag sa nv se gmbh group holdings bros".split()  # noqa: SIM905
)
# A first word that names a sort, a place's part or a nation stands for no one institution.
_ANYONES = frozenset(
    """national international american british european united first general federal central new north south east
    west northern southern eastern western house senate congress congressional supreme democratic republican
    public royal state world global free social people peoples bank university college school church city county
    court department ministry committee council commission board office bureau agency union party army navy air
    police fire high upper lower great big old young black white red blue green civil human women womens mens
    children security defense defence economic financial foreign home health environmental us un eu uk america
    americans president presidential the of st saint labor labour liberal conservative christian islamic muslim
    jewish catholic arab african asian latin royal grand middle islamic revolutionary communist socialist
    democrats republicans super world premier major minor""".split()  # noqa: SIM905
)


_PURPOSES = frozenset({"for", "on", "against"})


@dataclass(frozen=True, slots=True)
class Named:
    """One name of the article, as which kind of thing, and its mentions in order."""

    name: str
    kind: EntityKind
    mentions: Sequence[Mention]


def same_institution(named: Sequence[Named], text: str, is_anyones: Callable[[str], bool]) -> list[list[Named]]:
    """Join the names that mean one; of each the long form comes first.

    A first word alone ("Goldman") is short for the name, unless it is anyone's: a town's, a person's.
    """
    forms = _LongForms(text)
    # The longest name first, so that every short form meets the long one that it stands for.
    for one in sorted(named, key=lambda one: (-len(folded(one.name).split()), one.mentions[0].start)):
        forms.add(one, is_anyones)
    return forms.joined


class _LongForms:
    """The names met so far, by the short forms that each can have."""

    def __init__(self, text: str) -> None:
        self.joined: list[list[Named]] = []
        self._text = text
        self._defined: dict[str, list[Named]] = {}
        self._firms: dict[tuple[str, ...], list[Named]] = {}
        self._initials: dict[tuple[str, str], list[Named]] = {}
        self._first_words: dict[str, list[Named]] = {}

    def add(self, one: Named, is_anyones: Callable[[str], bool]) -> None:
        words = tuple(folded(one.name).split())
        same = self._long_form_of(one, words, is_anyones)
        if same is None:
            self.joined.append(same := [one])
        else:
            same.append(one)
        if one.kind in ("organization", "other"):
            self._firms.setdefault(without_firm(words), same)
            if head := without_purpose(words):
                self._firms.setdefault(head, same)
        if len(words) < 2:
            return
        for short in _defined(one, self._text):
            self._defined.setdefault(short, same)
        self._initials.setdefault((initials(one.name), one.kind), same)
        if one.kind == "organization":
            self._first_words.setdefault(words[0], same)
            for short, starts in _KNOWN_SHORT.items():
                if " ".join(words).startswith(starts):
                    self._defined.setdefault(short, same)

    def _long_form_of(
        self, one: Named, words: tuple[str, ...], is_anyones: Callable[[str], bool]
    ) -> list[Named] | None:
        if one.kind in ("organization", "other") and (same := self._firms.get(without_firm(words))):
            return same
        if len(words) != 1:
            return None
        [word] = words
        if same := self._defined.get(word):
            return same
        if one.kind in ("organization", "location") and len(word) > 1 and one.name.replace(".", "").isupper():
            return self._initials.get((word, one.kind))
        same = self._first_words.get(word) if one.kind == "organization" else None
        if same is None or len(word) < 4 or word in _ANYONES or is_anyones(word):
            return None
        return same if same[0].mentions[0].start < one.mentions[0].start else None


def initials(name: str) -> str:
    """The initials of a name of several words, without the small ones."""
    words = [word for word in re.split(r"[\s-]+", name) if word[:1].isupper()]
    return "".join(word[0] for word in words).casefold() if len(words) > 1 else ""


def _defined(one: Named, text: str) -> set[str]:
    """The short forms that the text itself gives in brackets behind the name."""
    found = set()
    for mention in one.mentions:
        match = (
            _DEFINED.match(text, mention.end, mention.end + 40) if text[mention.end : mention.end + 2] == " (" else None
        )
        if match and sum(c.isupper() for c in match["short"]) >= 2 and _spells(match["short"], one.name):
            found.add(folded(match["short"]))
    return found


def _spells(short: str, name: str) -> bool:
    """Are its letters the initials in any order ("FARC"), or do they run through the name ("Interpol")?"""
    letters = [c for c in folded(short) if c.isalpha()]
    firsts = [word[0] for word in folded(name).split()]
    if all(letters.count(letter) <= firsts.count(letter) for letter in letters):
        return True
    rest = iter(folded(name).replace(" ", ""))
    return letters[0] in firsts and all(letter in rest for letter in letters)


def without_purpose(words: tuple[str, ...]) -> tuple[str, ...]:
    """What an institution is called for short: "Reporters Committee" of the one "for Freedom of the Press".

    Nothing, where others are called so too: the European Council on Foreign Relations is no European Council.
    """
    before = next((at for at, word in enumerate(words) if word in _PURPOSES), 0)
    return words[:before] if before > 1 and not _ANYONES.issuperset(words[:before]) else ()


def without_firm(words: tuple[str, ...]) -> tuple[str, ...]:
    """A firm's name without its legal form: "Acme" of "Acme Inc."."""
    kept = words
    while len(kept) > 1 and kept[-1] in _FIRM:
        kept = kept[:-1]
    return kept
