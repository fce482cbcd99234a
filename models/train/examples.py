"""What the encoder learns from: names in groups of neighbouring sentences, and stances between marked words.

Only files named `*.train.jsonl` are read, so that nothing that measures the model can teach it.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from models.train.renamed import Names, renamed
from services.enrich.tagging import TAGS
from services.enrich.wordpieces import Marks, Pieces, Row, WordPieces, around, marked, row_of, shifted

MOST_PIECES = 128
GROUP_CHARACTERS = (150, 300, 480, 480, 480)
UNTAGGED = -100
Json = dict[str, Any]
_TAG = {tag: number for number, tag in enumerate(TAGS)}

# Neutral pairs of DSE drawn for each that takes a side: five in six of its pairs are neutral, and with all of them the
# model learns little else.
NEUTRALS_A_SIDE = 1.5


@dataclass(frozen=True, slots=True)
class Example:
    """One row, and what is to be learnt from it: a tag for each piece, or the stances of its marked pairs."""

    row: Row
    tags: tuple[int, ...] = ()
    stances: tuple[tuple[Marks, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with its names: (start, end, kind); and where it may have others that nobody marked."""

    text: str
    names: tuple[tuple[int, int, str], ...]
    unsure: tuple[tuple[int, int], ...] = ()


def names_epoch(data: Path, pieces: WordPieces, names: Names, chance: random.Random, *, noisy: bool) -> list[Example]:
    """One epoch of names: wire documents cut anew into groups, the few political sentences twice, and noisy text."""
    groups = [group for row in _rows(data / "ner/conll2003pp.train.jsonl") for group in _groups(_labelled(row), chance)]
    groups += [_labelled(row) for row in _rows(data / "ner/crossner_politics.train.jsonl")] * 2
    groups = [_altered(group, names, chance) for group in groups]
    if noisy:
        groups += [_doubted(_labelled(row)) for row in _rows(data / "ner/wnut17.train.jsonl")]
    return [
        _tagged(group, found, first)
        for group in groups
        for found in [pieces.read(group.text)]
        for first in range(0, len(found.ids), MOST_PIECES - 2)
    ]


def _groups(document: Labelled, chance: random.Random) -> Iterator[Labelled]:
    """Cut a document, one sentence a line, into groups of neighbouring lines, mostly as long as when the model runs."""
    ends = [at for at, character in enumerate(document.text) if character == "\n"] + [len(document.text)]
    start = 0
    while ends:
        most = start + chance.choice(GROUP_CHARACTERS)
        taken = max(1, sum(end <= most for end in ends))
        end = ends[taken - 1]
        del ends[:taken]
        if document.text[start:end].strip():
            inside = tuple((a - start, b - start, kind) for a, b, kind in document.names if start <= a and b <= end)
            yield Labelled(document.text[start:end].replace("\n", " "), inside)
        start = end + 1


def _doubted(tweet: Labelled) -> Labelled:
    """Noisy text, of which only what is surely labelled as the wire would be is learnt.

    Nationalities and what else the wire calls other are unlabelled there: a capital without a label teaches nothing.
    """
    sure = [(a, b) for a, b, kind in tweet.names if kind != "other"]
    unsure = [
        (word.start(), word.end())
        for word in re.finditer(r"\S*[A-Z]\S*", tweet.text)
        if not any(a < word.end() and word.start() < b for a, b in sure)
    ]
    kept = tuple(name for name in tweet.names if name[2] != "other")
    return Labelled(tweet.text, kept, tuple(unsure))


def _altered(group: Labelled, names: Names, chance: random.Random) -> Labelled:
    """Now and then a headline's capitals, or other people's names: the wire of 1996 knows neither."""
    draw = chance.random()
    if draw < 0.07:
        return _same_length(group, group.text.upper())
    if draw < 0.12:
        return _same_length(group, " ".join(word[:1].upper() + word[1:] for word in group.text.split(" ")))
    if draw < 0.30:
        return Labelled(*renamed(group.text, group.names, names, chance))
    return group


def _same_length(group: Labelled, text: str) -> Labelled:
    return replace(group, text=text) if len(text) == len(group.text) else group


def _tagged(group: Labelled, found: Pieces, first: int) -> Example:
    last = min(first + MOST_PIECES - 2, len(found.ids))
    firsts = [at for at in range(first, last) if at == first or found.words[at] != found.words[at - 1]]
    inside = [_name_at(group, found.spans[at][0]) for at in firsts]
    tags = [UNTAGGED] * (last - first)
    for word, (at, name) in enumerate(zip(firsts, inside, strict=True)):
        begins = word == 0 or inside[word - 1] != name
        ends = word + 1 == len(firsts) or inside[word + 1] != name
        if name >= 0:
            tags[at - first] = _TAG[
                f"{'S' if begins and ends else 'B' if begins else 'E' if ends else 'I'}-{group.names[name][2]}"
            ]
        elif not any(a <= found.spans[at][0] < b for a, b in group.unsure):
            tags[at - first] = 0
    return Example(row_of(found, first, last), (UNTAGGED, *tags, UNTAGGED))


def _name_at(group: Labelled, place: int) -> int:
    return next((number for number, (a, b, _) in enumerate(group.names) if a <= place < b), -1)


def stance_epoch(data: Path, pieces: WordPieces, chance: random.Random) -> list[Example]:
    """One epoch of stances: all that take a side, and of the neutral directed pairs a fresh draw."""
    directed = list(_rows(data / "stance/dse.train.jsonl"))
    sided = [row for row in directed if row["label"]]
    neutral = [row for row in directed if not row["label"]]
    rows = [*_rows(data / "stance/newsmtsc.train.jsonl"), *_rows(data / "stance/plover_plv.train.jsonl"), *sided]
    rows += chance.sample(neutral, min(len(neutral), int(NEUTRALS_A_SIDE * len(sided))))
    by_text: dict[str, list[Json]] = defaultdict(list)
    for row in rows:
        by_text[row["text"]].append(row)
    texts = list(by_text)
    chance.shuffle(texts)
    examples: list[Example] = []
    waiting: list[Weighed] = []
    for text in texts:
        waiting.append(_stances(text, by_text[text], pieces))
        # Read alone, or after others as in an article: what stands beside a sentence must not sway it.
        if len(waiting) >= chance.choice((1, 1, 2, 3)):
            examples += _side_by_side(waiting)
            waiting = []
    return [*examples, *_side_by_side(waiting)]


def training_rows(data: Path, name: str) -> list[Json]:
    """The rows of one set of stances, as far as it is for training."""
    return list(_rows(data / f"stance/{name}.train.jsonl"))


def each_alone(rows: Iterable[Json], pieces: WordPieces, chance: random.Random) -> list[Example]:
    """Examples of stances, each text in a row of its own, shuffled."""
    by_text: dict[str, list[Json]] = defaultdict(list)
    for row in rows:
        by_text[row["text"]].append(row)
    texts = list(by_text)
    chance.shuffle(texts)
    return [example for text in texts for example in _side_by_side([_stances(text, by_text[text], pieces)])]


Weighed = tuple[Pieces, list[tuple[Marks, int]]]


def _stances(text: str, rows: Sequence[Json], pieces: WordPieces) -> Weighed:
    found = pieces.read(text)
    return found, [
        (
            marked(
                found,
                (row["target_start"], row["target_end"]),
                (row["source_start"], row["source_end"]) if row.get("source") else None,
            ),
            row["label"] + 1,
        )
        for row in rows
    ]


def _side_by_side(texts: Sequence[Weighed]) -> Iterator[Example]:
    """Put texts in one row as long as they fit; of one too long, what is around each pair in a row of its own."""
    ids: list[int] = []
    shapes: list[int] = []
    stances: list[tuple[Marks, int]] = []
    most = MOST_PIECES - 2
    for found, asked in texts:
        if len(found.ids) > most:
            for marks, label in asked:
                first, last = around(len(found.ids), marks, most)
                yield Example(row_of(found, first, last), stances=((shifted(marks, first, last), label),))
            continue
        if stances and len(ids) + len(found.ids) > most:
            yield _row(ids, shapes, stances)
            ids, shapes, stances = [], [], []
        stances += [(_moved(marks, len(ids)), label) for marks, label in asked]
        ids, shapes = [*ids, *found.ids], [*shapes, *found.shapes]
    if stances:
        yield _row(ids, shapes, stances)


def _row(ids: list[int], shapes: list[int], stances: list[tuple[Marks, int]]) -> Example:
    whole = Pieces(ids, shapes, [], [])
    return Example(row_of(whole, 0, len(ids)), stances=tuple(stances))


def _moved(marks: Marks, by: int) -> Marks:
    a, b, c, d = (place + by if place else 0 for place in marks)
    return a, b, c, d


def _labelled(row: Json) -> Labelled:
    return Labelled(row["text"], tuple((e["start"], e["end"], e["kind"]) for e in row["entities"]))


def _rows(path: Path) -> Iterator[Json]:
    if not path.name.endswith(".train.jsonl"):
        raise ValueError(f"{path.name} is not for training")
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)
