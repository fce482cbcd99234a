"""Read the gallery's cases, and say in words where a reading departs from what a case expects."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schemas.annotations import AnnotatedArticle, Entity, Place

CASES = Path(__file__).with_name("cases.toml")
NEAR_KM = 161
"""Within this a place counts as found: 100 miles, the measure of the field."""

_KIND = "(?:person|organization|location|other|reference)"
_MENTION = re.compile(rf"\[([^\]]+)\]\(({_KIND}(?:/{_KIND})*)(\??)((?: [^)]*)?)\)")
_TOKEN = re.compile(r"(?P<qid>!?Q\d+)|@(?P<where>\S+)|=(?P<country>[A-Z]{2})|#(?P<group>\w+)")


class BadCase(ValueError):
    """A case of the gallery is not written as its head says."""


@dataclass(frozen=True)
class Expected:
    """One marked mention, and what must hold of it."""

    start: int
    end: int
    kinds: tuple[str, ...]
    optional: bool = False
    qid: str | None = None
    not_qid: str | None = None
    where: tuple[str, ...] = ()
    country: str | None = None
    group: str | None = None

    @property
    def is_reference(self) -> bool:
        """Does it speak of someone without a name?"""
        return "reference" in self.kinds


@dataclass(frozen=True)
class Case:
    """A text with what is to be read in it; `fails` says why it does not hold yet."""

    name: str
    text: str
    expected: tuple[Expected, ...]
    focus: str | None = None
    published: str | None = None
    fails: str | None = field(default=None, compare=False)

    def row(self) -> dict[str, Any]:
        """The article, as the batch commands take it."""
        return {"id": self.name, "text": self.text} | ({"published": self.published} if self.published else {})


def cases(path: Path = CASES) -> tuple[Case, ...]:
    """All cases, in their order. Raises BadCase."""
    found = tuple(_case(row) for row in tomllib.loads(path.read_text("utf-8"))["case"])
    names = [case.name for case in found]
    if len(set(names)) < len(names):
        raise BadCase("two cases have one name")
    return found


def _case(row: dict[str, str]) -> Case:
    text, expected, at = "", [], 0
    for mention in _MENTION.finditer(row["text"]):
        text += row["text"][at : mention.start()]
        expected.append(_expected(mention, len(text)))
        text, at = text + mention[1], mention.end()
    text += row["text"][at:]
    if "](" in text:
        raise BadCase(f"{row['name']}: a mention is not closed, or of no known kind")
    return Case(row["name"], text, tuple(expected), row.get("focus"), row.get("published"), row.get("fails"))


def _expected(mention: re.Match[str], start: int) -> Expected:
    asked: dict[str, Any] = {}
    for word in mention[4].split():
        token = _TOKEN.fullmatch(word)
        if token is None:
            raise BadCase(f"{word!r} after {mention[1]!r} says nothing that can be judged")
        if token["qid"]:
            asked["not_qid" if word.startswith("!") else "qid"] = token["qid"].lstrip("!")
        elif token["where"]:
            asked["where"] = (*asked.get("where", ()), token["where"])
        else:
            asked |= {"country": token["country"]} if token["country"] else {"group": token["group"]}
    return Expected(start, start + len(mention[1]), tuple(mention[2].split("/")), bool(mention[3]), **asked)


def faults(case: Case, read: AnnotatedArticle) -> list[str]:
    """Everything in which the reading is not what the case expects, in words; empty where it holds."""
    entities = {(span.start, span.end): entity for entity in read.entities for span in entity.spans}
    references = {(span.start, span.end): entity for entity in read.entities for span in entity.references}
    found = [
        *_names(case, entities),
        *_references(case, references),
        *_groups(case, references | entities),
        *_places(case, read.places),
    ]
    focus = read.focus.country if read.focus else "none"
    if case.focus is not None and focus != case.focus:
        found.append(f"it is about {focus}, not {case.focus}")
    return found


def _names(case: Case, entities: dict[tuple[int, int], Entity]) -> Iterator[str]:
    marked = {(each.start, each.end) for each in case.expected}
    for each in case.expected:
        if each.is_reference:
            continue
        entity = entities.get((each.start, each.end))
        words = case.text[each.start : each.end]
        if entity is None:
            if not each.optional:
                yield f"[{words}] is not found"
        else:
            yield from (f"[{words}] {fault}" for fault in _of_one(each, entity))
    for start, end in sorted(entities.keys() - marked):
        # What is named inside a reference ("the North Korean leader") is not judged.
        if not any(each.is_reference and each.start <= start and end <= each.end for each in case.expected):
            yield f"[{case.text[start:end]}] is taken for a name: {entities[start, end].kind}"


def _references(case: Case, references: dict[tuple[int, int], Entity]) -> Iterator[str]:
    marked = {(each.start, each.end) for each in case.expected if each.is_reference}
    for start, end in sorted(marked - references.keys()):
        yield f"[{case.text[start:end]}] is not taken for anybody named"
    for start, end in sorted(references.keys() - marked):
        yield f"[{case.text[start:end]}] is taken for {references[start, end].name}"


def _of_one(each: Expected, entity: Entity) -> Iterator[str]:
    if entity.kind not in each.kinds:
        yield f"is {entity.kind}, not {' or '.join(each.kinds)}"
    if each.qid is not None and entity.wikidata != each.qid:
        yield f"is {entity.wikidata or 'without an id'}, not {each.qid}"
    if each.not_qid is not None and entity.wikidata == each.not_qid:
        yield f"is {entity.wikidata}, which it is not"
    if each.country is not None and entity.country != each.country:
        yield f"is or acts for {entity.country or 'no country'}, not {each.country}"


def _groups(case: Case, entities: dict[tuple[int, int], Entity]) -> Iterator[str]:
    grouped = [each for each in case.expected if each.group and (each.start, each.end) in entities]
    for number, one in enumerate(grouped):
        for other in grouped[:number]:
            same = entities[one.start, one.end].id == entities[other.start, other.end].id
            if same is not (one.group == other.group):
                pair = f"[{case.text[other.start : other.end]}] and [{case.text[one.start : one.end]}]"
                yield f"{pair} are {'one' if same else 'two'}"


def _places(case: Case, places: tuple[Place, ...]) -> Iterator[str]:
    spans = [(span.start, span.end, place) for place in places for span in place.spans]
    for each in case.expected:
        here = [place for start, end, place in spans if start < each.end and each.start < end]
        words = case.text[each.start : each.end]
        for wanted in each.where:
            if wanted == "-" and here:
                yield f"[{words}] is put on the map: {here[0].name}"
            if wanted != "-" and not any(_lies(place, wanted) for place in here):
                yield f"[{words}] is put at {_told(here[0]) if here else 'no place'}, not {wanted}"
    for start, end, place in spans:
        if not any(start < each.end and each.start < end for each in case.expected):
            yield f"[{case.text[start:end]}] is put on the map: {place.name}"


def _lies(place: Place, wanted: str) -> bool:
    if "," not in wanted:
        return place.country == wanted
    lat, lon = (float(number) for number in wanted.split(","))
    return kilometres(place.lat, place.lon, lat, lon) <= NEAR_KM


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The way between two points over a round earth."""
    half_lat, half_lon = math.radians(lat2 - lat1) / 2, math.radians(lon2 - lon1) / 2
    across = math.cos(math.radians(lat1)) * math.cos(math.radians(lat2)) * math.sin(half_lon) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(math.sin(half_lat) ** 2 + across)))


def _told(place: Place) -> str:
    return f"{place.name} ({', '.join(filter(None, (place.admin1, place.country)))})"
