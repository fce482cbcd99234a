"""Read a question before luqum does: refuse what the language does not have, and set aside what luqum would misread.

The text that goes on to luqum has the same length, so that every position in it is one in what the reader wrote. What
is set aside stands there as noncharacters of Unicode, which no question may hold.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from services.search.asked import Near
from services.search.points import Point, UnknownPlace
from services.search.trees import DEEPEST
from services.search.values import HALF_THE_EQUATOR_KM

PointOf = Callable[[str], Point]
"""Where a place of this name is; raises `UnknownPlace`."""

_NEAR, _MINUS, _APOSTROPHE, _COLON = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
_STANDS_FOR = str.maketrans({_MINUS: "-", _APOSTROPHE: "'", _COLON: ":"})
_NO_CHARACTER = re.compile("[\ufdd0-\ufdef]")

_CLOSES = {'"': '"', "“": "”", "„": "“”"}
_PAIRS = {"(": ")", "[": "]}", "{": "]}"}
_NEAR_ASKED = re.compile(r'near:\s*(?:"([^"]*)"|([^\s()"~]+))(?:~([^\s()]*))?')
_DISTANCE = re.compile(r"(\d+(?:\.\d+)?)(km|mi|m)")
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_POINT = re.compile(rf"{_NUMBER},\s*{_NUMBER}")
_NAMED_POINT = re.compile(rf"(.*\S) \({_NUMBER},{_NUMBER}\)")
_COMPARED = re.compile(r"[<>]=?\s*(-?)([^\s()]*)")
_KM = {"km": 1.0, "mi": 1.609344, "m": 0.001}


class NotUnderstood(ValueError):
    """This is not a question in the language: where it goes wrong, counted from 0, and what could be written there."""

    def __init__(self, reason: str, position: int, suggestion: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.position, self.suggestion = reason, position, suggestion

    def __str__(self) -> str:
        hint = f"; write {self.suggestion}" if self.suggestion else ""
        return f"{self.reason} (character {self.position + 1}){hint}"


@dataclass
class Scanned:
    """The text for luqum, what was set aside by the place where it stands, and the question with its points written."""

    text: str
    nears: dict[int, Near] = field(default_factory=dict)
    resolved: str = ""


def restored(value: str) -> str:
    """A piece of what luqum read as the reader wrote it."""
    return value.translate(_STANDS_FOR)


def scan(text: str, point_of: PointOf) -> Scanned:
    """Read the question from its beginning to its end; raises `NotUnderstood`."""
    return _Scan(text, point_of).whole()


class _Scan:
    """One reading of a question, and how far it has come."""

    def __init__(self, text: str, point_of: PointOf) -> None:
        if found := _NO_CHARACTER.search(text):
            raise NotUnderstood("this is no character (U+FDD0 to U+FDEF)", found.start())
        self._said = text
        # luqum's escapes stop at the end of a line.
        self._out = [" " if c.isspace() else c for c in text]
        self._point_of = point_of
        self._open: list[tuple[str, int]] = []
        self._in_word = False
        self._nears: dict[int, Near] = {}
        self._written: list[tuple[int, int, str]] = []

    def whole(self) -> Scanned:
        at = 0
        while at < len(self._said):
            at = self._step(at)
        if self._open:
            opened, where = self._open[-1]
            raise NotUnderstood(f"{opened} is opened and never closed", where)
        resolved, end = [], 0
        for start, until, written in self._written:
            resolved += [self._said[end:start], written]
            end = until
        return Scanned("".join(self._out), self._nears, "".join([*resolved, self._said[end:]]))

    def _step(self, at: int) -> int:
        """Read what begins here, and say where the next begins."""
        sign, said = self._said[at], self._said
        if sign == "\\":
            if said[at + 1 : at + 2].strip() == "":
                raise NotUnderstood("a backslash stands before the sign that it makes plain", at)
            self._in_word = True
            return at + 2
        if sign in _CLOSES:
            return self._phrase(at)
        if said.startswith(("&&", "||"), at):
            raise NotUnderstood(f"{said[at : at + 2]} is no operator here", at, "AND" if sign == "&" else "OR")
        if sign in "~^":
            raise self._no_degree(at)
        if sign.isspace() or sign in ":()[]{}":
            self._in_word = False
            return self._bracket(at) if sign in "()[]{}" else at + 1
        return at + 1 if self._in_word else self._beginning(at)

    def _beginning(self, at: int) -> int:
        """What begins with a sign that means something only at the beginning."""
        sign, said = self._said[at], self._said
        after = said[at + 1 : at + 2]
        if sign in "+-":
            if after.strip() == "":
                raise NotUnderstood(f"{sign} stands directly before what it is for; alone it asks nothing", at)
            return at + 1
        if sign in "<>":
            return self._comparison(at)
        if sign == "/":
            raise NotUnderstood(
                "there are no regular expressions; words, phrases and beginnings of words (pact*) are found", at
            )
        if sign == "!" and after.strip():
            raise NotUnderstood("! is no operator here", at, f"NOT {_word_at(said, at + 1)}")
        self._in_word = True
        if sign == "'":
            self._out[at] = _APOSTROPHE
        if found := _NEAR_ASKED.match(said, at):
            return self._near(found)
        return at + 1

    def _comparison(self, at: int) -> int:
        found = _COMPARED.match(self._said, at)
        assert found is not None
        if found[1]:
            self._out[found.start(1)] = _MINUS
        if found[2].startswith('"'):
            return found.start(2)
        self._without_colons(found.start(2), found.end(2))
        self._in_word = True
        return found.end(2)

    def _phrase(self, at: int) -> int:
        if self._in_word:
            raise NotUnderstood(
                "a quotation mark stands inside a word; a space is expected before it, or a backslash", at
            )
        closes = _CLOSES[self._said[at]]
        end = at + 1
        while end < len(self._said) and self._said[end] not in closes:
            if self._said[end] == '"':
                self._out[end] = " "  # inside “these”: what the analyzer drops
            end += 2 if self._said[end] == "\\" else 1
        if end >= len(self._said):
            raise NotUnderstood("a quotation mark is opened and never closed", at)
        if not self._said[at + 1 : end].strip():
            raise NotUnderstood("there is nothing between two quotation marks", at)
        self._out[at] = self._out[end] = '"'
        if self._said[end + 1 : end + 2] == "~":
            plain = " ".join(self._said[at + 1 : end].split())
            raise NotUnderstood(
                "how far the words of a phrase lie apart cannot be asked", end + 1, f'({plain}) or "{plain}"'
            )
        return end + 1

    def _bracket(self, at: int) -> int:
        sign = self._said[at]
        if sign in _PAIRS:
            self._open.append((sign, at))
            if len(self._open) > DEEPEST:
                raise NotUnderstood(f"brackets lie within brackets more than {DEEPEST} deep", at)
            if sign != "(":
                end = next((n for n in range(at, len(self._said)) if self._said[n] in "]}"), at)
                self._without_colons(at, end)
        elif not self._open or sign not in _PAIRS[self._open.pop()[0]]:
            raise NotUnderstood(f"{sign} closes nothing that was opened", at)
        return at + 1

    def _without_colons(self, start: int, end: int) -> None:
        """The colons of a time of day, which luqum would take for those after a field."""
        quoted = False
        for n in range(start, end):
            quoted ^= self._said[n] == '"'
            if self._said[n] == ":" and not quoted:
                self._out[n] = _COLON

    def _no_degree(self, at: int) -> NotUnderstood:
        said = self._said
        if said[at] == "^":
            return NotUnderstood("no part of a question can count for more than another; leave ^ out", at)
        word = re.search(r"[^\s:()~]*$", said[:at])
        plain = word[0] if word and word[0] else None
        return NotUnderstood(
            "words of a like spelling cannot be asked for; other inflections are found anyway", at, plain
        )

    def _near(self, found: "re.Match[str]") -> int:
        quoted, plain, far = found.groups()
        start, name = found.start(), " ".join((quoted if quoted is not None else plain).split())
        if not far or not (distance := _DISTANCE.fullmatch(far)):
            where = found.start(3) if far is not None else found.end()
            raise NotUnderstood(
                "how far around it is expected, in km, mi or m", where, f"near:{_quoted(name, quoted)}~100km"
            )
        km = float(distance[1]) * _KM[distance[2]]
        if not 0 < km <= HALF_THE_EQUATOR_KM:
            raise NotUnderstood(f"a distance is above 0 and at most {HALF_THE_EQUATOR_KM:,} km", found.start(3))
        self._nears[start + len("near:")] = near = self._around(name, km, found.start(1 if quoted is not None else 2))
        if near.name is not None:
            self._written.append((start, found.end(), written_near(near, f"{distance[1]}{distance[2]}")))
        self._out[start + len("near:") : found.end()] = _NEAR * (found.end() - start - len("near:"))
        return found.end()

    def _around(self, name: str, km: float, at: int) -> Near:
        try:
            if point := _POINT.fullmatch(name):
                return Near(lat=float(point[1]), lon=float(point[2]), km=km)
            if point := _NAMED_POINT.fullmatch(name):
                return Near(name=point[1], lat=float(point[2]), lon=float(point[3]), km=km)
        except ValueError:
            raise NotUnderstood(
                "a latitude (-90 to 90) and a longitude (-180 to 180) are expected", at, "39.03,125.75"
            ) from None
        try:
            place = self._point_of(name)
        except UnknownPlace as error:
            suggestion = " or ".join(f'near:"{like}"~{km:g}km' for like in error.like) or None
            raise NotUnderstood(str(error), at, suggestion) from None
        return Near(name=name, lat=place.lat, lon=place.lon, km=km)


def written_near(near: Near, distance: str) -> str:
    """The place as it is written with the point that was found for it, so that it means the same ever after."""
    point = f"{plain_number(near.lat)},{plain_number(near.lon)}"
    return f"near:{point}~{distance}" if near.name is None else f'near:"{near.name} ({point})"~{distance}'


def plain_number(number: float) -> str:
    """A number in digits, without an exponent."""
    return format(Decimal(repr(number)), "f").removesuffix(".0")


def _quoted(name: str, quoted: str | None) -> str:
    return name if quoted is None and _POINT.fullmatch(name) else f'"{name}"'


def _word_at(said: str, at: int) -> str:
    found = re.match(r"[^\s()]+", said[at:])
    return found[0] if found else "…"
