"""Read marked articles as enrich does: names in groups, their candidates, and which of these are right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from services.enrich.actor_evidence import evidence, read
from services.enrich.actor_ranker import SPORTIVE
from services.enrich.actors import is_name
from services.enrich.candidates import Numbers, Sense, Senses
from services.enrich.coreference import Group, grouped
from services.enrich.entities import Mention, find_entities
from services.enrich.knowledge import ActorTable
from services.enrich.language_model import MODEL_FOLDER, LanguageModel
from services.enrich.sentences import split_sentences

PIECE = 400
"""Characters of a piece: news comes as briefs too, where little else is named."""


@dataclass
class Read:
    """One article as the ranker meets it, and for each name how many mentions count, and are right by candidate."""

    source: str
    groups: list[Group]
    senses: list[Sense]
    rows: Numbers
    counted: list[int]
    right: list[list[int]]
    marked: int
    sportive: bool
    piece: bool = False


def marked_articles(path: Path, kept: Path | None) -> Iterator[tuple[dict[str, Any], list[Mention]]]:
    """Each marked article with the names that the tagger finds in it."""
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    known = kept / f"mentions.{path.stem}.jsonl" if kept else None
    if known is not None and known.exists():
        found = [json.loads(line)["mentions"] for line in known.read_text("utf-8").split("\n") if line]
    else:
        model = LanguageModel(MODEL_FOLDER)
        found = []
        for row in rows:
            mentions = find_entities(row.get("title") or "", row["text"], split_sentences(row["text"]), model)
            found.append([[m.start, m.end, m.kind, m.name, m.confidence] for m in mentions])
        if known is not None:
            lines = (json.dumps({"id": row["id"], "mentions": each}) for row, each in zip(rows, found, strict=True))
            known.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    for row, each in zip(rows, found, strict=True):
        yield row, [Mention(*mention) for mention in each]


def read_article(
    row: dict[str, Any], mentions: Sequence[Mention], source: str, table: ActorTable, known: Senses
) -> Read:
    """Group the names as enrich does, and count which candidates are right."""
    first, last = row.get("evaluation_span") or (0, len(row["text"]))
    named = [mark for mark in row["entities"] if not mark.get("coref")]
    ids = {
        (mark["start"], mark["end"]): str(mark["uri"]).rsplit("/", 1)[-1]
        for mark in named
        if mark.get("uri") and not mark.get("optional")
    }
    spare = {(m["start"], m["end"]) for m in row["entities"] if m.get("optional") or m.get("coref")}
    groups = grouped([mention for mention in mentions if is_name(mention.name)], row["text"], table)
    senses = known.of(groups)
    # The titles of the single sentences are addresses.
    title = "" if is_sentence(source) else row.get("title") or ""
    reading = read(row["text"], title, None, groups, senses)
    spans = [
        [(m.start, m.end) for m in group.mentions if first <= m.start < last and (m.start, m.end) not in spare]
        for group in groups
    ]
    return Read(
        source,
        groups,
        senses,
        evidence(groups, senses, reading, table).astype(np.float32),
        [len(each) for each in spans],
        [
            [sum(ids.get(span) == one.id for span in each) for one in sense.candidates]
            for each, sense in zip(spans, senses, strict=True)
        ],
        len(ids),
        reading.sportive > SPORTIVE,
    )


def pieces_of(row: dict[str, Any], mentions: Sequence[Mention]) -> Iterator[tuple[dict[str, Any], list[Mention]]]:
    """The beginning and the middle of an article, as if either were all of it."""
    text, (first, last) = row["text"], row.get("evaluation_span") or (0, len(row["text"]))
    if last - first < 2 * PIECE:
        return
    for near in (first, (first + last) // 2):
        start = 0 if near == 0 else text.find(" ", near) + 1
        end = text.rfind(" ", start, start + PIECE)
        inside = [m for m in mentions if start <= m.start and m.end <= end]
        marks = [m for m in row["entities"] if start <= m["start"] and m["end"] <= end]
        yield (
            {
                **row,
                "text": text[start:end],
                "evaluation_span": None,
                "entities": [{**m, "start": m["start"] - start, "end": m["end"] - start} for m in marks],
            },
            [replace(m, start=m.start - start, end=m.end - start) for m in inside],
        )


def is_sentence(source: str) -> bool:
    """Is this a set of single sentences?"""
    return source.startswith("oke")
