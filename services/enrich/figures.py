"""Find the figures that a text tells: how many dead, arrested or freed, what sum, what share, what vote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite

from schemas.annotations import Figure, FigureBound
from schemas.message import Span
from services.enrich.counted import counted
from services.enrich.numerals import NUMBER, SPELT, shares_in, spelt, value_of

_COINS = re.compile(
    r"\s(?:US\s|Australian\s|Canadian\s)?(dollars?|euros?|pounds?|yen|yuan|rupees?|shillings?|pesos?|rand|roubles?|rubles?"
    r"|naira|kwacha|zloty|z[łl]otys?|lempiras?|levs?|leva|forints?|cedis?|dinars?|taka|dong|hryvnias?|francs?|crowns?|kroner|lira|reais|birr|dirhams?|riyals?|won|baht|rupiah)\b",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:at least|more than|over|upwards? of|no fewer than|exceed\w*|topp\w+|pass\w+)\W+$", re.IGNORECASE
)
_ABOUT = re.compile(
    r"(?:about|around|some|nearly|almost|roughly|approximately|an estimated|close to|up to|as many as)\W+$",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    r"[\s-](?:halves|thirds?|quarters?|fifths?|sixths?|sevenths?|eighths?|tenths?|in\s(?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b|out\sof|of\sthe\s(?:two|three|four|five)\b)"
)
LARGEST_PART = 100
"""No larger number is part of a fraction: "$1.5 million in two sacks" is none."""

_VOTERS = r"\d{1,3}(?:,\d{3}){1,4}|\d{1,15}"
_VOTES = re.compile(
    rf"(?<![\d.,])(?P<for>{_VOTERS})(?:\s(?:votes\s)?(?:to|against)\s|[-–])(?P<against>{_VOTERS})(?:\s(?P<votes>votes?|with)\b)?"
    rf"|\b(?P<alone>{_VOTERS})\s(?:votes|lawmakers|deputies|senators|MPs)\b",
)
_SPELT_VOTES = re.compile(
    rf"\b(?P<for>{SPELT})(?:\svotes?)?\s(?:to|against)\s(?P<against>{SPELT})(?:\svotes?)?\b(?!\s(?:million|billion|percent|per))",
    re.IGNORECASE,
)
_VOTED = re.compile(
    r"\b(?:vot(?:e|es|ed|ing)|ballots?|pass(?:ed|es)|approv\w+|reject\w+|ratif\w+|adopt\w+)\b", re.IGNORECASE
)
_MAGNITUDE = re.compile(r"\bmagnitude(?:\sof|-)?\s?(?P<after>\d\.\d)|(?P<before>\d\.\d)[- ]magnitude", re.IGNORECASE)


READ = 4000
"""Characters of a text whose figures are read: what stands further down is background, and was told before."""


def find_figures(title: str, text: str) -> tuple[Figure, ...]:
    """The figures of a headline and a text, in order; years, dates, ages, times and lengths are none."""
    titled = (one.model_copy(update={"headline": True}) for one in figures_in(title[:READ]))
    return (*titled, *figures_in(text[:READ]))


def figures_in(stretch: str) -> list[Figure]:
    """The figures of a stretch of text."""
    apart = [*_magnitudes(stretch), *_votes(stretch), *_shares(stretch)]
    taken = [figure.span for figure in apart]
    found = [
        *apart,
        *(
            figure
            for match in NUMBER.finditer(stretch)
            if not any(span.start < match.end() and match.start() < span.end for span in taken)
            and (figure := _figure(stretch, match)) is not None
        ),
    ]
    return sorted(found, key=lambda one: one.span.start)


def _magnitudes(text: str) -> Iterator[Figure]:
    for match in _MAGNITUDE.finditer(text):
        which = "after" if match["after"] else "before"
        yield Figure(
            value=float(match[which]), unit="magnitude", span=Span(start=match.start(which), end=match.end(which))
        )


def _shares(text: str) -> Iterator[Figure]:
    for start, end, percent in shares_in(text):
        yield Figure(value=percent, unit="percent", bound="about", span=Span(start=start, end=end))


def _votes(text: str) -> Iterator[Figure]:
    for match in _SPELT_VOTES.finditer(text):
        if "vote" in match[0].lower() or _VOTED.search(text, max(0, match.start() - 60), match.end() + 20):
            value = spelt(match["for"]) + spelt(match["against"]) / 1e4
            yield Figure(value=value, unit="votes", span=Span(start=match.start("for"), end=match.end("against")))
    for match in _VOTES.finditer(text):
        if match["alone"]:
            if match["alone"].replace(",", "").isdigit() and "vote" in match[0]:
                span = Span(start=match.start("alone"), end=match.end("alone"))
                yield Figure(value=float(match["alone"].replace(",", "")), unit="votes", span=span)
            continue
        near = text[max(0, match.start() - 60) : match.end() + 20]
        if match["votes"] or _VOTED.search(near):
            span = Span(start=match.start("for"), end=match.end("against"))
            value = float(match["for"].replace(",", "")) + float(match["against"].replace(",", "")) / 1e4
            yield Figure(value=value, unit="votes", span=span)


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    value, start = value_of(match)
    # Hundreds of digits are no number that a message could carry.
    if value is None or not isfinite(value) or (value <= LARGEST_PART and _FRACTION.match(text, match.end())):
        return None
    before, after = text[max(0, start - 200) : start], text[match.end() : match.end() + 90]
    bound: FigureBound = (
        "least" if _AT_LEAST.search(before) else "about" if _ABOUT.search(before) or "dozen" in match[0].lower() else ""
    )
    span = Span(start=start + len(match[0]) - len(match[0].lstrip()), end=match.end())
    if coin := _COINS.match(after):
        span = Span(start=span.start, end=span.end + len(coin[0]))
    if match["currency"] or coin:
        return Figure(value=value, unit="money", bound=bound, span=span)
    if match["percent"]:
        return Figure(value=value, unit="percent", bound=bound, span=span)
    of = counted(value, match, before, after)
    return None if of is None else Figure(value=value, unit="count", of=of, bound=bound, span=span)
