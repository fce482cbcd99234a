"""Say in numbers what in an article speaks for each of those whom a name can mean: the words around, the others named.

The same numbers teach the ranker and feed it: `models.train.actor_ranker` reads articles through this module.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from services.enrich.candidates import KINDS, Named, Numbers, Sense
from services.enrich.knowledge import Knowledge, Known
from services.enrich.roles import office

NEAR = 120
"""Characters before and after a mention in which a word speaks of it rather than of another."""

_SPORT_WORDS = {
    "soccer": "soccer football striker midfielder defender goalkeeper goal goals penalty uefa fifa offside",
    "cricket": "cricket wicket wickets innings bowler batsman overs umpire test lbw",
    "rugby": "rugby try tries scrum fullback lock flanker springboks wallabies",
    "baseball": "baseball inning innings homer pitcher pitched rbi homers bullpen shutout dodgers yankees",
    "basketball": "basketball nba rebounds points guard dunk playoffs",
    "gridiron": "nfl quarterback touchdown touchdowns yards linebacker receiver interception",
    "hockey": "hockey nhl puck goalie goaltender power-play",
    "tennis": "tennis wimbledon seed seeded sets atp wta",
    "golf": "golf pga lpga birdie bogey par fairway tee masters",
    "cycling": "cycling cyclist stage peloton tour",
    "athletics": "athletics metres marathon sprint hurdles relay javelin",
    "racing": "formula race laps driver ferrari prix nascar",
    "boxing": "boxing heavyweight bout knockout wbc",
    "skiing": "ski skiing slalom downhill jump",
    "swimming": "swimming freestyle backstroke butterfly",
}
_SPORTS_OF: dict[str, list[str]] = {}
for _sport, _words in _SPORT_WORDS.items():
    for _word in _words.split():
        _SPORTS_OF.setdefault(_word, []).append(_sport)

_WORD = re.compile(r"[a-z]{3,}")
_SCORE = re.compile(r"\b\d{1,3}\s?-\s?\d{1,3}\b")
_YEAR = re.compile(r"\b(19[0-9]{2}|20[0-9]{2})\b")
_PLACED = re.compile(r"\b(?:in|at|near|from|to|into|outside|around|of|across)\s+(?:the\s+)?$", re.IGNORECASE)
_PLAYED = re.compile(r"\b(?:against|beat|v|vs|versus|over|defeated|host|hosts)\s+$", re.IGNORECASE)
_BEFORE = re.compile(r"([\w’'.-]+(?:\s+[\w’'.-]+)?)\s+$")
_QUALIFIED = re.compile(r"\s?,\s+([A-Z][\w.]*(?:\s+[A-Z][\w.]*)?)")
_TITLED = re.compile(
    r"\b(?:President|Minister|Premier|Chancellor|King|Queen|Prince|Princess|Pope|Sen\.?|Senator|Rep\.?|Gov\.?|Governor|"
    r"Secretary|Gen\.?|General|Chairman|Speaker|Mayor|Judge|leader)\s+$"
)
_PLAYS = re.compile(
    r"\s+(?:beat|bt|defeated|drew|draw|lost|won|win|wins|scored|crushed|edged|trailed|thrashed|host|hosts|face|faces|"
    r"plays?|played|meet|met|bowled|batted|dominate|lead|led|were|are|have|had)\b"
)
_MANNED = re.compile(
    r"(?:['’]s?)?\s+(?:(?:[a-z-]+|[A-Z]{2,})\s+)?(?:coach|captain|skipper|manager|striker|goalkeeper|defender|"
    r"midfielder|forward|winger|bowler|batsman|pitcher|quarterback|side|team|squad|players?|fans|international)\b",
    re.IGNORECASE,
)
_DATELINED = re.compile(r"\s*(?:\d{4}-\d\d-\d\d|\((?:AP|Reuters|AFP|CNN|UPI)\)|[–—]\s|--\s)")
_OWNED = re.compile(r"\s?['’]s?\b")
_CREDITED = re.compile(r"\s*/\s*[A-Z]")
_CAPITALS_BEFORE = re.compile(r"[A-Z][\w’'-]*\s+$")
_CAPITALS_AFTER = re.compile(r"\s+[A-Z]")
_NUMBERED = re.compile(r"\s+\(?\d")


@dataclass(frozen=True)
class Reading:
    """An article as the evidence sees it."""

    text: str
    words: frozenset[str]
    sports: Counter[str]
    meant_sports: Counter[str]
    sportive: float
    year: int | None
    countries: Counter[str]
    shape: tuple[float, float, float]
    """How many names there are, how densely they stand, and how many have a number after them, as in tables."""


def evidence(named: Sequence[Named], senses: Sequence[Sense], reading: Reading, knowledge: Knowledge) -> Numbers:
    """One row for each candidate of each name, in order."""
    blocks = [
        np.hstack((sense.rows, np.array(_met(one, sense, reading, knowledge))))
        for one, sense in zip(named, senses, strict=True)
        if sense.candidates
    ]
    return np.vstack(blocks) if blocks else np.zeros((0, 0))


def _met(one: Named, sense: Sense, reading: Reading, knowledge: Knowledge) -> list[list[float]]:
    context = context_of(one, reading)
    near = words_near(one, reading.text)
    offices = frozenset(role.office.noun for role in one.roles)
    heard = [len(known.words & reading.words) for known in sense.candidates]
    shares = [many / math.sqrt(len(known.words) + 1) for many, known in zip(heard, sense.candidates, strict=True)]
    qualified = {known.id for name in longer_names(one, reading.text) for known in knowledge.called(name)}
    spoken = sum(reading.countries.values()) or 1
    most = max(reading.countries.values(), default=0)
    played = sum(reading.sports.values()) or 1
    meant = sum(reading.meant_sports.values()) or 1
    rows = []
    for place, known in enumerate(sense.candidates):
        others = max((share for other, share in enumerate(shares) if other != place), default=0.0)
        told = reading.countries[known.country] if known.country else 0
        rows.append(
            [
                *context,
                float(len(known.words & near)),
                *in_role(known, offices),
                float(known.kind == one.kind),
                float(known.kind == "other"),
                shares[place],
                shares[place] - others,
                told / spoken,
                float(told > 0 and told == most),
                float(told > 0),
                math.log1p(reading.sports[known.sport]) if known.sport else 0.0,
                reading.sports[known.sport] / played if known.sport else 0.0,
                reading.meant_sports[known.sport] / meant if known.sport else 0.0,
                float(bool(known.sport) and reading.sportive > 1.0),
                float(known.id in qualified),
                float(bool(qualified) and known.id not in qualified),
                in_office(known, one, reading),
            ]
        )
    return rows


def context_of(one: Named, reading: Reading) -> list[float]:
    """What is the same for all whom the name can mean: how and where it is used."""
    count = len(one.mentions)
    placed = played = numbered = followed = bracketed = titled = 0
    plays = manned = datelined = owned = credited = capitals_before = capitals_after = definite = 0
    for mention in one.mentions:
        before = reading.text[max(0, mention.start - 16) : mention.start]
        after = reading.text[mention.end : mention.end + 24]
        plays += bool(_PLAYS.match(after))
        manned += bool(_MANNED.match(after))
        datelined += bool(_DATELINED.match(after))
        owned += bool(_OWNED.match(after))
        credited += bool(_CREDITED.match(after))
        capitals_before += bool(_CAPITALS_BEFORE.search(before))
        capitals_after += bool(_CAPITALS_AFTER.match(after))
        definite += before.endswith(("the ", "The ", "THE "))
        titled += bool(_TITLED.search(before))
        placed += bool(_PLACED.search(before))
        played += bool(_PLAYED.search(before))
        numbered += bool(_NUMBERED.match(after))
        followed += bool(_QUALIFIED.match(after))
        bracketed += before.rstrip().endswith("(") and after.lstrip().startswith(")")
    return [
        *(float(one.kind == kind) for kind in KINDS),
        math.log(count),
        float(any(" " in mention.name for mention in one.mentions)),
        float(one.name.isupper()),
        sum(mention.confidence for mention in one.mentions) / count,
        placed / count,
        played / count,
        numbered / count,
        followed / count,
        bracketed / count,
        titled / count,
        plays / count,
        manned / count,
        datelined / count,
        owned / count,
        credited / count,
        capitals_before / count,
        capitals_after / count,
        definite / count,
        reading.sportive,
        *reading.shape,
    ]


def words_near(one: Named, text: str) -> frozenset[str]:
    """The words about the first mentions, as far as a sentence's half reaches."""
    around = (text[max(0, mention.start - NEAR) : mention.end + NEAR] for mention in one.mentions[:3])
    return frozenset(_WORD.findall(" ".join(around).casefold()))


def in_role(known: Known, offices: Set[str]) -> tuple[float, float]:
    """Does the article give it the office that the lists give it, and does it give it any?"""
    held = office_of(known.role) if known.role and offices else None
    return float(held is not None and held in offices), float(bool(offices))


@lru_cache(maxsize=2000)
def office_of(role: str) -> str | None:
    """The noun by which two offices are compared."""
    read = office(role)
    return read.noun if read else None


def longer_names(one: Named, text: str) -> list[str]:
    """The name with the words around it, as they would name somebody: "Paris, Texas", "President Bush"."""
    found = []
    for mention in one.mentions[:4]:
        if qualified := _QUALIFIED.match(text, mention.end, mention.end + 40):
            found.append(f"{mention.name}, {qualified.group(1)}")
        if (before := _BEFORE.search(text[max(0, mention.start - 30) : mention.start])) and before.group(1)[
            0
        ].isupper():
            found.append(f"{before.group(1)} {mention.name}")
            found.append(f"{before.group(1).split()[-1]} {mention.name}")
    return found


def in_office(known: Known, one: Named, reading: Reading) -> float:
    """1 if it held an office in the article's year, -1 if only before or after it; 0 if that cannot be told."""
    if not known.terms or reading.year is None:
        return 0.0
    held = any(term.since <= reading.year <= (term.until or 9999) for term in known.terms)
    return 1.0 if held else -1.0


def read(text: str, title: str, published: int | None, named: Sequence[Named], senses: Sequence[Sense]) -> Reading:
    """Read an article once for all its names."""
    plain = f"{title}\n{text}".casefold()
    counted = Counter(_WORD.findall(plain))
    sports: Counter[str] = Counter()
    for word, kinds in _SPORTS_OF.items():
        if counted[word]:
            for sport in kinds:
                sports[sport] += counted[word]
    length = max(60, sum(counted.values()))
    scored = len(_SCORE.findall(text)) + max(sports.values(), default=0)
    return Reading(
        text=text,
        words=frozenset(counted),
        sports=sports,
        meant_sports=sports_named(senses),
        sportive=min(5.0, 100 * scored / length),
        year=published or year_of(text),
        countries=countries_named(named, senses),
        shape=shape_of(text, named, length),
    )


def sports_named(senses: Sequence[Sense]) -> Counter[str]:
    """How many names each sport has in the article, of those that mean one player or team and hardly another."""
    counted: Counter[str] = Counter()
    for sense in senses:
        clear = [known for known in sense.candidates if known.share >= 0.6 or len(sense.candidates) == 1]
        counted.update(known.sport for known in clear[:1] if known.sport)
    return counted


def shape_of(text: str, named: Sequence[Named], words: int) -> tuple[float, float, float]:
    """How many names there are, how densely they stand, and how many have a number after them, as in tables."""
    mentions = [mention for one in named for mention in one.mentions]
    numbered = sum(bool(_NUMBERED.match(text, mention.end)) for mention in mentions)
    return math.log1p(len(named)), 100 * len(mentions) / words, numbered / max(1, len(mentions))


def year_of(text: str) -> int | None:
    """The year that an undated article speaks of first, in its first lines."""
    found = _YEAR.search(text[:400])
    return int(found.group()) if found else None


def countries_named(named: Sequence[Named], senses: Sequence[Sense]) -> Counter[str]:
    """How often each country is spoken of: by its name, its people, or a town that stands for it."""
    counted: Counter[str] = Counter()
    for one, sense in zip(named, senses, strict=True):
        for known in sense.candidates:
            if known.country and known.role in ("country", "capital"):
                counted[known.country] += len(one.mentions)
                break
    return counted
