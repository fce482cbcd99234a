"""Choose the headline that a story goes by: the most central of those that say what happened."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from services.enrich.likeness import Rarity, words

_TEASES = re.compile(
    r"""\?\s*$ | \.\.\.|… | !\s*$
    | ^\W*(?:correct(?:ion|ed)|retraction|clarification|update|updated)\b
    | ^\W*(?:why|how|what|who|here(?:’|')?s|here\sare|this\sis|these\sare|watch|meet|inside|opinion
      |analysis|exclusive|live)\b
    | \b(?:you|your|you’ll|you'll|we|our|my|i)\b
    | ^\W*(?:\d+|five|seven|ten)\s(?:things|ways|reasons|takeaways|facts|photos|lessons|questions)\b
    | \b(?:won(?:’|')?t\sbelieve|shocking|shocks|stuns|slams|destroys|epic|insane|goes\sviral
      |the\sinternet|must[- ]see)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_LEAST_WORDS = 4
TEASING_COUNTS = 0.5
"""A headline that teases, or says too little, has to be twice as central to be taken."""

REPEATED = 0.6
"""Share of a headline's words, weighed by how rare they are, that a retraction says again where it takes that back."""

STAYS = 1.2
"""So much more central must another be before a story changes its title: it does not flicker."""


def is_plain(headline: str) -> bool:
    """Does it say what happened, to whoever reads nothing else?"""
    return not _TEASES.search(headline) and len(headline.split()) >= _LEAST_WORDS


@lru_cache(maxsize=4096)
def _weighed(headline: str, rarity: Rarity) -> Mapping[int, float]:
    read = words(headline, "", rarity)
    return dict(zip(read.terms, read.weights, strict=True))


def most_central(current: str, headlines: Sequence[str], rarity: Rarity) -> str:
    """The title that a story goes by, given the one that it has and the headlines of its latest articles."""
    different = list(dict.fromkeys(one for one in (current, *headlines) if one.strip()))
    if len(different) < 2:
        return different[0] if different else current
    weighed = [_weighed(one, rarity) for one in different]
    # The sum of the likenesses to all is the likeness to their sum.
    together: dict[int, float] = defaultdict(float)
    for mine in weighed:
        for term, weight in mine.items():
            together[term] += weight
    scores = {
        headline: (1.0 if is_plain(headline) else TEASING_COUNTS)
        # So much for being there at all, so that of two headlines the plain one is taken.
        * (0.1 + sum(weight * (together[term] - weight) for term, weight in mine.items()) / (len(weighed) - 1))
        for headline, mine in zip(different, weighed, strict=True)
    }
    best = max(different, key=lambda one: scores[one])
    return best if scores[best] > STAYS * scores.get(current, 0.0) else current


def withdrawn_by(title: str, lede: str, headlines: Sequence[str], rarity: Rarity) -> list[str]:
    """The headlines whose report a retraction takes back: those of whose words it says most again."""
    said = frozenset(words(title, lede, rarity).terms)
    return [
        headline
        for headline in headlines
        if sum(weight**2 for term, weight in _weighed(headline, rarity).items() if term in said) >= REPEATED
    ]
