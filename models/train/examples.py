"""What the encoder learns from: names in groups of neighbouring sentences, and stances between marked words.

Only files named `*.train.jsonl` are read, so that nothing that measures the model can teach it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models.train.network import TAGS
from models.train.renamed import Names, renamed
from services.enrich.wordpieces import Asked, Pieces, WordPieces, asked_for_names, asked_for_stance

MOST_PIECES = 128
UNTAGGED = -100
_TAG = {tag: number for number, tag in enumerate(TAGS)}

# Neutral pairs of DSE drawn for each that takes a side: five in six of its pairs are neutral, and with all of them the
# model learns little else.
NEUTRALS_A_SIDE = 1.5


@dataclass(frozen=True, slots=True)
class Example:
    """One row, and what is to be learnt from it: a tag for each piece, or one stance."""

    asked: Asked
    tags: tuple[int, ...] = ()
    stance: int = UNTAGGED


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with its names: (start, end, kind)."""

    text: str
    names: tuple[tuple[int, int, str], ...]


def names_epoch(data: Path, pieces: WordPieces, names: Names, chance: random.Random) -> list[Example]:
    """One epoch of names: wire documents cut anew into groups, and the few political sentences twice."""
    groups = [group for row in _rows(data / "ner/conll2003pp.train.jsonl") for group in _groups(_labelled(row), chance)]
    groups += [_labelled(row) for row in _rows(data / "ner/crossner_politics.train.jsonl")] * 2
    groups = [_altered(group, names, chance) for group in groups]
    return [
        _tagged(group, found, first)
        for group in groups
        for found in [pieces.read(group.text)]
        for first in range(0, len(found.ids), MOST_PIECES - 2)
    ]


def _groups(document: Labelled, chance: random.Random) -> Iterator[Labelled]:
    """Cut a document, one sentence a line, into groups of one to three lines."""
    ends = [at for at, character in enumerate(document.text) if character == "\n"] + [len(document.text)]
    start = 0
    while ends:
        taken = ends[: chance.choice((1, 1, 2, 3))]
        del ends[: len(taken)]
        end = taken[-1]
        if document.text[start:end].strip():
            inside = tuple((a - start, b - start, kind) for a, b, kind in document.names if start <= a and b <= end)
            yield Labelled(document.text[start:end].replace("\n", " "), inside)
        start = end + 1


def _altered(group: Labelled, names: Names, chance: random.Random) -> Labelled:
    """Now and then a headline's capitals, or other people's names: the wire of 1996 knows neither."""
    draw = chance.random()
    if draw < 0.08:
        return _same_length(group, group.text.upper())
    if draw < 0.14:
        return _same_length(group, " ".join(word[:1].upper() + word[1:] for word in group.text.split(" ")))
    if draw < 0.45:
        return Labelled(*renamed(group.text, group.names, names, chance))
    return group


def _same_length(group: Labelled, text: str) -> Labelled:
    return replace(group, text=text) if len(text) == len(group.text) else group


def _tagged(group: Labelled, found: Pieces, first: int) -> Example:
    last = min(first + MOST_PIECES - 2, len(found.ids))
    tags = [UNTAGGED]
    previous_word, open_name = -1, -1
    for at in range(first, last):
        if found.words[at] == previous_word:
            tags.append(UNTAGGED)
            continue
        previous_word = found.words[at]
        start = found.spans[at][0]
        name = next((number for number, (a, b, _) in enumerate(group.names) if a <= start < b), -1)
        place = "I" if name == open_name else "B"
        tags.append(0 if name < 0 else _TAG[f"{place}-{group.names[name][2]}"])
        open_name = name
    return Example(asked_for_names(found, first, last), (*tags, UNTAGGED))


def stance_epoch(data: Path, pieces: WordPieces, chance: random.Random) -> list[Example]:
    """One epoch of stances: all that take a side, and of the neutral directed pairs a fresh draw."""
    directed = list(_rows(data / "stance/dse.train.jsonl"))
    sided = [row for row in directed if row["label"]]
    neutral = [row for row in directed if not row["label"]]
    rows = [*_rows(data / "stance/newsmtsc.train.jsonl"), *_rows(data / "stance/plover_plv.train.jsonl"), *sided]
    rows += chance.sample(neutral, min(len(neutral), int(NEUTRALS_A_SIDE * len(sided))))
    return list(_stances(rows, pieces))


def _stances(rows: Sequence[dict[str, Any]], pieces: WordPieces) -> Iterator[Example]:
    for row in rows:
        source = (row["source_start"], row["source_end"]) if row.get("source") else None
        asked = asked_for_stance(
            pieces.read(row["text"]), (row["target_start"], row["target_end"]), source, MOST_PIECES
        )
        yield Example(asked, stance=row["label"] + 1)


def _labelled(row: dict[str, Any]) -> Labelled:
    return Labelled(row["text"], tuple((e["start"], e["end"], e["kind"]) for e in row["entities"]))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if not path.name.endswith(".train.jsonl"):
        raise ValueError(f"{path.name} is not for training")
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)
