"""Find the deeds that a lead tells: somebody was arrested, a pact signed, a bid withdrawn, whoever did it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from schemas.annotations import Act, Deed, DeedTelling
from schemas.message import Span
from services.enrich.figures import READ

TABLE = Path(__file__).resolve().parents[2] / "models" / "acts" / "deeds.tsv"

OBJECT_WITHIN = 6
"""Words after a verb among which its object must be, where the table asks for one."""

_WORD = re.compile(r"[^\W\d_][\w’'-]*|[.;:!?\n]|\d[\d,.]*")
# Not done, or not yet: "will sign", "refused to sign", "if convicted".
_UNDONE = frozenset(
    """to will would could can may might must should shall not never if unless whether without cannot won't wouldn't
    than did does do until or""".split()  # noqa: SIM905
)
# Done before, and no news: "had signed", "who was arrested", "after it withdrew".
_EARLIER = frozenset(
    """had who which that whose whom when after before since because as where of for having being""".split()  # noqa: SIM905
)
_IRREGULAR = frozenset(
    """freed fired sued brought withdrew withdrawn froze frozen struck bid bought sold sent flew shut began found
    broke set let held shot cut quit""".split()  # noqa: SIM905
)
# "If he is convicted", "after they agreed": what stands before the pronoun decides.
_PRONOUNS = frozenset("he she it they we i you".split())  # noqa: SIM905
# "Frozen chicken": no verb without a form of "be" or "have" before it.
_PARTICIPLES = frozenset("frozen withdrawn".split())  # noqa: SIM905
_HELPED = frozenset("is are was were be been being has have had".split())  # noqa: SIM905
_TO_SOMEBODY = frozenset("arrest free dismiss convict sentence charge accuse seize punish".split())  # noqa: SIM905
_AFTER_STATES = frozenset("of with to in for on at from after over during since without".split())  # noqa: SIM905
_PUBLISHED = frozenset(
    """statement statements report reports video videos footage image images photo photos photograph photographs picture
    pictures letter letters result results document documents memo memos tape tapes transcript transcripts email emails
    e-mail e-mails data figures list plan details ad record records names book film album audio recording findings
    returns poll survey study version text draft""".split()  # noqa: SIM905
)
_STOPS = frozenset(".;:!?\n")
_BEEN = _HELPED - {"has", "have", "had"}
# "He fired, but hit nobody": nobody is dismissed.
_NO_OBJECT = frozenset("and but or as at when while before after in into from on . ; :".split()) | {"\n"}  # noqa: SIM905
_SHOTS = frozenset("shots rockets missiles missile bullets gun guns tear rubber rounds".split())  # noqa: SIM905
_AT = (["at"], ["on"], ["into"])
_NOBODY = (["nobody"], ["no"], ["none"], ["nothing"])
_PASSED = frozenset(
    """be been also then have has was were is are just now finally formally unanimously jointly later""".split()  # noqa: SIM905
)
_ARTICLES = frozenset("the a an its his her their this that these those of any no some every each new".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class _Way:
    name: str
    act: Act
    needs_headline: bool
    objects: frozenset[str]


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, tuple[_Way, ...]]:
    ways: dict[str, tuple[_Way, ...]] = {}
    for row in TABLE.read_text("utf-8").splitlines()[1:]:
        name, act, said, words, objects = row.split("\t")
        for word in words.split():
            ways[word] = (
                *ways.get(word, ()),
                _Way(name, cast("Act", act), said == "headline", frozenset(objects.split())),
            )
    return ways


def find_deeds(title: str, text: str) -> tuple[Deed, ...]:
    """The deeds of a headline and a text, in order; a headline tells them in the present tense, a text in the past."""
    titled = tuple(_deeds_in(title[:READ], frozenset(), headline=True))
    return (*titled, *_deeds_in(text[:READ], frozenset(one.name for one in titled), headline=False))


def _deeds_in(stretch: str, titled: frozenset[str], *, headline: bool) -> Iterator[Deed]:
    table = _shipped()
    words = [(match.start(), match.end(), match[0].lower()) for match in _WORD.finditer(stretch)]
    for at, (begins, ends, word) in enumerate(words):
        for way in table.get(word, ()):
            ahead = [after for _, _, after in words[at + 1 : at + 1 + OBJECT_WITHIN]]
            behind = [before for _, _, before in words[max(0, at - 4) : at]]
            if (way.objects and way.objects.isdisjoint(ahead)) or not (
                headline or _is_past(word) or _goes_on(word, behind)
            ):
                continue
            if way.name == "dismiss" and _is_shot(word, behind, ahead):
                continue
            if way.name == "free" and word.startswith("release") and _is_of_things(ahead):
                continue
            if way.name == "send" and word == "sent" and not _BEEN.isdisjoint(behind[-2:]):
                # "Three hundred were sent, with nine planes": what follows is not what was sent.
                continue
            if word in ("bid", "bids") and not headline and _HELPED.isdisjoint(behind[-2:]):
                # A bid is one that somebody made.
                continue
            if word in _PARTICIPLES and _HELPED.isdisjoint(behind[-2:]):
                continue
            span = Span(start=begins, end=ends)
            if (not behind or behind[-1] in _STOPS) and not headline:
                # "Freed American pastor meets": a sentence that begins with it has no one who did it.
                continue
            told: DeedTelling = "undone" if ahead[:1] in _NOBODY else _telling(word, behind)
            if told == "news" and not headline and _is_a_state(way.name, behind, ahead):
                told = "earlier"
            if told == "news" and way.needs_headline and not headline and way.name not in titled:
                # "Promised", "admitted": said of much that is no news, unless the headline says so too.
                told = "earlier"
            yield Deed(name=way.name, act=way.act, told=told, span=span, headline=headline)
            break


def _is_shot(word: str, behind: list[str], ahead: list[str]) -> bool:
    if ahead[:1] in _AT or not _SHOTS.isdisjoint(ahead[:4]):
        return True
    return word == "fired" and _HELPED.isdisjoint(behind[-2:]) and (not ahead or ahead[0] in _NO_OBJECT)


def _goes_on(word: str, behind: list[str]) -> bool:
    """ "It is sending two planes": told as it begins."""
    return word.endswith("ing") and not {"is", "are", "was", "were"}.isdisjoint(behind[-1:])


def _is_of_things(ahead: list[str]) -> bool:
    """ "Released a statement": nobody is freed."""
    return not ahead or ahead[0] in _NO_OBJECT or not _PUBLISHED.isdisjoint(ahead)


def _is_a_state(name: str, behind: list[str], ahead: list[str]) -> bool:
    """ "Limits imposed by others", "a swimmer convicted of fraud": nobody is told to do it, to whom it was done."""
    return ((name in _TO_SOMEBODY and ahead[:1] != [] and ahead[0] in _AFTER_STATES) or ahead[:1] == ["by"]) and (
        _HELPED.isdisjoint(behind[-3:])
    )


def _is_past(word: str) -> bool:
    return word.endswith(("ed", "wn")) or word in _IRREGULAR


def _telling(word: str, behind: list[str]) -> DeedTelling:
    for before in reversed(behind):
        if before in _PASSED or before in _PRONOUNS or before.endswith("ly"):
            continue
        if before in _UNDONE:
            return "undone"
        if before in _EARLIER:
            return "earlier"
        # "the arrested man", "an offer": a name for somebody or something, and no telling.
        return "earlier" if before in _ARTICLES else "news"
    return "news"
