"""Write articles as CSV (RFC 4180), a row each, so that no spreadsheet takes a publisher's words for a formula."""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

Source = Mapping[str, Any]

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With what a cell begins that spreadsheets may run (OWASP's list): full-width signs and white space too."""


def guarded(text: str) -> str:
    """The text, with an apostrophe before it where it could be taken for a formula."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def header() -> str:
    """The first line: the columns' names."""
    return _line(list(COLUMNS))


def row(source: Source) -> str:
    """An article as a line; what it has several of stands in one cell, between semicolons. Texts are guarded, and the
    numbers, which are ours, are not.
    """
    cells = [of(source) for of in COLUMNS.values()]
    return _line([guarded(cell) if isinstance(cell, str) else cell for cell in cells])


def _line(cells: list[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _several(values: list[str]) -> str:
    return "; ".join(dict.fromkeys(values))


def _stance(stance: Source) -> str:
    return f"{stance['holder_name']} → {stance['target_name']} {stance['polarity']:+.2f}"


def _focus(source: Source, *path: str) -> Any:
    found: Any = source.get("focus", {})
    for name in path:
        found = found.get(name, {})
    return None if found == {} else found


COLUMNS: Mapping[str, Callable[[Source], str | int | float | bool | None]] = {
    "id": lambda one: one["id"],
    "url": lambda one: one["url"],
    "title": lambda one: one.get("title"),
    "outlet": lambda one: one["outlet"]["domain"],
    "outlet_name": lambda one: one["outlet"].get("name"),
    "outlet_country": lambda one: one["outlet"].get("country"),
    "language": lambda one: one["language"],
    "published": lambda one: one["published"],
    "seen": lambda one: one["seen"],
    "story": lambda one: one["story"],
    "story_title": lambda one: one.get("story_title"),
    "position": lambda one: one["position"],
    "novelty": lambda one: one["novelty"],
    "duplicate_of": lambda one: one.get("duplicate_of"),
    "focus": lambda one: _focus(one, "name"),
    "focus_country": lambda one: _focus(one, "country"),
    "lat": lambda one: _focus(one, "location", "lat"),
    "lon": lambda one: _focus(one, "location", "lon"),
    "countries": lambda one: _several(one.get("countries", [])),
    "entities": lambda one: _several([entity["name"] for entity in one.get("entities", [])]),
    "entity_ids": lambda one: _several([entity["id"] for entity in one.get("entities", [])]),
    "developments": lambda one: _several(one.get("development_kinds", [])),
    "stances": lambda one: _several([_stance(stance) for stance in one.get("stances", [])]),
}
"""The columns in their order, and what of an article stands in each."""

FIELDS = [
    *("id", "url", "title", "outlet", "language", "published", "seen", "story", "story_title", "position", "novelty"),
    *("duplicate_of", "focus", "countries", "entities.name", "entities.id", "development_kinds"),
    *("stances.holder_name", "stances.target_name", "stances.polarity"),
]
"""The fields of the document that they need."""
