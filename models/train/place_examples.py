"""Read articles whose places someone marked, as `places` would meet them: given the mentions, and from the raw text."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from services.enrich.entities import find_entities
from services.enrich.language_model import LanguageModel
from services.enrich.place_evidence import Evidence, Reading
from services.enrich.place_mentions import Possible, possible_places
from services.enrich.place_senses import Group, Numbers
from services.enrich.places import group_names, people_in
from services.enrich.sentences import split_sentences

NEAR_KM = 161.0
# Of the names that are no marked places this share is learned from: they are ten times as many, and much alike.
_KEPT_OF_OTHERS = 4
_WEIGHT_OF_OTHERS = 0.5
_UNTAUGHT = {"lgl": frozenset({"new york"})}
"""By set, names that it marks alike whatever they mean: in LGL one flies to the state of New York, as to Atlanta."""


@dataclass(frozen=True)
class Tagged:
    """A mention as the names model found it."""

    start: int
    end: int
    kind: str
    confidence: float


@dataclass(frozen=True)
class Marked:
    """One article with its gold marks, and the mentions that the names model finds in it."""

    id: str
    outlet: str
    text: str
    marks: list[dict[str, Any]]
    mentions: list[Tagged]
    untaught: frozenset[str] = frozenset()

    def is_untaught(self, start: int, end: int) -> bool:
        """Is this a name whose marks are not to be learned from?"""
        return self.text[start:end].casefold() in self.untaught


@dataclass
class View:
    """An article's names as groups, and for each what is right: which rows, how many mentions, how much it counts."""

    id: str
    outlet: str
    text: str
    groups: list[Group]
    numbers: list[int | None]
    right: list[Numbers]
    exact: list[Numbers]
    counts: list[int]
    weights: list[float]
    reading: Reading | None
    rows: Numbers
    marked: int


def read_gold(path: Path, mentions_kept: Path | None) -> list[Marked]:
    """The articles of one set; their mentions are kept in a file beside, since the names model is slow."""
    kept = mentions_kept / f"{path.stem}.mentions.json" if mentions_kept else None
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    if kept is not None and kept.exists():
        found = json.loads(kept.read_text(encoding="utf-8"))
    else:
        model = LanguageModel()
        found = {str(row["id"]): list(_mentions(row, model)) for row in rows}
        if kept is not None:
            kept.write_text(json.dumps(found), encoding="utf-8")
    return [
        Marked(
            str(row["id"]),
            row.get("domain") or str(row["id"]),
            row["text"],
            row["toponyms"],
            [Tagged(*mention) for mention in found[str(row["id"])]],
            _UNTAUGHT.get(path.stem, frozenset()),
        )
        for row in rows
    ]


def _mentions(row: dict[str, Any], model: LanguageModel) -> Iterator[tuple[int, int, str, float]]:
    for m in find_entities(row.get("title") or "", row["text"], split_sentences(row["text"]), model):
        yield m.start, m.end, m.kind, m.confidence


def given(article: Marked, evidence: Evidence) -> View:
    """The article as `resolve` meets it: exactly the marked mentions that have a place."""
    marks = [mark for mark in article.marks if mark.get("lat") is not None]
    groups, numbers = group_names(article.text, [(mark["start"], mark["end"]) for mark in marks], evidence)
    meant: list[list[dict[str, Any] | None]] = [[] for _ in groups]
    for mark, number in zip(marks, numbers, strict=True):
        if number is not None:
            meant[number].append(mark)
    return _view(article, evidence, groups, numbers, meant, len(marks))


def homes(articles: Sequence[Marked]) -> dict[str, str]:
    """The country that most of an outlet's marked places lie in, where its set says countries."""
    lands: dict[str, Counter[str]] = defaultdict(Counter)
    for article in articles:
        lands[article.outlet].update(mark["cc"] for mark in article.marks if mark.get("cc"))
    return {outlet: counted.most_common(1)[0][0] for outlet, counted in lands.items() if counted}


def raw(
    article: Marked, evidence: Evidence, outlet_country: str | None = None
) -> tuple[View, list[Possible], frozenset[str]]:
    """The article as `locate` meets it: all that may name a place, of which most are marked as none."""
    possible = possible_places(article.text, article.mentions, evidence.gazetteer)
    groups, numbers = group_names(article.text, [(each.start, each.end) for each in possible], evidence)
    meant: list[list[dict[str, Any] | None]] = [[] for _ in groups]
    for each, number in zip(possible, numbers, strict=True):
        if number is not None:
            meant[number].append(mark_at(article.marks, each.start, each.end))
    marked = sum(mark.get("lat") is not None for mark in article.marks)
    view = _view(article, evidence, groups, numbers, meant, marked, True, outlet_country)
    return view, possible, people_in(article.text, article.mentions)


def mark_at(marks: Sequence[dict[str, Any]], start: int, end: int) -> dict[str, Any] | None:
    """The mark that overlaps these words."""
    return next((mark for mark in marks if start < mark["end"] and mark["start"] < end), None)


def _view(
    article: Marked,
    evidence: Evidence,
    groups: list[Group],
    numbers: list[int | None],
    meant: list[list[dict[str, Any] | None]],
    marked: int,
    are_all: bool = False,
    outlet_country: str | None = None,
) -> View:
    right, exact, weights = [], [], []
    for index, (group, marks) in enumerate(zip(groups, meant, strict=True)):
        placed = [mark for mark in marks if mark is not None and mark.get("lat") is not None]
        none = np.zeros(len(group.sense.candidates))
        near = [km_to(group, mark) <= NEAR_KM for mark in placed]
        same = [[c.geonames == mark.get("geonameid") for c in group.sense.candidates] for mark in placed]
        right.append(_with_none(np.mean(near, axis=0) if placed else none))
        exact.append(_with_none(np.mean(same, axis=0) if placed else none))
        chosen = (index + len(article.text)) % _KEPT_OF_OTHERS == 0
        weight = float(len(placed)) ** 0.5 if placed else _WEIGHT_OF_OTHERS * chosen
        weights.append(0.0 if article.is_untaught(*group.spans[0]) else weight)
    reading = evidence.read(article.text, groups, outlet_country, are_all) if groups else None
    rows = reading.rows() if reading else np.zeros((0, 0))
    counts = [len(marks) for marks in meant]
    return View(
        article.id, article.outlet, article.text, groups, numbers, right, exact, counts, weights, reading, rows, marked
    )


def _with_none(share: Numbers) -> Numbers:
    return np.append(share, 1.0 - share.max())


def km_to(group: Group, mark: dict[str, Any]) -> Numbers:
    """How far each candidate of a group is from where the mark is."""
    lat, lon = np.radians(mark["lat"]), np.radians(mark["lon"])
    there = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return np.asarray(12742 * np.arcsin(np.minimum(1.0, np.linalg.norm(group.sense.points - there, axis=1) / 2)))


def part_of(outlet: str, parts: int) -> int:
    """The fold of an outlet, the same in every run."""
    return sum(ord(sign) * (place + 7) for place, sign in enumerate(outlet)) % parts
