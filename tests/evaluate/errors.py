"""`python -m tests.evaluate.errors SCORE GOLD PREDICTED`: draw errors at random, each in its words, to be read.

PREDICTED is what `python -m tests.evaluate --predictions FOLDER` keeps. The same seed draws the same errors, as long as
the errors are the same.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.enrich.gallery.cases import NEAR_KM, kilometres

AROUND = 60  # characters of the text shown on either side
Row = dict[str, Any]


@dataclass(frozen=True)
class Error:
    """One departure from the gold: what was expected, what was said, and where it stands."""

    where: str
    kind: str
    told: str
    text: str
    start: int
    end: int

    def __str__(self) -> str:
        before = " ".join(self.text[max(0, self.start - AROUND) : self.start].split())
        after = " ".join(self.text[self.end : self.end + AROUND].split())
        words = self.text[self.start : self.end]
        return f"{self.kind:8} {self.told}\n         {before} >>{words}<< {after}  ({self.where})"


def names(gold: Row, said: Row) -> Iterator[Error]:
    """Names that were missed, invented, cut otherwise, or given another kind."""
    wanted = {(each["start"], each["end"]): each["kind"] for each in gold["entities"]}
    found = {(each["start"], each["end"]): each["kind"] for each in said.get("entities", [])}
    for span in sorted(wanted.keys() | found.keys()):
        if wanted.get(span) == found.get(span):
            continue
        if span in wanted and span in found:
            yield _error(gold, span, "kind", f"{found[span]}, should be {wanted[span]}")
            continue
        other = found if span in wanted else wanted
        touched = [gold["text"][s:e] for s, e in other if s < span[1] and span[0] < e]
        if span in wanted:
            yield _error(gold, span, "cut" if touched else "missed", f"{wanted[span]} {touched or ''}")
        elif not touched:
            yield _error(gold, span, "invented", found[span])


def links(gold: Row, said: Row) -> Iterator[Error]:
    """Ids that are wrong, missing, or given where none belongs."""
    first, last = gold.get("evaluation_span") or (0, len(gold["text"]))
    named = [each for each in gold["entities"] if not each.get("coref")]
    spare = {(each["start"], each["end"]) for each in gold["entities"] if each.get("optional") or each.get("coref")}
    wanted = {
        (each["start"], each["end"]): (_qid(each["uri"]), each.get("name"))
        for each in named
        if _qid(each.get("uri")) and not each.get("optional")
    }
    found = {(each["start"], each["end"]): each for each in said.get("entities", [])}
    for span in sorted(wanted.keys() | found.keys()):
        theirs = found.get(span, {}).get("wikidata")
        ours, name = wanted.get(span, (None, None))
        if theirs == ours or (span in spare and ours is None) or not first <= span[0] < last:
            continue
        if ours is None:
            yield _error(gold, span, "extra", f"{theirs} {found[span].get('name')}")
        elif theirs is None:
            why = "no id" if span in found else "not found as a name"
            yield _error(gold, span, "missed", f"{ours} {name}: {why}")
        else:
            yield _error(gold, span, "wrong", f"{theirs} {found[span].get('name')}, should be {ours} {name}")


def places(gold: Row, said: Row) -> Iterator[Error]:
    """Places that were missed, invented, or put more than 161 km away; as the scorer counts them."""
    taken: set[int] = set()
    found = said.get("places", [])
    for top in gold["toponyms"]:
        span = (top["start"], top["end"])
        hit = next(
            (n for n, p in enumerate(found) if n not in taken and p["start"] < span[1] and span[0] < p["end"]), None
        )
        if hit is not None:
            taken.add(hit)
        if top.get("lat") is None:
            continue
        about = f"{top.get('name')} at {top['lat']:.1f}, {top['lon']:.1f} {top.get('type') or top.get('fcode') or ''}"
        if hit is None:
            yield _error(gold, span, "missed", about)
        elif kilometres(found[hit]["lat"], found[hit]["lon"], top["lat"], top["lon"]) > NEAR_KM:
            place = found[hit]
            put = f"{place['name']} {place['country']} at {place['lat']:.1f}, {place['lon']:.1f}"
            yield _error(gold, span, "far", f"{put}, should be {about}")
    for number, place in enumerate(found):
        if number not in taken:
            yield _error(gold, (place["start"], place["end"]), "invented", f"{place['name']} {place['country']}")


KINDS: dict[str, Callable[[Row, Row], Iterator[Error]]] = {"ner": names, "link": links, "geo": places}


def drawn(score: str, gold: list[Row], said: dict[str, Row], count: int, seed: int) -> tuple[int, list[Error]]:
    """How many errors there are, and so many of them, in the order of the set."""
    found = [error for row in gold for error in KINDS[score](row, said.get(str(row["id"]), {}))]
    chosen = sorted(random.Random(seed).sample(range(len(found)), min(count, len(found))))
    return len(found), [found[number] for number in chosen]


def _error(gold: Row, span: tuple[int, int], kind: str, told: str) -> Error:
    return Error(str(gold["id"]), kind, told, gold["text"], *span)


def _qid(value: object) -> str | None:
    return str(value).rsplit("/", 1)[-1] if value else None


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def main() -> None:
    """Print the errors drawn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("score", choices=KINDS)
    parser.add_argument("gold", type=Path)
    parser.add_argument("predicted", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    said = {str(row["id"]): row for row in _rows(asked.predicted)}
    total, errors = drawn(asked.score, _rows(asked.gold), said, asked.count, asked.seed)
    sys.stdout.write("".join(f"{error}\n" for error in errors))
    sys.stdout.write(f"{len(errors)} of {total} errors\n")


if __name__ == "__main__":
    main()
