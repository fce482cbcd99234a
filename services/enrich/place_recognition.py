"""Judge for each mention how likely it names a place, and the right one: by its tag, its words and what it can mean."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from services.enrich.place_mentions import Possible
from services.enrich.place_ranker import WEIGHTS, Network
from services.enrich.place_reasons import Judged
from services.enrich.place_senses import KINDS, Numbers

_TAGS = ("location", "organization", "other", "none")
_BEFORE = re.compile(
    r"(?P<where>\b(?:in|at|near|from|to|outside|across|around|through|throughout|toward|towards|into|within|via|over)"
    r"(?: the| downtown| nearby| northern| southern| eastern| western| central)? ?)$|(?P<of>\bof(?: the)? )$|"
    r"(?P<the>\b[Tt]he )$|(?P<title>\b(?:Mr|Mrs|Ms|Dr|Rev|Sgt|Lt|Capt|Col|Gen|Judge|Coach|Officer|Detective)\.? )$|"
    r"(?P<start>(?:^|[.!?:”\"\n]\s*))$|(?P<listed>, | and )$|(?P<capital>[A-Z][\w.’'&-]* )$|(?P<joined>[-/’'])$"
)
_AFTER = re.compile(
    r"(?P<body> (?:Police|Sheriff|Fire|City|County|State|University|College|School|High|Schools|District|Department|"
    r"Hospital|Court|Council|Board|Bureau|Commission|Public|Community|Municipal|Area|Regional|Central|Town|Township|"
    r"Airport|Supreme|National|Government|Parliament|Army|Assembly|Center|Centre|Park|Library|Church)\b)|"
    r"(?P<paper> (?:Times|Post|Herald|News|Review|Tribune|Journal|Gazette|Star|Chronicle|Daily|Sun|Press|Globe)\b)|"
    r"(?P<way> (?:Street|St\.|Road|Rd\.|Avenue|Ave\.|Drive|Lane|Boulevard|Blvd|Highway|Way|Square|Place|Bridge)\b)|"
    r"(?P<people>(?:['’]s)? (?:man|woman|resident|residents|native|police|officials|mayor|teen|couple|area|city|"
    r"county|state|government|voters|authorities|school|court|police|capital|region|border|town|village|district)\b)|"
    r"(?P<comma>, (?=[A-Z]))|(?P<saying> (?:said|says|told|added|asked|who|was|is|has|had)\b)|(?P<capital> [A-Z])|"
    r"(?P<joined>[-/])|(?P<possessive>['’]s)"
)
_BEFORES, _AFTERS = (tuple(sorted(rule.groupindex, key=rule.groupindex.__getitem__)) for rule in (_BEFORE, _AFTER))
_HOWS = ("name", "official", "other", "short", "demonym", "bare", "part", "within")


@dataclass(frozen=True)
class Recogniser:
    """Looks at each mention after the ranker has said what it would mean."""

    network: Network

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Self:
        """Read the learned weights."""
        with np.load(path) as kept:
            names = ("mean", "scale", "into", "bias", "out")
            return cls(Network(*(kept[f"recognise_{name}"].astype(float) for name in names)))

    def probabilities(
        self, text: str, possible: Sequence[Possible], judged: Sequence[Judged | None], people: frozenset[str]
    ) -> Numbers:
        """For each mention the probability that its likeliest place is meant by it; 0 where nothing is known of it."""
        if not possible:
            return np.zeros(0)
        rows = evidence_of(text, possible, judged, people)
        known = np.array([each is not None for each in judged])
        return np.asarray(known / (1.0 + np.exp(-self.network.scores(rows))))


def evidence_of(
    text: str, possible: Sequence[Possible], judged: Sequence[Judged | None], people: frozenset[str]
) -> Numbers:
    """One row a mention."""
    said = Counter(id(meant) for meant in judged)
    located = Counter(
        id(meant)
        for each, meant in zip(possible, judged, strict=True)
        if each.tagged == "location" and not each.is_part
    )
    different = {id(meant): meant for meant in judged if meant is not None}
    senses = {number: _of_the_sense(meant) for number, meant in different.items()}
    rows = []
    for each, meant in zip(possible, judged, strict=True):
        if meant is None:
            rows.append([0.0] * WIDTH)
            continue
        times = said[id(meant)]
        here = (math.log1p(times) / 2, located[id(meant)] / times)
        rows.append([*_of_the_words(text, each, meant, people), *senses[id(meant)], *here])
    return np.array(rows, dtype=float)


WIDTH = len(_TAGS) + len(_BEFORES) + len(_AFTERS) + 10 + len(_HOWS) + len(KINDS) + 5 + 2


def _of_the_words(text: str, each: Possible, meant: Judged, people: frozenset[str]) -> list[float]:
    """What the mention itself and the words beside it say."""
    name = text[each.start : each.end]
    row = [0.0] * (len(_TAGS) + len(_BEFORES) + len(_AFTERS))
    row[_TAGS.index(each.tagged)] = 1.0
    if before := _BEFORE.search(text[max(0, each.start - 20) : each.start]):
        row[len(_TAGS) + _BEFORES.index(before.lastgroup or "")] = 1.0
    if after := _AFTER.match(text[each.end : each.end + 24]):
        row[len(_TAGS) + len(_BEFORES) + _AFTERS.index(after.lastgroup or "")] = 1.0
    part = each.is_part
    row += [
        each.confidence,
        part,
        part and each.around[0] == each.start,
        part and each.around[1] <= each.end + 2,
        name.count(" "),
        name.isupper() and len(name) > 4,
        name.casefold() in people,
        meant.best.how == "demonym" and name[-1:] == "s" and name[-2:] != "ss",
        part and each.tagged == "organization",
        (each.around[1] - each.around[0]) / 40 if part else 0.0,
    ]
    return row


def _of_the_sense(meant: Judged) -> list[float]:
    """What the likeliest place says, the same for all mentions of the name."""
    best = meant.best
    hows = [float(best.how == how) for how in _HOWS]
    kinds = meant.group.sense.fixed[int(np.argmax(meant.shares)), : len(KINDS)].tolist()
    none = max(0.0, 1.0 - float(meant.shares.sum()))
    size = math.log10(best.population + 1.0) / 8
    many = math.log(len(meant.group.sense.candidates)) / 4
    return [*hows, *kinds, size, meant.confidence, meant.confidence**4, none, many]
