"""Say which figures of an article its story has not told: a toll that rose, a first sum, another vote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from schemas.annotations import Figure
from schemas.message import Span
from services.enrich.claims import EARLY, Claims
from services.enrich.corrections import says_correction

VERY_EARLY = 450
"""Characters in which a figure that is no sum of money is news: later tolls, shares and votes are told again more often
than not. What a deal costs comes later, within `EARLY`."""

FEWEST_PEOPLE, FEWEST_THINGS = 5, 50
"""Fewer are told in passing: "three flights", "nine planes"."""

ROUNDED = 0.03
"""By so much may a figure be rounded, and is the same: 3.02 billion is 3 billion."""

VERY_ROUND = 0.1
"""So far may a figure of one digit and noughts be from what it rounds."""

LOOSE = 0.25
"""So far below what was told may a bound be: "more than 30" after 38."""

TELLING = 10
"""From here on two equal counts of people in one story count the same, whatever is said of them; smaller ones meet by
chance."""

VERY_LARGE = 1000
"""From here on a count near another of any kind is told again: so large a number does not meet by chance."""

WHOLE = frozenset({100, 110, 1000})
"""Percent that say how sure somebody is."""

BARE_SUM = 1000
"""From here on a number that stands alone may have been a sum of money."""

PEOPLE = frozenset("dead injured missing arrested evacuated rescued trapped infected".split()) | {"at large"}  # noqa: SIM905
RISING = PEOPLE - {"missing", "trapped", "at large"}
"""Counts that only grow: a lower one is of a part, or out of date."""

RECKONED = frozenset({"missing", "trapped", "rescued", "at large"})
"""What a reader can reckon from what was told."""

_SAID = {
    "dead": "dead",
    "injured": "injured",
    "missing": "missing",
    "arrested": "arrested",
    "evacuated": "driven from their homes",
    "rescued": "rescued or freed",
    "trapped": "trapped or held",
    "infected": "cases",
    "at large": "at large",
}


@dataclass(frozen=True, slots=True)
class NewFigure:
    """A figure that is new, in words."""

    key: tuple[str, str, float]
    reason: str
    score: float
    subject: str
    spans: tuple[Span, ...]


def new_figures(claims: Claims, told: Sequence[Sequence[Any]]) -> Iterator[NewFigure]:
    """The figures of an article that are news and that its story has not told.

    told: unit, what is counted, value, and whether it stood where news stands.
    """
    article = claims.annotated.article
    corrected = claims.correction is not None or says_correction(article.title)
    in_title = {(one.unit, one.value) for one in claims.title_figures}
    figures = _read(claims, told)
    known = _Told.of(told)
    for (unit, of), each in _by_kind(figures).items():
        before = known.values_of(unit, of)
        news = {
            one.value: one
            for one in reversed(each)
            if _is_news(one, (one.unit, one.value) in in_title)
            and not claims.is_background(one)
            and not _only_compares(one, article.text)
            and not any(_same(one, value) for value in before)
            and not known.has_number(one)
            and not (of in RECKONED and _is_reckoned(one.value, told))
        }
        if of in RISING:
            most = max((value for _, told_of, value, early in told if told_of == of and early), default=0.0)
            highest = max((value for value in news if value > most or corrected), default=None)
            news = {} if highest is None else {highest: news[highest]}
        for one in news.values():
            words = one.span.of(article.title if one.headline else article.text)
            yield NewFigure(
                (unit, of, one.value),
                _reason(one, words, article.title if one.headline else article.text, before),
                _score(one, bool(before), (one.unit, one.value) in in_title),
                words,
                () if one.headline else (one.span,),
            )


@dataclass(frozen=True, slots=True)
class _Told:
    """What a story's figures come to: all of them, how many people they count, and every number that was told."""

    figures: Sequence[Sequence[Any]]
    people: frozenset[float]
    numbers: frozenset[float]

    @classmethod
    def of(cls, told: Sequence[Sequence[Any]]) -> _Told:
        counts = [(of, value) for unit, of, value, _ in told if unit == "count"]
        votes = [value for unit, _, value, _ in told if unit == "votes"]
        sides = {float(side) for value in votes for side in (int(value), round(value % 1 * 1e4))}
        return cls(
            told,
            frozenset(value for of, value in counts if _is_of_people(of)),
            frozenset(value for _, value in counts) | sides,
        )

    def values_of(self, unit: str, of: str) -> list[float]:
        """The values of a kind; things are compared whatever they are called: "400 tonnes" after "400 tons"."""
        alone = unit == "money"
        return [
            value
            for told_unit, told_of, value, _ in self.figures
            if (told_unit == unit and (told_of == of or of not in PEOPLE))
            # "The 140 million that were asked for".
            or (alone and told_unit == "count" and not told_of and value >= BARE_SUM)
        ]

    def has_number(self, one: Figure) -> bool:
        """Was the number told, whatever was said of it: "117 deputies" after a vote of 121 to 117?"""
        if one.unit != "count":
            return False
        if one.value >= VERY_LARGE and any(_same(one, value) for value in self.numbers):
            return True
        if one.of in PEOPLE:
            return one.value >= TELLING and one.value in self.people
        return one.value >= (FEWEST_PEOPLE if one.of == "people" else TELLING) and one.value in self.numbers


def _read(claims: Claims, told: Sequence[Sequence[Any]]) -> list[Figure]:
    """The article's figures, where a number that stands alone counts what its headline or its neighbour says."""
    text = claims.annotated.article.text
    titled = {one.value: one.of for one in claims.title_figures if one.unit == "count" and one.of}
    found = [
        one.model_copy(update={"of": titled.get(one.value, "")}) if one.unit == "count" and not one.of else one
        for one in claims.figures
    ]
    for at, (one, other) in enumerate(pairwise(found)):
        between = text[one.span.end : other.span.start]
        if one.unit != "count" or other.unit != "count":
            continue
        if _NOT_BUT.fullmatch(between) and not one.of:
            found[at] = one.model_copy(update={"of": other.of or _kind_told(other.value, told)})
        elif _FROM_TO.fullmatch(text[one.span.start - 5 : one.span.start] + between) and not other.of:
            found[at + 1] = other.model_copy(update={"of": one.of or _kind_told(one.value, told)})
    in_text = {(one.unit, one.value) for one in found}
    return [*found, *(one for one in claims.title_figures if (one.unit, one.value) not in in_text)]


_NOT_BUT = re.compile(
    r"\W*(?:and\s)?(?:not|instead\sof|rather\sthan|down\sfrom|up\sfrom)\s(?:the\s|as\s)?(?:many\sas\s)?"
)
_FROM_TO = re.compile(r"from\s(?:\s\w+){0,2}\sto\s")


def _kind_told(value: float, told: Sequence[Sequence[Any]]) -> str:
    """What the story counted with this number."""
    return next((str(of) for unit, of, known, _ in reversed(told) if unit == "count" and known == value and of), "")


def _only_compares(figure: Figure, text: str) -> bool:
    """Is it only by how much another is larger: "half a billion dollars more"? Or a share in mere words?"""
    if figure.headline:
        return False
    words = figure.span.of(text).lower()
    if figure.unit == "percent":
        return ("%" not in words and "cent" not in words) or figure.value in WHOLE
    is_apart = figure.unit == "money" or figure.of in RISING
    return is_apart and _MORE.match(text, figure.span.end) is not None


_MORE = re.compile(r"\s(?:\w+\s)?(?:more|less|fewer|above|below|higher|lower)\b", re.IGNORECASE)


def told_again(claims: Claims, key: Sequence[Any]) -> bool:
    """Does the article tell a figure that its story keeps under this key?"""
    unit, of, value = key
    return any(
        one.unit == unit and (unit != "count" or one.of == of) and _same(one, value)
        for one in (*claims.title_figures, *claims.figures)
    )


def _by_kind(figures: Sequence[Figure]) -> dict[tuple[str, str], list[Figure]]:
    found: dict[tuple[str, str], list[Figure]] = {}
    for one in figures:
        found.setdefault((one.unit, one.of), []).append(one)
    return found


def _is_of_people(of: str) -> bool:
    return of in PEOPLE or of == "people"


def _is_news(figure: Figure, in_title: bool) -> bool:
    """Does it stand where news stands, and is it large enough to be told for its own sake?"""
    if figure.unit == "count" and not figure.of:
        return False
    fewest = FEWEST_PEOPLE if figure.of == "people" else FEWEST_THINGS
    if figure.unit == "count" and figure.of not in PEOPLE and figure.value < fewest:
        return False
    return in_title or figure.span.start < (EARLY if figure.unit == "money" else VERY_EARLY)


def _same(figure: Figure, told: float) -> bool:
    if figure.unit in ("votes", "magnitude"):
        return figure.value == told
    if figure.unit == "percent" and not figure.bound:
        # A point more is news: 49.8 and 50.6 percent of the votes.
        return figure.value == told or (
            figure.value == round(told) if figure.value % 1 == 0 else round(figure.value) == told
        )
    if figure.bound == "least" and figure.value <= told <= figure.value / (1 - LOOSE):
        return True
    if figure.bound == "about" and abs(figure.value - told) <= VERY_ROUND * told:
        return True
    if abs(figure.value - told) <= (0.0 if figure.unit == "count" and told < 1000 else ROUNDED * told):
        return True
    # "Two hundred" for 211: a number in hundreds or thousands is rounded, whatever stands before it.
    return _is_round(figure.value) and abs(figure.value - told) <= VERY_ROUND * told


def _is_reckoned(value: float, told: Sequence[Sequence[Any]]) -> bool:
    """Is it what is left of two counts of people, or both together? "27 saved" of 31, of whom 4 died."""
    counts = {told_value for unit, of, told_value, _ in told if unit == "count" and _is_of_people(of)}
    return any(value + one in counts or value - one in counts for one in counts if one != value)


def _is_round(value: float) -> bool:
    """Is it written with one digit and noughts?"""
    return value >= 100 and float(f"{value:.0e}") == value


def _reason(figure: Figure, words: str, text: str, before: Sequence[float]) -> str:
    if figure.unit not in ("votes", "magnitude") and figure.of not in PEOPLE:
        # What is counted, as the text says it: "Seven people were still held", "$18m for seed and tools".
        match = _FEW_MORE.match(text, figure.span.end)
        end = match.end() if match else figure.span.end
        said = text[figure.span.start : end]
        return f"“{' '.join(said.split())}{'…' if text[end : end + 1] == ' ' else ''}”: the story had no such figure."
    what = _SAID.get(figure.of) or {"votes": "votes", "magnitude": "as magnitude"}[figure.unit]
    said = " ".join(f"{words} {what if what not in words else ''}".split())
    if figure.unit == "count" and figure.of in PEOPLE and before:
        return f"{said[:1].upper()}{said[1:]}; the story had {max(before):g} before."
    return f"{said[:1].upper()}{said[1:]}: the story had no such figure."


_FEW_MORE = re.compile(r"(?:[ \n][\w$€£][\w’'$€£-]*(?:\.\d+)?){0,5}")


def _score(figure: Figure, changed: bool, in_title: bool) -> float:
    of_people = figure.unit == "count" and figure.of in PEOPLE
    return min(1.0, (0.6 if of_people else 0.4) + (0.15 if changed and of_people else 0.0) + (0.2 if in_title else 0.0))
