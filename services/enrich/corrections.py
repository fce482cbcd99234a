"""Find where an article takes back, or puts right, what was told before."""

from __future__ import annotations

import re

from schemas.message import Span

_TITLE = re.compile(r"^\W*(?:correct(?:ion|ed)|clarification|retraction|retracted)\b", re.IGNORECASE)
_TOLD_EARLIER = r"(?:earlier|previous(?:ly)?|initial(?:ly)?|first|original(?:ly)?|preliminary)"
_TAKEN_BACK = re.compile(
    rf"""
    \ban?\s(?:earlier|previous)\s(?:version|report|edition)\sof\sthis\s(?:article|report|story)\b
  | \bthis\s(?:article|report|story)\s(?:has\sbeen|was)\s(?:corrected|amended|updated\sto\scorrect)\b
  | \b(?:correct(?:s|ed|ing)|revis(?:es|ed|ing)|lower(?:s|ed|ing)|cuts|amend(?:s|ed|ing))\s(?:\w+\s){{0,4}}?
    (?:toll|number|numbers|figure|figures|count|estimate|total|statement|report|list|tally|account)\b
  | \b(?:toll|number|figure|count|total|tally|estimate|list)\s(?:\w+\s){{0,4}}?(?:was|were|has\sbeen|had\sbeen|is)\s
    (?:\w+\s){{0,2}}?(?:corrected|revised|lowered|amended|wrong|too\shigh|overstated|an?\serror|mistaken)\b
  | \b(?:retract(?:s|ed|ing)?|withdr[ae]w(?:s|n)?)\s(?:\w+\s){{1,3}}?
    (?:statement|report|claim|figure|account|story|number)\b
  | \b(?:took|takes|taking|taken)\sback\s(?:his|her|its|their|the|an?)\s(?:\w+\s){{0,2}}?
    (?:remarks?|statement|words|claims?|accusations?|report|allegations?)\b
  | \b(?:been\scounted\stwice|double[- ]counted|counting\serror|were\slisted\stwice|by\smistake\scounted)\b
  | \b(?:not|rather\sthan|instead\sof)\s(?:the\s)?[\w,.]+(?:\s\w+)?,?\s(?:as\s)?
    (?:it\s(?:had\s)?|was\s|were\s|had\sbeen\s)?
    (?<!\bthe\s){_TOLD_EARLIER}?\s?(?:reported|stated|announced)\b
  | \bhad\s(?:wrongly|mistakenly|incorrectly|erroneously)\b
  | \b(?:wrongly|mistakenly|incorrectly|erroneously)\s(?:\w+\s){{0,2}}?
    (?:said|stated|reported|gave|put|counted|listed|included)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RETRACTS = re.compile(
    r"\b(?:retract(?:s|ed|ing)?\s(?:\w+\s){1,3}?(?:report|story|article|claim|statement|account|interview)"
    r"|withdr[ae]w(?:s|n)?\s(?:\w+\s){1,3}?(?:report|story|article)"
    r"|(?:report|story|article)\s(?:has\sbeen|was|is)\s(?:retracted|withdrawn))\b",
    re.IGNORECASE,
)
_RETRACTION = re.compile(r"^\W*(?:retraction|retracted)\b", re.IGNORECASE)
# One of these stands in all that the pattern finds, and in few other texts: it need hardly ever be tried.
_STEMS = tuple(
    """correct revis lower amend retract withdr clarif wrong mistak erron overstat twice double count earlier previous
    initial original preliminar reported stated announced believed thought error updated cut high back""".split()  # noqa: SIM905
)

FIRST = 1500
"""Characters in which a correction stands, or in half as many at the end, where notes of the editors are."""


def find_correction(text: str) -> Span | None:
    """The words of a text that take something back, or none."""
    searched = f"{text[:FIRST]}\n{text[-FIRST // 2 :]}".casefold()
    if not any(stem in searched for stem in _STEMS):
        return None
    for start, end in ((0, FIRST), (max(FIRST, len(text) - FIRST // 2), len(text))):
        if match := _TAKEN_BACK.search(text, start, end):
            return Span(start=match.start(), end=match.end())
    return None


def says_correction(title: str) -> bool:
    """Does a headline say that something is taken back?"""
    return (_TITLE.search(title) or _TAKEN_BACK.search(title)) is not None


def retracts(title: str, text: str) -> bool:
    """Does an article take a whole report back, and not only put right what stands in it?"""
    return bool(_RETRACTION.search(title) or _RETRACTS.search(title) or _RETRACTS.search(text, 0, FIRST))
