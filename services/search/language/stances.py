"""Read what stands in `stance:(…)`: everything in it is asked of one and the same stance."""

import difflib
import struct
from typing import Any

from luqum import tree as lucene

from services.search.asked import Ask, Stance
from services.search.language.items import Items

FIELDS = ("holder", "target", "polarity", "act", "quoted")
EXAMPLE = "stance:(holder:RU target:KP polarity:[0.3 TO 1])"


def stance_of(items: Items, field: lucene.SearchField) -> Ask:
    """The stance that a field asks for."""
    if not isinstance(field.expr, lucene.BaseGroup):
        raise items.no(field, "what is asked of a stance stands in brackets", EXAMPLE)
    inner = field.expr.expr
    asked: dict[str, Any] = {}
    for part in _parts(items, inner):
        if not isinstance(part, lucene.SearchField):
            raise items.no(part, f"of a stance, {', '.join(FIELDS)} can be asked", EXAMPLE)
        if part.name not in FIELDS:
            close = difflib.get_close_matches(part.name.lower(), FIELDS, n=1)
            hint = f"{close[0]}:{items.said(part).partition(':')[2]}" if close else None
            raise items.no(part, f"a stance has no {part.name}; it has {', '.join(FIELDS)}", hint)
        if part.name in asked or (part.name == "polarity" and "polarity_min" in asked):
            raise items.no(part, f"one stance has one {part.name}; for another, write another stance:(…)")
        asked |= _part(items, part)
    return items.made(field, lambda: Stance(**asked))


def _parts(items: Items, inner: lucene.Item) -> list[lucene.Item]:
    match inner:
        case lucene.UnknownOperation() | lucene.AndOperation():
            return [each for part in inner.children for each in _parts(items, part)]
        case lucene.OrOperation() | lucene.Not() | lucene.Prohibit() | lucene.Plus():
            raise items.no(
                inner, "one stance meets all that stands in its brackets", "stance:(…) OR stance:(…), NOT stance:(…)"
            )
        case lucene.BaseGroup():
            return _parts(items, inner.expr)
    return [inner]


def _part(items: Items, part: lucene.SearchField) -> dict[str, Any]:
    name, inner = part.name, part.expr
    match name:
        case "polarity":
            return _polarity(items, inner)
        case "act":
            return {"act": tuple(items.value(each, "act") for each in _one_of(items, inner))}
        case "quoted":
            if (said := items.value(inner, "quoted").lower()) not in ("true", "false"):
                raise items.no(inner, "true or false is expected", "quoted:true")
            return {"quoted": said == "true"}
    return {name: items.value(inner, name)}


def _one_of(items: Items, inner: lucene.Item) -> list[lucene.Item]:
    if isinstance(inner, lucene.BaseGroup):
        return _one_of(items, inner.expr)
    return list(inner.children) if isinstance(inner, lucene.OrOperation) else [inner]


def _polarity(items: Items, inner: lucene.Item) -> dict[str, Any]:
    if not isinstance(inner, lucene.Range | lucene.OpenRange):
        raise items.no(inner, "a range from -1 (against) to 1 (for) is expected", "polarity:[0.3 TO 1]")
    low, high, low_in, high_in = items.bounds(inner)
    least, most = items.number(inner, low), items.number(inner, high)
    if any(bound is not None and not -1 <= bound <= 1 for bound in (least, most)):
        raise items.no(inner, "a polarity is from -1 (against) to 1 (for)", "polarity:[0.3 TO 1]")
    asked = {}
    if least is not None:
        asked["polarity_min"] = least if low_in else _next(least, up=True)
    if most is not None:
        asked["polarity_max"] = most if high_in else _next(most, up=False)
    return asked


def _next(number: float, *, up: bool) -> float:
    """The next number that the index tells apart: it keeps 32 bits."""
    (bits,) = struct.unpack("<i", struct.pack("<f", number + 0.0))
    if bits == 0:
        bits = 1 if up else -(2**31) + 1
    else:
        bits += 1 if up == (bits > 0) else -1
    following: float = struct.unpack("<f", struct.pack("<i", bits))[0]
    return following
