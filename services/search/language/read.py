"""Read a question in the query language into a tree: luqum knows the grammar, and here is what its parts mean.

docs/query-language.md has the language as its readers see it; `written` is the way back.
"""

import difflib
import re
from functools import lru_cache
from typing import cast, get_args

from luqum import tree as lucene
from luqum.exceptions import ParseError
from luqum.thread import parse

from schemas.story import DevelopmentKind
from services.search.asked import (
    MOST_PARTS,
    All,
    AnyOf,
    Ask,
    Box,
    Named,
    NameKind,
    Not,
    Novelty,
    OneOf,
    OneOfField,
    Phrase,
    Prefix,
    TextField,
    TimeField,
    When,
    Word,
)
from services.search.language.items import Items, unescaped, wildcard
from services.search.language.scan import NotUnderstood, PointOf, Scanned, restored, scan
from services.search.language.stances import FIELDS as STANCE_FIELDS
from services.search.language.stances import stance_of
from services.search.moments import is_stretch
from services.search.points import UnknownPlace, point_of
from services.search.trees import DEEPEST, TooCostly, affordable

LONGEST = 4_000
"""Characters of a question: four pages of a book; more is a document, and each of its words a clause."""

_TEXTS = ("title", "body")
_NAMES = get_args(NameKind)
_TIMES = get_args(TimeField)
_ONE_OF = {**{field: field for field in get_args(OneOfField)}, "development": "kind"}
FIELDS = (*_TEXTS, *_NAMES, *_ONE_OF, *_TIMES, "novelty", "near", "box", "stance")
"""What may stand before a colon."""

_MEANT = {
    "text": "body",
    "language": "lang",
    "outlet_country": "source_country",
    "organization": "org",
    "organisation": "org",
    "location": "place",
    "source": "outlet",
    "domain": "outlet",
    "date": "published",
}
_WHERE = re.compile(r"at position (\d+)!$")
_CORNER = re.compile(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")
_RANGES = {"published": "[now-7d TO now]", "seen": "[now-1d TO now]", "novelty": ">=0.6", "box": "[30,122 TO 46,146]"}


def read(text: str, point_of: PointOf = point_of) -> Ask:
    """The question as a tree; raises `NotUnderstood`, with the place and what could be written there."""
    return _read(text, point_of)[0]


def with_points(text: str, point_of: PointOf = point_of) -> str:
    """The same question with its places written as the points that they are now, so that it means the same for ever."""
    return _read(text, point_of)[1]


# One request reads its question several times; the largest trees take 430 kB each, so that few are remembered.
@lru_cache(maxsize=200)
def _read(text: str, point_of: PointOf) -> tuple[Ask, str]:
    if len(text) > LONGEST:
        raise NotUnderstood(f"a question has at most {LONGEST:,} characters, not {len(text):,}", LONGEST)
    if not text.strip():
        raise NotUnderstood("at least one word is expected", 0)
    scanned = scan(text, point_of)
    try:
        parsed = parse(scanned.text)
    except ParseError as error:
        raise _misplaced(text, str(error)) from None
    try:
        tree = affordable(_Reader(text, scanned, point_of).ask(parsed))
    except TooCostly as error:
        raise NotUnderstood(f"{error}; ask for less, or make it several questions", 0) from None
    if len(scanned.resolved) > LONGEST:
        raise NotUnderstood(f"with the points of its places written out, it has more than {LONGEST:,} characters", 0)
    return tree, scanned.resolved


def _misplaced(text: str, error: str) -> NotUnderstood:
    found = _WHERE.search(error)
    if found is None or (at := int(found[1])) >= len(text):
        return NotUnderstood("something is missing at the end", len(text.rstrip()))
    sign = re.match(r"\w+|.", text[at:], re.DOTALL)
    return NotUnderstood(
        f"{sign[0] if sign else '?'} cannot stand here; in quotation marks or after a backslash it is plain text", at
    )


class _Reader:
    """Gives luqum's items their meaning; `field` is the one whose brackets an item stands in."""

    def __init__(self, text: str, scanned: Scanned, point_of: PointOf) -> None:
        self._items = Items(text)
        self._point_of = point_of
        self._nears = scanned.nears
        self._depth = 0

    def ask(self, item: lucene.Item, field: str | None = None) -> Ask:
        """What an item asks."""
        self._depth += 1
        if self._depth > 4 * DEEPEST:
            raise self._items.no(item, f"parts lie within parts more than {DEEPEST} deep")
        try:
            return self._ask(item, field)
        finally:
            self._depth -= 1

    def _ask(self, item: lucene.Item, field: str | None) -> Ask:
        match item:
            case lucene.BaseGroup():
                return self.ask(item.expr, field)
            case lucene.UnknownOperation() | lucene.AndOperation():
                return All(of=self._each(self._all_of(item), field))
            case lucene.OrOperation():
                return self._any(item, field)
            case lucene.Plus():
                return self.ask(item.a, field)
            case lucene.Not() | lucene.Prohibit():
                return Not(of=self.ask(item.a, field))
            case lucene.SearchField():
                return self._field(item, field)
            case lucene.Range() | lucene.From() | lucene.To():
                return self._range(item, field)
            case lucene.Word() | lucene.Phrase():
                return self._leaf(item, field)
        raise self._items.no(item, "this is not part of the language")

    def _all_of(self, item: lucene.Item) -> list[lucene.Item]:
        """The parts of one run of AND, written or not."""
        parts: list[lucene.Item] = []
        for part in item.children:
            if isinstance(part, lucene.OrOperation):
                raise self._mixed(item)
            nested = isinstance(part, lucene.UnknownOperation | lucene.AndOperation)
            parts += self._all_of(part) if nested else [part]
        return parts

    def _any(self, item: lucene.OrOperation, field: str | None) -> Ask:
        parts = list(item.children)
        for part in parts:
            if isinstance(part, lucene.UnknownOperation | lucene.AndOperation):
                raise self._mixed(item)
            if isinstance(part, lucene.Plus):
                raise self._items.no(
                    part, "+ asks for what OR leaves open", f"AND, or leave + out of {self._items.said(part)}"
                )
        if field is not None and field in _ONE_OF and all(isinstance(part, lucene.Term) for part in parts):
            given = tuple(self._items.value(part, field) for part in parts)
            return self._items.made(item, lambda: OneOf(field=cast("OneOfField", _ONE_OF[field]), values=given))
        return AnyOf(of=self._each(parts, field))

    def _each(self, parts: list[lucene.Item], field: str | None) -> tuple[Ask, ...]:
        if len(parts) > MOST_PARTS:
            raise TooCostly(f"{len(parts):,} parts stand side by side; {MOST_PARTS} are the most")
        return tuple(self.ask(part, field) for part in parts)

    def _mixed(self, item: lucene.Item) -> NotUnderstood:
        said = self._items.said(item)
        return self._items.no(
            item, "AND (also where nothing is written) and OR side by side need brackets", _bracketed(said) or None
        )

    def _field(self, item: lucene.SearchField, within: str | None) -> Ask:
        name = restored(item.name)
        if within is not None:
            if within in _NAMES or within in _ONE_OF:
                return self._valued(item, within)
            raise self._items.no(item, f"{name}: stands inside {within}:, and one field in another asks nothing")
        if name not in FIELDS:
            raise self._unknown(item, name)
        if name == "stance":
            return stance_of(self._items, item)
        inner = item.expr
        if name in ("near", "box", *_TIMES, "novelty") and isinstance(inner, lucene.BaseGroup):
            raise self._items.no(inner, f"{name}: takes one value, in no brackets", _example(name))
        return self.ask(inner, name)

    def _unknown(self, item: lucene.SearchField, name: str) -> NotUnderstood:
        said = self._items.said(item)
        if name.lower() in STANCE_FIELDS:
            return self._items.no(item, f"{name}: stands in a stance only", f"stance:({said})")
        close = _MEANT.get(name.lower()) or next(iter(difflib.get_close_matches(name.lower(), FIELDS, n=1)), None)
        if close is None:
            return self._items.no(
                item, f"there is no field {name}; there are {', '.join(FIELDS)}", f'"{said}" if it is plain text'
            )
        return self._items.no(item, f"there is no field {name}", f"{close}:{said.partition(':')[2]}")

    def _leaf(self, item: lucene.Term, field: str | None) -> Ask:
        if field == "near":
            if (near := self._nears.get(item.pos)) is not None:
                return near
            raise self._items.no(item, "a place or a point, and how far around it, are expected", _example("near"))
        if field is not None and field in _TIMES:
            bound = self._items.value(item, field)
            found = self._items.made(item, lambda: When(field=cast("TimeField", field), low=bound, high=bound))
            if not is_stretch(bound):
                raise self._items.no(item, "a single moment finds nothing; a range is expected", f"{field}:>={bound}")
            return found
        if field in ("box", "novelty"):
            raise self._items.no(item, f"{field}: takes a range", _example(field))
        if field is None or field in _TEXTS:
            return self._text_of(item, cast("TextField", field or "both"))
        return self._valued(item, field)

    def _valued(self, item: lucene.Item, field: str) -> Ask:
        given = self._items.value(item, field)
        if field in _NAMES:
            return self._items.made(item, lambda: Named(kind=cast("NameKind", field), who=given))
        try:
            return self._items.made(item, lambda: OneOf(field=cast("OneOfField", _ONE_OF[field]), values=(given,)))
        except NotUnderstood as error:
            raise self._items.no(item, error.reason, self._meant(field, given)) from None

    def _meant(self, field: str, given: str) -> str | None:
        """What may have been meant by a value that the field does not have."""
        if _ONE_OF[field] == "kind":
            close = difflib.get_close_matches(given.lower(), get_args(DevelopmentKind), n=1, cutoff=0.4)
            return f"{field}:{close[0]}" if close else None
        if field in ("country", "source_country"):
            try:
                return f"{field}:{code}" if (code := self._point_of(given).country) else None
            except UnknownPlace:
                return None
        return None

    def _text_of(self, item: lucene.Term, field: TextField) -> Ask:
        if isinstance(item, lucene.Phrase):
            return self._items.made(item, lambda: Phrase(text=unescaped(item.value[1:-1]), field=field))
        if (at := wildcard(item.value)) is None:
            return self._items.made(item, lambda: Word(text=restored(unescaped(item.value)), field=field))
        text = restored(unescaped(item.value[:at]))
        where = self._items.start(item) + at
        if item.value[at] == "?":
            plain = self._items.said(item).replace("?", "")
            raise NotUnderstood("? stands for no letter here; leave it out, or write \\?", where, plain or None)
        if at == 0:
            plain = self._items.said(item).strip("*")
            raise NotUnderstood("nothing can begin with *, which would be any word there is", where, plain or None)
        if at < len(item.value) - 1:
            raise NotUnderstood("* stands at the end of a word only", where, f"{self._items.said(item)[: at + 1]}")
        return self._items.made(item, lambda: Prefix(text=text, field=field))

    def _range(self, item: lucene.Item, field: str | None) -> Ask:
        if field is None:
            raise self._items.no(
                item, "a range or a comparison belongs to a field", f"published:{_RANGES['published']}"
            )
        if field not in _RANGES:
            raise self._items.no(item, f"{field}: takes no range")
        low, high, low_in, high_in = self._items.bounds(item)
        if field == "box":
            return self._box(item, low, high, whole=low_in and high_in)
        if field == "novelty":
            numbers = self._items.number(item, low), self._items.number(item, high)
            return self._items.made(
                item,
                lambda: Novelty(low=numbers[0], high=numbers[1], low_included=low_in, high_included=high_in),
            )
        return self._items.made(
            item,
            lambda: When(
                field=cast("TimeField", field), low=low, high=high, low_included=low_in, high_included=high_in
            ),
        )

    def _box(self, item: lucene.Item, low: str | None, high: str | None, *, whole: bool) -> Ask:
        corners = _CORNER.fullmatch(low or ""), _CORNER.fullmatch(high or "")
        if not (corners[0] and corners[1] and whole):
            raise self._items.no(
                item, "the south-west and the north-east corner are expected, edges included", _example("box")
            )
        (south, west), (north, east) = corners[0].groups(), corners[1].groups()
        edges = {"south": float(south), "west": float(west), "north": float(north), "east": float(east)}
        return self._items.made(item, lambda: Box(**edges))


def _example(field: str) -> str:
    return f"{field}:{_RANGES.get(field, '“Pyongyang”~100km')}".replace("“", '"').replace("”", '"')


def _bracketed(said: str) -> str:
    """Both ways to say it with brackets, where it is three plain words."""
    words = said.replace(" AND ", " ").split()
    if len(words) != 4 or "OR" not in words[1:3]:
        return ""
    first, *_, last = words
    if words[2] == "OR":
        return f"{first} ({words[1]} OR {last}), or ({first} {words[1]}) OR {last}"
    return f"({first} OR {words[2]}) {last}, or {first} OR ({words[2]} {last})"
