"""Guess what a list leaves out of an actor: its kind, what sort of thing it is, its sport, and the words around it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from models.train.actor_names import SMALL_WORDS, Names, without_patronymic

SPORTS: Mapping[str, str] = {
    "cricket": "cricket cricketer",
    "rugby": "rugby",
    "baseball": "baseball mlb",
    "basketball": "basketball nba",
    "gridiron": "nfl quarterback gridiron",
    "hockey": "hockey nhl",
    "tennis": "tennis atp wta",
    "golf": "golf golfer pga lpga",
    "cycling": "cyclist cycling",
    "athletics": "sprinter athletics runner marathon hurdler athlete",
    "racing": "motorcycle nascar formula",
    "boxing": "boxer boxing",
    "skiing": "skier skiing",
    "swimming": "swimmer swimming",
    "soccer": "soccer football footballer uefa fifa fc afc",
}
"""The words by which a description, a title or other names tell the sport of a player, a team or a competition."""

# Of two letters, initials and particles begin names too.
SHORT = 2
GIVEN, FAMILY = 4, 10
"""So many people must bear a first or a last name for it to make a person of whoever has it."""

_SPORT_OF = {word: sport for sport, words in SPORTS.items() for word in words.split()}

_SORTS: tuple[tuple[str, str], ...] = (
    (
        "team",
        r"\bnational .*team$|football team|football club|(?:baseball|basketball|hockey|cricket|rugby|soccer) "
        r"(?:team|club|union)|\bF\.?C\.?\b|Cricket Club|\bR\.?F\.?C\.?\b|professional .* team|sports (?:team|club)",
    ),
    ("work", r"\bfilm\b|\bmovie\b|\bsong\b|\balbum\b|\bnovel\b|TV.series|television (?:series|program)|video.game|"
             r"\bsingle\b|\bepisode\b|\bpainting\b|\bopera\b|comic"),
    ("event", r"Olympic|\bWorld Cup\b|championship|tournament|\bOpen\b$|Grand Prix|\bwar\b|\bbattle\b|election|"
              r"festival|\baward\b|\bleague\b|\bcup\b|hurricane|attack"),
    ("media", r"newspaper|magazine|\bnews\b|broadcast|television (?:network|channel|station)|radio|press agency"),
    ("party", r"political party|\bparty\b"),
    ("school", r"universit|college|\bschool\b|institute"),
    ("company", r"compan|corporation|\bbank\b|airline|manufacturer|retail|brand|chain|business|\bInc\b|\bplc\b"),
    (
        "office",
        r"ministry|department|agency|government|parliament|legislat|congress|\bcourt\b|police|armed forces|\barmy\b|"
        r"committee|commission|council|authority|bureau|administration|senate|assembly|\bnavy\b|air force",
    ),
    ("body", r"association|federation|\bunion\b|organi[sz]ation|foundation|society|\btrust\b|alliance|\bfront\b|"
             r"movement|militia|stock exchange|\bgroup\b|orchestra|\bclub\b|airways|airlines|motors|industries|"
             r"\bteam\b|conference|network"),
    ("player", r"\bplayer\b|footballer|cricketer|golfer|boxer|cyclist|swimmer|skier|sprinter|racing driver|athlete|"
               r"wrestler|\bcoach\b"),
    ("politician", r"politician|president|prime minister|senator|member of (?:parliament|us congress)|governor|"
                   r"minister|monarch|\bking\b|\bqueen\b|statesman|diplomat|mayor"),
    ("artist", r"\bactor|actress|singer|musician|director|writer|author|composer|rapper|painter|novelist|poet|comedian|"
               r"journalist|model|producer|\bband\b|entertainer|presenter"),
    ("scholar", r"physicist|chemist|scientist|mathematician|biologist|philosopher|economist|historian|physician|"
                r"astronom|engineer"),
    ("place", r"\bcity\b|\btown\b|village|capital|adm\d|municipality|county|\bstate\b|province|district|region|"
              r"\briver\b|mountain|\bsea\b|\blake\b|island|prefecture|country|borough|commune|neighbou?rhood"),
)  # fmt: skip
"""What sort of thing it is, by the first pattern that its description or name has."""

_ANY_SORT = re.compile("|".join(pattern for _, pattern in _SORTS), re.IGNORECASE)
_KIND_OF_SORT = {
    "team": "organization",
    "media": "organization",
    "party": "organization",
    "school": "organization",
    "company": "organization",
    "office": "organization",
    "body": "organization",
    "player": "person",
    "politician": "person",
    "scholar": "person",
    "place": "location",
    "work": "other",
    "event": "other",
}

_SMALL = frozenset(
    [
        "de",
        "da",
        "do",
        "di",
        "du",
        "of",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "bin",
        "al",
        "el",
        "ibn",
        "y",
        "e",
        "dos",
    ]
)
_NOT_PEOPLE = re.compile(
    r"\d|\b(?:The|of|and|for|River|Lake|Mount|County|District|University|College|School|Church|Park|Island|Museum|"
    r"Bridge|Airport|Station|Award|Prize|Cup|Party|Company|Group|Records|National|International|Street|Road|Castle|"
    r"Film|Festival|Championship|League|Club|Team|Bank|City|North|South|East|West|New|Saint|St|Hall|Hill|Land|House|"
    r"Stadium|Square|Township|English|Clan|Fort|Port|I{1,3}|IV|V|VI{1,3}|IX|X)\b"
)

_PARENTHESIS = re.compile(r"_\((.+)\)$")


def sport_of(texts: Iterable[str], least: int = 1) -> str:
    """The sport that most of these texts speak of, if at least so many do, or an empty string."""
    counted: Counter[str] = Counter()
    for text in texts:
        words = set(_words(text)) | ({"fc"} if "FC" in text or "F.C" in text else set())
        if words & _SPORT_OF.keys():
            told = {_SPORT_OF[word] for word in words if word in _SPORT_OF}
            counted.update({"gridiron"} if "american" in words and told == {"soccer"} else told)
    sport, count = counted.most_common(1)[0] if counted else ("", 0)
    return sport if count >= least else ""


def sort_of(name: str, description: str) -> str:
    """What sort of thing it is, or an empty string."""
    for text in (description, name):
        if text and _ANY_SORT.search(text):
            return next(sort for sort, pattern in _SORTS if re.search(pattern, text, re.IGNORECASE))
    return ""


def kind_of(name: str, sort: str, people: Names) -> str:
    """The kind that the sort implies; a name that begins or ends as people's do is a person's; "other" if neither."""
    if sort in _KIND_OF_SORT:
        return _KIND_OF_SORT[sort]
    return "person" if looks_personal(name, people) else "other"


def looks_personal(name: str, people: Names) -> bool:
    """Does a name have two to four capitalised words, the first or the last of which people bear?"""
    words = name.split()
    return (
        2 <= len(words) <= 4
        and (
            (len(words[0]) > SHORT and people.given[words[0].casefold()] >= GIVEN)
            or people.family[words[-1].casefold()] >= FAMILY
            or without_patronymic(name) != name
        )
        and not _NOT_PEOPLE.search(name)
        and all(word[0].isupper() or word in _SMALL for word in words)
    )


def words_around(
    name: str, description: str, others: Iterable[str], rarity: Mapping[str, float], most: int = 10
) -> list[str]:
    """The words that tell an actor from its namesakes: those of its description, and those its other names repeat.

    `rarity` has the words that news uses, with how rare each is: what it does not have is no word to meet.
    """
    own = set(_words(name))
    counted: Counter[str] = Counter()
    for other in others:
        counted.update(set(_words(other)))
    told = {word: count for word, count in counted.items() if count >= 2}
    for word in _words(description):
        told[word] = told.get(word, 0) + 3
    weighed = {
        word: rarity[word] * math.log1p(count) for word, count in told.items() if word in rarity and word not in own
    }
    return sorted(weighed, key=lambda word: (-weighed[word], word))[:most]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]{3,}", text.casefold())


def in_parentheses(title: str) -> str:
    """What an encyclopedia's title adds to tell namesakes apart."""
    found = _PARENTHESIS.search(title)
    return found.group(1).replace("_", " ") if found else ""


def is_name(words: str) -> bool:
    """Does every word begin as in a name? "Cheap calls to Germany" leads to Germany, and is none."""
    parts = [word for word in re.split(r"[\s-]+", words) if word not in SMALL_WORDS]
    return 0 < len(parts) <= 7 and all(not part[0].islower() for part in parts if part)
