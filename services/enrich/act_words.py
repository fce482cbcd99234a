"""The words for what one actor does to another: which verbs and nouns, with which objects, name which kind of act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast, get_args

from schemas.annotations import Act, Quad

TABLE = Path(__file__).resolve().parents[2] / "models" / "acts" / "acts.tsv"

VerbForm = Literal["plain", "third", "past", "participle", "ing"]

QUADS: Mapping[Act, Quad] = {
    "AGREE": "verbal cooperation",
    "CONSULT": "verbal cooperation",
    "SUPPORT": "verbal cooperation",
    "COOPERATE": "material cooperation",
    "AID": "material cooperation",
    "YIELD": "material cooperation",
    "REQUEST": "verbal conflict",
    "ACCUSE": "verbal conflict",
    "REJECT": "verbal conflict",
    "THREATEN": "verbal conflict",
    "PROTEST": "material conflict",
    "SANCTION": "material conflict",
    "MOBILIZE": "material conflict",
    "COERCE": "material conflict",
    "ASSAULT": "material conflict",
}
"""PLOVER's kinds of act, and the quarter of the field that each lies in."""

NOUN_ALONE = "~"

_IRREGULAR = {
    "beseech": ("besought", "besought"),
    "break": ("broke", "broken"),
    "bring": ("brought", "brought"),
    "come": ("came", "come"),
    "cut": ("cut", "cut"),
    "feed": ("fed", "fed"),
    "give": ("gave", "given"),
    "go": ("went", "gone"),
    "hit": ("hit", "hit"),
    "hold": ("held", "held"),
    "have": ("had", "had"),
    "lend": ("lent", "lent"),
    "make": ("made", "made"),
    "meet": ("met", "met"),
    "overrun": ("overran", "overrun"),
    "overthrow": ("overthrew", "overthrown"),
    "put": ("put", "put"),
    "seek": ("sought", "sought"),
    "send": ("sent", "sent"),
    "shake": ("shook", "shaken"),
    "shoot": ("shot", "shot"),
    "show": ("showed", "shown"),
    "speak": ("spoke", "spoken"),
    "spy": ("spied", "spied"),
    "stand": ("stood", "stood"),
    "stick": ("stuck", "stuck"),
    "strike": ("struck", "struck"),
    "take": ("took", "taken"),
    "tear": ("tore", "torn"),
    "throw": ("threw", "thrown"),
    "withdraw": ("withdrew", "withdrawn"),
}
_DOUBLED = frozenset("ban slam rip bar stop drop expel repel kidnap stab cut put hit swap".split())  # noqa: SIM905


class BadTable(ValueError):
    """The table of acts is not written as its card says."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One way to say an act: after the verb these words at once, one of these objects, by one of these ways a target.

    Without objects the target itself is what the verb is done to; `direct` says that no preposition need come between.
    """

    act: Act
    at_once: tuple[str, ...]
    objects: frozenset[str]
    ways: frozenset[str]
    direct: bool


@dataclass(frozen=True)
class ActWords:
    """The table, by the words that a text has."""

    verbs: Mapping[str, tuple[tuple[VerbForm, Frame], ...]] = field(default_factory=dict)
    nouns: Mapping[str, tuple[Frame, ...]] = field(default_factory=dict)

    def forms(self, word: str) -> tuple[tuple[VerbForm, Frame], ...]:
        """What the word says as a form of a verb."""
        return self.verbs.get(word, ())


@lru_cache(maxsize=1)
def shipped() -> ActWords:
    """The table that is shipped, read once."""
    return read_words(TABLE)


def read_words(path: Path) -> ActWords:
    """Read a table from its file, the names of its columns first; raises BadTable."""
    return read_table(path.read_text("utf-8").splitlines()[1:])


def read_table(rows: Iterable[str]) -> ActWords:
    """Read rows of act, verbs, objects and ways; raises BadTable."""
    verbs: dict[str, list[tuple[VerbForm, Frame]]] = defaultdict(list)
    nouns: dict[str, list[Frame]] = defaultdict(list)
    for row in rows:
        act, told, objects, ways = [*row.split("\t"), "", ""][:4]
        if act not in get_args(Act) or not told:
            raise BadTable(f"no act and verb in {row!r}")
        reached = frozenset(ways.split())
        for verb in told.split():
            first, *more = verb.split("_")
            frame = Frame(
                act=cast(Act, act),
                at_once=tuple(more),
                objects=frozenset(objects.split()),
                ways=reached - {"-"},
                direct="-" in reached or not reached,
            )
            if verb == NOUN_ALONE:
                for noun in frame.objects:
                    nouns[noun].append(frame)
                continue
            for form, word in forms_of(first):
                verbs[word].append((form, frame))
    return ActWords(
        {word: tuple(found) for word, found in verbs.items()}, {word: tuple(found) for word, found in nouns.items()}
    )


def forms_of(verb: str) -> Iterable[tuple[VerbForm, str]]:
    """A verb's forms: "slam, slams, slammed, slammed, slamming"."""
    past, participle = _IRREGULAR.get(verb, (_past(verb), _past(verb)))
    yield from (("plain", verb), ("third", _third(verb)), ("past", past), ("participle", participle))
    yield ("ing", f"{verb}{verb[-1]}ing" if verb in _DOUBLED else f"{_without_e(verb)}ing")


def _third(verb: str) -> str:
    if verb == "have":
        return "has"
    if verb.endswith("y") and verb[-2] not in "aeou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z", "go")) else f"{verb}s"


def _past(verb: str) -> str:
    if verb in _DOUBLED:
        return f"{verb}{verb[-1]}ed"
    if verb.endswith("y") and verb[-2] not in "aeou":
        return f"{verb[:-1]}ied"
    return f"{verb}d" if verb.endswith("e") else f"{verb}ed"


def _without_e(verb: str) -> str:
    return verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) else verb
