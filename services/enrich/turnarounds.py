"""Find where a text says that somebody changed sides: who backed a plan opposes it now, who opposed one backs it."""

from __future__ import annotations

import re

from schemas.message import Span

_FOR = r"(?:support|back|favou?r|endorse|welcome)"
_AGAINST = r"(?:oppos|reject|resist|condemn|denounc)"
_TURNS = re.compile(
    rf"""
    \b(?:now|instead)\s(?:{_FOR}s?|{_AGAINST}(?:es|s|e)?)\b(?!\s(?:online|in|at|on|to|home|up|from|with|under|down)\b)
  | \b(?:{_FOR}s?|{_AGAINST}(?:es|e|s)?)\s(?:it|him|her|them|the\s\w+)\snow\b
  | \b(?:would|will)\s(?:now|after\sall)\s(?:{_FOR}|{_AGAINST}e?|vote\s(?:for|against))\b
  | \b(?:would|will)\s(?:no\slonger)\s(?:{_FOR}|{_AGAINST}e?|stand|block)\b
  | \b(?:no\slonger|not\sany\s(?:more|longer))\s
    (?:{_FOR}s?|{_AGAINST}(?:es|e)?|stands?\s(?:by|behind|with)|has\s(?:confidence|trust))\b
  | \b(?<!could\s)(?<!may\s)(?<!might\s)(?<!can\s)(?<!to\s)
    (?:withdr[ae]w(?:n|s|ing)?|dropp?(?:ed|s|ing)|end(?:ed|s|ing)|lift(?:ed|s|ing)
      |gave\sup|gives\sup|abandon(?:ed|s|ing))
    \s(?:its|his|her|their|all)\s(?:\w+\s){{0,2}}?(?:support|backing|endorsement|opposition|objections?|resistance|veto)\b
  | \b(?:chang(?:ed|es|ing)|switch(?:ed|es|ing))
    \s(?:sides|course|(?:its|his|her|their)\s(?:minds?|positions?|stance|view))\b
  | \brevers(?:ed|es|ing)\s(?:its|his|her|their|a|an)\s(?:\w+\s){{0,3}}?
    (?:position|stance|opposition|support|policy|course)\b
  | \b(?:turn(?:ed|s|ing)|came\sout|comes\sout)\s(?:against|in\sfavou?r\sof)\b
  | \b(?:broke|breaks|broken)\swith\b
  | \bU-turn\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def find_turnaround(text: str, end: int) -> Span | None:
    """The words that say so in the text's first `end` characters, or none."""
    match = _TURNS.search(text, 0, end)
    return Span(start=match.start(), end=match.end()) if match else None
