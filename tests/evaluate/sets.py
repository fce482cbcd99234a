"""The gold sets, as data: the step that reads each, the scores that judge it, and the figures that stand for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Scored = dict[str, Any]
"""What the scorer says of one set: figures, some of them in groups."""


@dataclass(frozen=True)
class Measure:
    """One gold set and the step that predicts it, run once however many scores judge it.

    `learned` says what of the shipped weights has seen the set: its figure is then a fit, and no measure of quality.
    """

    gold: str
    step: str
    scores: tuple[str, ...]
    learned: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """What the command is told: no score of annotating asks for stances, which take most of its time."""
        return ("--no-stances",) if self.step == "annotate" else ()

    def is_asked(self, only: str) -> bool:
        """Does the set, the step or a score contain these words?"""
        return any(only in name for name in (self.gold, self.step, *self.scores))


@dataclass(frozen=True)
class Figure:
    """One number of a score that is shown: its name, where it stands, and whether more of it is better."""

    name: str
    path: tuple[str, ...]
    more_is_better: bool = True

    def of(self, scored: Scored) -> float | None:
        """The number, or none where the scorer had nothing to count."""
        found: Any = scored
        for key in self.path:
            found = found.get(key) if isinstance(found, dict) else None
        return None if found is None else float(found)


MEASURES = (
    Measure("ner/conll2003pp.dev.jsonl", "annotate", ("ner",)),
    Measure("ner/crossner_politics.dev.jsonl", "annotate", ("ner",)),
    Measure("el/news-fair-v2.dev.jsonl", "annotate", ("link",), learned="ranker of actors"),
    Measure("el/aida-conll-dev.jsonl", "annotate", ("link",), learned="ranker of actors"),
    Measure("geo/lgl.jsonl", "annotate", ("geo", "focus"), learned="ranker of places"),
    Measure("geo/gwn.jsonl", "annotate", ("geo", "focus"), learned="ranker of places"),
    Measure("geo/lgl.jsonl", "resolve", ("resolve",), learned="ranker of places"),
    Measure("geo/gwn.jsonl", "resolve", ("resolve",), learned="ranker of places"),
    Measure("stance/newsmtsc.dev_rw.jsonl", "stance", ("stance",)),
    Measure("stance/newsmtsc.dev_mt.jsonl", "stance", ("stance",)),
    Measure("stance/dse.dev.jsonl", "stance", ("stance",)),
    Measure("stance/persent.dev.jsonl", "stance", ("stance",)),
    Measure("stories/ecbplus_subtopics.jsonl", "follow", ("stories",)),
    Measure("stories/basil.jsonl", "follow", ("stories",)),
    Measure("stories/allsides_lede.dev.jsonl", "follow", ("stories",), learned="likeness of stories"),
    Measure("stories/allsides_full.dev.jsonl", "follow", ("stories",), learned="likeness of stories"),
    Measure("dups/stream.jsonl", "follow", ("dups",)),
)

FIGURES = {
    "ner": (
        Figure("F1", ("all", "f1")),
        Figure("F1 without other", ("without_other", "f1")),
        Figure("F1 person", ("person", "f1")),
        Figure("F1 organization", ("organization", "f1")),
        Figure("F1 location", ("location", "f1")),
    ),
    "link": (Figure("precision", ("p",)), Figure("recall", ("r",)), Figure("F1", ("f1",))),
    "geo": (
        Figure("F1 recognition", ("recognition", "f1")),
        Figure("F1 within 161 km", ("end_to_end_161km", "f1")),
    ),
    "focus": (Figure("country right", ("top1",)),),
    "resolve": (
        Figure("share within 161 km", ("acc161",)),
        Figure("AUC of error", ("auc",), more_is_better=False),
    ),
    "stance": (Figure("macro F1", ("macro_f1",)), Figure("accuracy", ("accuracy",))),
    "stories": (
        Figure("BCubed F1", ("bcubed", "f1")),
        Figure("pairwise F1", ("pairwise", "f1")),
        Figure("first-story F1", ("first_story", "f1")),
    ),
    "dups": (Figure("precision", ("p",)), Figure("recall", ("r",)), Figure("F1", ("f1",))),
}
