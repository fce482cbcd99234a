"""Write a tree in the query language: what is written here is read as the same tree again."""

import re

from services.search.asked import (
    All,
    AnyOf,
    Ask,
    Box,
    Named,
    Near,
    Not,
    Novelty,
    OneOf,
    Phrase,
    Prefix,
    Stance,
    When,
    Word,
)
from services.search.language.scan import plain_number, written_near


def written(ask: Ask) -> str:
    """The question as somebody would write it; a list of a single part is written as the part."""
    match ask:
        case All():
            return " ".join(map(_inside, ask.of))
        case AnyOf():
            return " OR ".join(map(_inside, ask.of))
        case Not():
            return f"NOT {_inside(ask.of)}"
        case Word():
            return f"{_field(ask)}{plain(ask.text)}"
        case Phrase():
            return f"{_field(ask)}{quoted(ask.text)}"
        case Prefix():
            return f"{_field(ask)}{plain(ask.text)}*"
        case Named():
            return f"{ask.kind}:{value(ask.who)}"
        case OneOf():
            values = " OR ".join(map(value, ask.values))
            return f"{ask.field}:({values})" if len(ask.values) > 1 else f"{ask.field}:{values}"
        case When():
            low, high = (None if bound is None else value(bound) for bound in (ask.low, ask.high))
            return f"{ask.field}:{_range(ask, low, high)}"
        case Novelty():
            low, high = (None if bound is None else plain_number(bound) for bound in (ask.low, ask.high))
            return f"novelty:{_range(ask, low, high)}"
        case Near():
            return written_near(ask, f"{plain_number(ask.km)}km")
        case Box():
            south, west, north, east = map(plain_number, (ask.south, ask.west, ask.north, ask.east))
            return f"box:[{south},{west} TO {north},{east}]"
        case Stance():
            return _stance(ask)


_ANYWHERE = re.compile(r'([\\:^~(){}\[\]"“„*?]|&(?=&)|\|(?=\|))')
_AT_THE_BEGINNING = re.compile(r"(?=[-+!/<>'])|(?=(?:AND|OR|NOT|TO)$)")
_BARE = re.compile(r"(?!(?:AND|OR|NOT|TO)$)[A-Za-z0-9][A-Za-z0-9_.+/-]*")


def plain(text: str) -> str:
    """A word with a backslash before each sign that would mean something there."""
    return ("\\" if _AT_THE_BEGINNING.match(text) else "") + _ANYWHERE.sub(r"\\\1", text)


def value(text: str) -> str:
    """A name, code or bound; between quotation marks where it is not plain letters and digits."""
    return text if _BARE.fullmatch(text) else quoted(text)


def quoted(text: str) -> str:
    """A value or a phrase between quotation marks."""
    return '"' + re.sub(r'(["\\“”„])', r"\\\1", text) + '"'


def _inside(ask: Ask) -> str:
    several = isinstance(ask, All | AnyOf) and len(ask.of) > 1
    return f"({written(ask)})" if several else written(ask)


def _field(ask: Word | Phrase | Prefix) -> str:
    return "" if ask.field == "both" else f"{ask.field}:"


def _range(ask: When | Novelty, low: str | None, high: str | None) -> str:
    opens, closes = "[" if ask.low_included else "{", "]" if ask.high_included else "}"
    return f"{opens}{low or '*'} TO {high or '*'}{closes}"


def _stance(ask: Stance) -> str:
    parts = [f"{side}:{value(who)}" for side, who in (("holder", ask.holder), ("target", ask.target)) if who]
    parts.append(f"polarity:[{plain_number(ask.polarity_min)} TO {plain_number(ask.polarity_max)}]")
    if ask.act:
        parts.append(f"act:({' OR '.join(ask.act)})" if len(ask.act) > 1 else f"act:{ask.act[0]}")
    if ask.quoted is not None:
        parts.append(f"quoted:{str(ask.quoted).lower()}")
    return f"stance:({' '.join(parts)})"
