"""Read a number as a text writes it: "1.2 million", "two hundred and six", "half a billion", "$3bn"."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ONES = {
    word: number
    for number, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""".split()  # noqa: SIM905
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)  # noqa: SIM905
}
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
    "dozen": 12.0,
}
SPELT = rf"(?:{'|'.join((*_TENS, *_ONES))})"
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen)"
_NUMBER = rf"""
    (?P<currency>(?:US|AU?|C|NZ|HK|S)?[$€£¥₹₦]\s?|\b(?:USD|EUR|GBP|CHF)\s)?
    (?:
        (?P<digits>(?<![\w.,$€£¥₹₦-])(?:{_DIGITS})|(?<=[$€£¥₹₦])\s?(?:{_DIGITS})|(?<=[DRPF]\s)(?:{_DIGITS}))
        (?P<short>(?:k|m|mn|bn|b|tn)\b)?
        (?:[\s-](?P<scale>{_SCALE}|bn|mn|tn)\b)?
      | \b(?P<spelt>(?:{SPELT}|(?:half\s)?an?(?=[\s-]{_SCALE}\b))(?:[\s-](?:and\s)?(?:{SPELT}|{_SCALE}))*)\b
    )
    (?P<percent>\s?%|\s(?:percent|per\scent)\b)?
"""
NUMBER = re.compile(_NUMBER, re.VERBOSE | re.IGNORECASE)
"""A number with its scale; its groups are `currency`, `digits`, `short`, `scale`, `spelt` and `percent`."""

_WHOLES = {"thirds": 3, "third": 3, "quarters": 4, "quarter": 4, "fifths": 5, "fifth": 5, "tenths": 10}
_SMALL = rf"(?:{'|'.join(_ONES)}|\d\d?)"
_SHARE = re.compile(
    rf"""
    \b(?P<part>{_SMALL})\s(?:[^\W\d_]+\s){{0,2}}?(?:in\s(?:every\s)?|out\sof\s(?:every\s)?)(?P<whole>{_SMALL})
      # "Five people in two towns" are no share.
      (?=[.,;:)]|$|\s(?:of|were|was|are|is|had|have|has|did|do|does|said|say|who|that|will|would|[a-z]+ed|[a-z]+s\s(?:were|are|had|have))\b)
  | \b(?:(?P<parts>two|three|four)[\s-](?P<wholes>thirds|quarters(?<=three.quarters)|fifths)(?!\sof\san?\s{_SCALE})
      # "A third man" is no share either.
      |(?P<one>one|an?)[\s-](?P<whole_of_one>third|quarter|fifth)(?=\sof\s(?!an?\s{_SCALE})))\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# "A quarter of a million", "three quarters of a billion".
_PARTS_OF = re.compile(r"\b(?:(?P<three>three)\s|an?\s|one\s)?(?P<part>half|third|quarter)s?\sof\s$", re.IGNORECASE)
PARTS_WITHIN = 20
"""Characters before a number in which it may say how large a part of it is meant."""

_PARTS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4}


def value_of(match: re.Match[str]) -> tuple[float | None, int]:
    """The value of a `NUMBER`, and where it begins: "a quarter of a million" does before its own number."""
    value = _plain(match)
    if value is None or not (match["spelt"] or "").lower().startswith(("a ", "a-")):
        return value, match.start()
    parts = _PARTS_OF.search(match.string, max(0, match.start() - PARTS_WITHIN), match.start())
    if parts is None:
        return value, match.start()
    return value * (3 if parts["three"] else 1) * _PARTS[parts["part"].lower()], parts.start()


def shares_in(text: str) -> Iterator[tuple[int, int, float]]:
    """Shares that are told without a percentage, where they stand, and their percent: "seven trains in ten"."""
    for match in _SHARE.finditer(text):
        if match["wholes"] or match["one"]:
            part = _small(match["parts"]) if match["parts"] else 1
            whole = _WHOLES[(match["wholes"] or match["whole_of_one"]).lower()]
        else:
            part, whole = _small(match["part"]), _small(match["whole"])
        if 0 < part < whole and whole in (2, 3, 4, 5, 10):
            yield match.start(), match.end(), round(100 * part / whole, 1)


def _small(word: str) -> int:
    return int(word) if word.isdecimal() else _ONES.get(word.lower(), 1)


def spelt(word: str) -> float:
    """The value of one word of `SPELT`."""
    return float({**_ONES, **_TENS}[word.lower()])


def _plain(match: re.Match[str]) -> float | None:
    if match["digits"]:
        value = float(match["digits"].strip().replace(",", ""))
        for scale in (match["short"], match["scale"]):
            value *= _SCALES[scale.lower()] if scale else 1.0
        return value
    return _worth(re.split(r"[\s-]+", match["spelt"].lower()))


def _worth(words: list[str]) -> float | None:
    """The value of number words: "two hundred and six", "a dozen", "twenty-one"."""
    total, group = 0.0, 0.0
    if words[0] == "half":
        whole = _worth(words[1:])
        return None if whole is None else whole / 2
    for word in words:
        if word in _ONES:
            group += _ONES[word]
        elif word in _TENS:
            group += _TENS[word]
        elif word in ("hundred", "dozen"):
            group = (group or 1.0) * _SCALES[word]
        elif word in _SCALES:
            total, group = total + (group or 1.0) * _SCALES[word], 0.0
        elif word in ("a", "an"):
            group = 1.0
    return total + group
