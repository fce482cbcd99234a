"""The ways in which an article can answer a question: for each, the least that it must have, as keys.

Whatever answers has all keys of at least one way. Where they are exact, whatever has them answers.
"""

import math
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

from services.search import asked, english, values
from services.search.asked import All, AnyOf, Ask, Named, Not, OneOf, Phrase, Prefix, Word
from services.search.criteria import Criteria
from services.search.document import countries_acted_for
from services.search.reading import Reading
from services.search.sides import side_of
from services.search.values import fold

Way = frozenset[str]


class Ways(NamedTuple):
    """What an article must have, one way or another; exact if it then answers, or else the question has to be put."""

    ways: tuple[Way, ...]
    exact: bool


ANY_WAY = Ways((frozenset(),), exact=False)
"""Nothing can be told without putting the whole question."""

MOST_WAYS = 64
"""Ways of parts that must all be met are the product of theirs; past this, a part is left to the whole question."""

MOST_CELLS = 64
"""Cells of the map that a circle or a box may lie in; a larger one is looked for in larger cells, or nowhere."""

CELLS = (1, 10)
"""Degrees of a cell's sides."""

SHORTEST = asked.SHORTEST_PREFIX

# Beside a term, which has no such character: what kind of key it is.
_PREFIX, _STORY, _KIND = "\x1fp", "\x1fs", "\x1fk"
_ID, _NAME, _PLACE = "\x1fi", "\x1fn", "\x1fP"
_OUTLET, _SOURCE, _COUNTRY, _LANGUAGE = "\x1fo", "\x1fO", "\x1fc", "\x1fl"
_CELL, _ACT = "\x1fg", "\x1fa"
_SIDES = {"holder": ("\x1fh", "\x1fH"), "target": ("\x1ft", "\x1fT")}
_ONE_OF = {
    "country": _COUNTRY,
    "outlet": _OUTLET,
    "lang": _LANGUAGE,
    "source_country": _SOURCE,
    "story": _STORY,
    "kind": _KIND,
}

USUAL = {
    _PREFIX: 0.2,
    _ID: 0.003,
    _NAME: 0.003,
    _PLACE: 0.003,
    _STORY: 0.0001,
    _KIND: 0.2,
    _OUTLET: 0.01,
    _SOURCE: 0.2,
    _COUNTRY: 0.1,
    _LANGUAGE: 0.9,
    _CELL: 0.02,
    _ACT: 0.1,
}
"""The share of articles that have a key of a kind, as a rule; what is counted of one soon says more."""

USUAL_SIDE, USUAL_TERM = 0.01, 0.02


def usual(key: str) -> float:
    """The share of articles that may have this key, before any was counted."""
    if key[0] != "\x1f":
        return USUAL_TERM
    return USUAL.get(key[:2], USUAL_SIDE)


def ways_of(criteria: Criteria) -> Ways:
    """The ways in which an article can answer."""
    return _together(map(_ways, criteria.every_ask))


def keys_of(reading: Reading) -> set[str]:
    """Every key that an article has."""
    article, moment = reading.enriched.article, reading.enriched.moment
    terms = reading.title.terms | reading.text.terms
    keys = {*terms, *(f"{_PREFIX}{term[:SHORTEST]}" for term in terms)}
    keys.update(f"{_ID}{one}" for one in reading.entity_ids)
    keys.update(f"{_NAME}{name}" for name in reading.entity_names)
    keys.update(f"{_PLACE}{name}" for name in reading.place_names)
    keys.update(f"{_COUNTRY}{country}" for country in reading.countries)
    keys.update(f"{_STORY}{story}" for story in (moment.story, *(moment.so_far.merged if moment.so_far else ())))
    keys.update(f"{_KIND}{development.kind}" for development in moment.developments)
    keys.update((f"{_OUTLET}{article.outlet.domain}", f"{_LANGUAGE}{article.language}"))
    keys.add(f"{_SOURCE}{article.outlet.country or ''}")
    for lat, lon in reading.points:
        keys.update(_cell(side, math.floor(lat / side), math.floor(lon / side)) for side in CELLS)
    for stance in reading.enriched.annotated.stances:
        keys.add(f"{_ACT}{stance.act}")
        acting = countries_acted_for(stance, reading.by_id)
        for role, who, name, country in (
            ("holder", stance.holder, stance.holder_name, acting[0]),
            ("target", stance.target, stance.target_name, acting[1]),
        ):
            one, every = _SIDES[role]
            keys.update((f"{one}{who}", f"{one}{fold(name)}", f"{every}{country}"))
    return keys


def _ways(ask: Ask) -> Ways:
    match ask:
        case All():
            return _together(map(_ways, ask.of))
        case AnyOf():
            parts = [_ways(part) for part in ask.of]
            either = tuple(dict.fromkeys(way for part in parts for way in part.ways))
            return ANY_WAY if frozenset() in either else Ways(either, all(part.exact for part in parts))
        case Word() | Phrase():
            terms = frozenset(term for term, _ in english.terms(ask.text))
            # Several terms of one word stand anywhere, those of a phrase side by side.
            return Ways((terms,), exact=ask.field == "both" and (len(terms) == 1 or isinstance(ask, Word)))
        case Prefix():
            itself = frozenset(term for term, _ in english.terms(ask.text))
            begins = frozenset((f"{_PREFIX}{english.lowered(ask.text)[:SHORTEST]}",))
            return Ways((begins, itself) if itself else (begins,), exact=False)
        case Named():
            named = _named(ask.who)
            if ask.kind == "entity":
                return named
            places = _one_of(_PLACE, (fold(ask.who),)).ways if ask.kind == "place" else ()
            return Ways((*named.ways, *places), exact=False)
        case OneOf():
            return _one_of(_ONE_OF[ask.field], ask.values)
        case asked.Near():
            return _near(ask)
        case asked.Box():
            return _box(ask)
        case asked.Stance():
            return _stance(ask)
        case Not() | asked.When() | asked.Novelty():
            return ANY_WAY


def _together(parts: Iterable[Ways]) -> Ways:
    """The ways to meet all the parts, those with few ways first, as long as there are not too many."""
    together, exact = ANY_WAY.ways, True
    for part in sorted(parts, key=lambda part: len(part.ways)):
        if len(together) * len(part.ways) <= MOST_WAYS or together == ANY_WAY.ways:
            together = tuple(dict.fromkeys(one | other for one, other in product(together, part.ways)))
            exact = exact and part.exact
        else:
            exact = False
    return Ways(together, exact)


def _one_of(kind: str, given: Iterable[str]) -> Ways:
    return Ways(tuple(frozenset((f"{kind}{value}",)) for value in given), exact=True)


def _named(who: str) -> Ways:
    return Ways((frozenset((f"{_ID}{who}",)), frozenset((f"{_NAME}{fold(who)}",))), exact=True)


def _stance(asks: values.StanceAsk) -> Ways:
    parts = []
    for role, who in (("holder", asks.holder), ("target", asks.target)):
        if who is None:
            continue
        one, every = _SIDES[role]
        side = side_of(who)
        names = () if side.name is None else dict.fromkeys((side.name, fold(side.name)))
        countries = () if side.country is None else (f"{every}{side.country}",)
        parts.append(_one_of("", (*(f"{one}{name}" for name in names), *countries)))
    if asks.act:
        parts.append(_one_of(_ACT, asks.act))
    # On one and the same stance, of such a polarity: that is asked of the whole.
    return Ways(_together(parts).ways, exact=False)


def _near(near: values.Near) -> Ways:
    # A little more than the circle, for what is rounded on either side.
    angle = near.km / 6_371 + 1e-4
    degrees = math.degrees(angle)
    south, north = near.lat - degrees, near.lat + degrees
    if south <= -90 or north >= 90:
        return _cells(south, north, -180, 180)
    across = math.degrees(math.asin(min(1.0, math.sin(min(angle, math.pi / 2)) / math.cos(math.radians(near.lat)))))
    return _cells(south, north, near.lon - across, near.lon + across)


def _box(box: values.Box) -> Ways:
    rounded = 1e-4
    east = box.east if box.west <= box.east else box.east + 360
    return _cells(box.south - rounded, box.north + rounded, box.west - rounded, east + rounded)


def _cells(south: float, north: float, west: float, east: float) -> Ways:
    for side in CELLS:
        rows = range(math.floor(max(south, -90) / side), math.floor(min(north, 90) / side) + 1)
        columns = range(math.floor(west / side), math.floor(east / side) + 1)
        if len(rows) * len(columns) <= MOST_CELLS:
            around = 360 // side
            # The last meridian is the first, and kept as either.
            wrapped = {(column + around // 2) % around - around // 2 for column in columns}
            if -around // 2 in wrapped:
                wrapped.add(around // 2)
            cells = _one_of("", (_cell(side, row, column) for row in rows for column in sorted(wrapped)))
            return Ways(cells.ways, exact=False)
    return ANY_WAY


def _cell(side: int, row: int, column: int) -> str:
    return f"{_CELL}{side}:{row}:{column}"
