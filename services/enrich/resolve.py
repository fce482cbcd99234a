"""Answer a batch of articles with marked mentions: for each mention the place that it means."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from schemas.annotations import Place
from services.enrich.gazetteer import Gazetteer
from services.enrich.places import resolve_mentions


def resolve(lines: Iterable[str], gazetteer: Gazetteer) -> Iterator[dict[str, Any]]:
    """One answer a line, in order: `places` has one for each of the line's `mentions`, null where none is known.

    A line that cannot be read gives its id, if it has one, and the error; the rest goes on.
    """
    for line in lines:
        asked: Any = None
        try:
            asked = json.loads(line)
            spans = [(int(mention["start"]), int(mention["end"])) for mention in asked["mentions"]]
            text = asked["text"]
            _check(text, spans)
        except (ValueError, TypeError, KeyError) as wrong:
            identity = asked.get("id") if isinstance(asked, dict) else None
            yield {"id": identity, "error": f"{type(wrong).__name__}: {wrong}"}
            continue
        places = resolve_mentions(text, spans, gazetteer)
        yield {
            "id": asked.get("id"),
            "places": [_told(place, *span) for place, span in zip(places, spans, strict=True)],
        }


def _check(text: Any, spans: list[tuple[int, int]]) -> None:
    if not isinstance(text, str):
        raise TypeError("text is not a string")
    for start, end in spans:
        if not 0 <= start < end <= len(text):
            raise ValueError(f"a mention at {start}:{end} lies outside a text of {len(text)} characters")


def _told(place: Place | None, start: int, end: int) -> dict[str, Any] | None:
    if place is None:
        return None
    return {"start": start, "end": end, **place.model_dump(exclude={"spans"})}
