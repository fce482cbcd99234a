"""Read the gallery of stances, and say in words where a reading departs from what a case expects.

`python -m tests.enrich.gallery.stances` judges anew; with `--settle` it writes into each case what fails today.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from schemas.annotations import OUTLET_AS_HOLDER, Entity, Stance
from schemas.message import Span
from services.enrich.language_model import LanguageModel
from services.enrich.sentences import split_sentences
from services.enrich.stance import Scorer, find_stances
from tests.enrich.gallery.cases import BadCase

CASES = Path(__file__).with_name("stances.toml")

_MENTION = re.compile(r"\[([^\]]+)\]\((person|organization|location)((?: [=#]\w+)*)\)")
_STANCE = re.compile(r"(?P<holder>.+) (?P<side>for|against) (?P<target>[^:?]+)(?:: (?P<act>[A-Z]+))?(?P<maybe>\?)?")


@dataclass(frozen=True)
class StanceCase:
    """One text with its marks, the stances that it holds, and why it fails if it does."""

    name: str
    marked: str
    expected: tuple[str, ...]
    fails: str = ""

    @cached_property
    def text(self) -> str:
        """The text without its marks."""
        return _MENTION.sub(r"\1", self.marked)

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """Those that are marked, the first the most salient."""
        spans: dict[str, list[Span]] = {}
        told: dict[str, tuple[str, str, str | None]] = {}
        taken = 0
        for found in _MENTION.finditer(self.marked):
            words, kind, more = found.groups()
            tokens = more.split()
            who = next((token for token in tokens if token.startswith("#")), words)
            country = next((token[1:] for token in tokens if token.startswith("=")), None)
            start = found.start() - taken
            taken += len(found.group()) - len(words)
            spans.setdefault(who, []).append(Span(start=start, end=start + len(words)))
            told.setdefault(who, (words, kind, country))
        return tuple(
            Entity.model_validate(
                {
                    "id": name,
                    "name": name,
                    "kind": kind,
                    "country": country,
                    "spans": tuple(spans[who]),
                    "salience": 0.5,
                }
            )
            for who, (name, kind, country) in told.items()
        )


def stance_cases(written: str | None = None) -> list[StanceCase]:
    """All cases in their order, of the file or as written; raises BadCase."""
    read = [
        StanceCase(row["name"], row["text"], tuple(row["stances"]), row.get("fails", ""))
        for row in tomllib.loads(written or CASES.read_text("utf-8"))["case"]
    ]
    for case in read:
        names = {entity.name for entity in case.entities}
        for words in case.expected:
            told = _STANCE.fullmatch(words)
            if told is None or not {told["holder"], told["target"]} <= names:
                raise BadCase(f"{case.name}: {words!r} is no stance between those who are marked")
    return read


def read_stances(case: StanceCase, model: Scorer) -> tuple[Stance, ...]:
    """The stances between actors that are found in a case."""
    found = find_stances(case.text, split_sentences(case.text), case.entities, model)
    return tuple(stance for stance in found if stance.holder != OUTLET_AS_HOLDER)


def departures(case: StanceCase, found: Sequence[Stance]) -> list[str]:
    """Say what is missing, and what is found that should not be."""
    sides = {(one.holder, one.target): ("for" if one.polarity > 0 else "against", one.act) for one in found}
    wrong = []
    for words in case.expected:
        told = _STANCE.fullmatch(words)
        assert told is not None
        side, act = sides.pop((told["holder"], told["target"]), (None, None))
        if side is None and told["maybe"]:
            continue
        if side != told["side"]:
            wrong.append(f"{words.partition(':')[0]}: {f'is {side}' if side else 'is not found'}")
        elif told["act"] and act != told["act"]:
            wrong.append(f"{words.partition(':')[0]}: the act is {act}, not {told['act']}")
    return wrong + [f"{holder} is {side} {target}, which is not there" for (holder, target), (side, _) in sides.items()]


def settled(text: str, found: dict[str, list[str]]) -> str:
    """The file with each case's `fails` as it is now."""
    parts = re.split(r"(?m)^(?=\[\[case\]\])", text)
    for at, part in enumerate(parts):
        name = re.search(r'^name = "(.*)"$', part, re.MULTILINE)
        if name is None:
            continue
        part = re.sub(r"^fails = .*\n", "", part, flags=re.MULTILINE)
        if reasons := found.get(name[1], []):
            reason = "; ".join(reasons).replace('"', "'")
            part = re.sub(r"^(stances = \[.*\]\n)", rf'\1fails = "{reason}"\n', part, flags=re.MULTILINE)
        parts[at] = part
    return "".join(parts)


def main() -> None:
    """Judge the cases anew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--settle", action="store_true", help="write what fails today into stances.toml")
    asked = parser.parse_args()
    model = LanguageModel()
    found = {case.name: departures(case, read_stances(case, model)) for case in stance_cases()}
    for name, wrong in found.items():
        sys.stdout.write(f"{'fails' if wrong else 'holds'}  {name}{': ' if wrong else ''}{'; '.join(wrong)}\n")
    sys.stdout.write(f"{sum(not wrong for wrong in found.values())} of {len(found)} hold\n")
    if asked.settle:
        CASES.write_text(settled(CASES.read_text("utf-8"), found), "utf-8")


if __name__ == "__main__":
    main()
