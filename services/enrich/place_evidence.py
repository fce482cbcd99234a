"""Say in numbers what speaks for each place that a name can mean: itself, the words around, the other places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from services.enrich.gazetteer import Candidate, Gazetteer
from services.enrich.place_company import Company, circles
from services.enrich.place_mentions import IDLE, phrases_of
from services.enrich.place_senses import KINDS, Group, Numbers, Sense, sense_of
from services.enrich.toponyms import name_key

_CUES = ("city", "state", "country", "county")
_BEFORE = re.compile(
    r"(?P<city>\b(?:city|town|village|suburb|borough|port|capital|mayor|downtown|neighborhood)(?: of)?)\W*$|"
    r"(?P<state>\b(?:state|upstate|province|governor|Gov\.|Sen\.|Rep\.|statewide)(?: of| in)?)\W*$|"
    r"(?P<country>\b(?:republic|kingdom|president|government|ambassador|troops|invaded|minister)(?: of| in| to)?)\W*$|"
    r"(?P<county>\bcount(?:y|ies) of)\W*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^(?:['’]s)?,? (?:(?P<city>city|mayor|residents?|town|police department|man|woman|suburb|downtown|street)|"
    r"(?P<state>state|gov\.|governor|legislature|senate|republicans|democrats|supreme court|lawmakers)|"
    r"(?P<country>government|president|prime minister|foreign|army|troops|military|embassy|parliament|national)|"
    r"(?P<county>county|counties|parish|sheriff|commissioners))\b",
    re.IGNORECASE,
)
_CONTAINER = re.compile(
    r"^(?:['’]s)?(?P<comma>\s*,\s*|\s*\(|\s+in\s+|\s+)(?P<words>[A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*){0,3})"
)
_NO_LETTER = re.compile(r"[^\w.’'-]")
_CAPITAL = re.compile(r"[A-Z]")


class Reading:
    """One article's evidence; only what the other names say changes with what is believed of them."""

    def __init__(self, parts: Sequence[tuple[Company, Numbers]]) -> None:
        self._parts = parts

    def rows(self, beliefs: Numbers | None = None) -> Numbers:
        """One row for each candidate of each group, in order, and after each group's a row for "none of them"."""
        ends = np.cumsum([len(company.owner) for company, _ in self._parts])[:-1]
        each = [None] * len(self._parts) if beliefs is None else np.split(beliefs, ends)
        return np.vstack(
            [
                company.with_none(np.hstack([lasting, company.support(believed)]))
                for (company, lasting), believed in zip(self._parts, each, strict=True)
            ]
        )


class Evidence:
    """Reads articles against one gazetteer; remembers what does not depend on the article."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.sense = lru_cache(maxsize=50_000)(sense_of)
        self.holders = lru_cache(maxsize=2_000)(self._holders)
        self._phrases = lru_cache(maxsize=100_000)(self._background)

    def read(
        self, text: str, groups: Sequence[Group], outlet_country: str | None = None, are_all: bool = False
    ) -> Reading:
        """Gather once what the text says of the groups; then ask for rows as often as beliefs change.

        Where the groups are all that may name a place in the text, nothing is left for a background.
        """
        around = [] if are_all else self._read_background(text, groups)
        return Reading([self._part(text, circle, around, outlet_country) for circle in circles(groups)])

    def _part(
        self, text: str, groups: Sequence[Group], around: Sequence[Sense], outlet_country: str | None
    ) -> tuple[Company, Numbers]:
        """The groups that keep each other company, and what does not change with what is believed of them."""
        company = Company(groups)
        cues = np.vstack([self._cues(text, group) for group in groups])
        background = company.support_from(around)
        fixed = np.vstack([group.sense.fixed for group in groups])
        return company, np.hstack([fixed, cues, background, company.positions(text, outlet_country)])

    def _cues(self, text: str, group: Group) -> Numbers:
        """Which words beside the mentions call for a city, state, country or county, and what is said to hold it."""
        sense = group.sense
        called = [0.0] * len(_CUES)
        holders: Numbers | None = None
        for start, end in group.spans:
            for found in (_BEFORE.search(text[max(0, start - 24) : start]), _AFTER.match(text[end : end + 24])):
                if found:
                    called[_CUES.index(found.lastgroup or "")] = 1.0
            for said in (
                self.holders(text[end : end + 48], sense),
                self._held(text[max(0, start - 48) : start], sense),
            ):
                if said is not None:
                    holders = said if holders is None else np.maximum(holders, said)
        whole = np.zeros((len(sense.candidates), 2 * len(_CUES) + 5))
        if any(called):
            kind = sense.fixed[:, : len(KINDS)]
            fits = np.column_stack([kind[:, 3:7].sum(axis=1), kind[:, 1], kind[:, 0], kind[:, 2]])
            whole[:, : len(_CUES)] = called * fits
            whole[:, len(_CUES) : 2 * len(_CUES)] = called * (1 - fits)
        if holders is not None:
            whole[:, 2 * len(_CUES) :] = holders
        return whole

    def held_by_the_words_after(self, after: str, sense: Sense) -> frozenset[int]:
        """The candidates that "Paris, Texas" leaves of those for Paris; none where nothing is said to hold it."""
        holders = self.holders(after, sense)
        if holders is None:
            return frozenset()
        held = holders[:, :2].max(axis=1) == 1.0
        return frozenset(c.id for c, is_held in zip(sense.candidates, held, strict=True) if is_held)

    def _holders(self, after: str, sense: Sense) -> Numbers | None:
        """ "Paris, Texas": Texas holds one of the candidates for Paris, and so speaks for it."""
        found = _CONTAINER.match(after)
        if not found:
            return None
        candidates = self._longest(found["words"].split())
        divisions = {c.id for c in candidates if c.code.startswith("A.ADM")}
        lands = {c.country for c in candidates if c.feature == "country" and c.how != "demonym"}
        if not divisions and not lands:
            return None
        strong = 1.0 if found["comma"].strip() else 0.5
        holders = np.zeros((len(sense.candidates), 5))
        for index, candidate in enumerate(sense.candidates):
            if candidate.id not in divisions and (candidate.division in divisions or candidate.county in divisions):
                holders[index, 0] = strong
            elif candidate.country in lands and candidate.feature != "country":
                holders[index, 1] = strong
        if strong == 1.0 and holders.any():
            holders[:, 2] = 1.0
        return holders

    def _held(self, before: str, sense: Sense) -> Numbers | None:
        """ "Paris, Texas" again, from the side of Texas: it holds a place that the words before can mean."""
        words = words_before_a_sign(before)
        inner = next(filter(None, (self.gazetteer.named(" ".join(words[at:])) for at in range(len(words)))), ())
        if not inner:
            return None
        divisions = {c.division for c in inner} | {c.county for c in inner}
        lands = {c.country for c in inner if c.feature != "country"}
        holders = np.zeros((len(sense.candidates), 5))
        for index, candidate in enumerate(sense.candidates):
            if candidate.code.startswith("A.ADM") and candidate.id in divisions:
                holders[index, 3] = 1.0
            elif candidate.feature == "country" and candidate.country in lands:
                holders[index, 4] = 1.0
        return holders

    def _longest(self, words: Sequence[str]) -> tuple[Candidate, ...]:
        for length in range(len(words), 0, -1):
            found = self.gazetteer.named(" ".join(words[:length]).rstrip(","))
            if found:
                return found
        return ()

    def _read_background(self, text: str, groups: Sequence[Group]) -> list[Sense]:
        """Other names in the text, asked for or not, that can mean only a few places: they too say where we are."""
        asked = sorted(span for group in groups for span in group.spans)
        starts, ends = [start for start, _ in asked], [end for _, end in asked]
        found: dict[str, Sense] = {}
        for start, end in phrases_of(text):
            # spans lie apart, so that those that end after the phrase begins and start before it ends overlap it
            if bisect_right(ends, start) == bisect_left(starts, end):
                for key, sense in self._phrases(text[start:end]):
                    found.setdefault(key, sense)
        return list(found.values())[:80]

    def _background(self, phrase: str) -> tuple[tuple[str, Sense], ...]:
        words = phrase.split()
        for length in range(len(words), 0, -1):
            for start in range(len(words) - length + 1):
                part = " ".join(words[start : start + length])
                if length == 1 and (
                    part.lower().strip(".") in IDLE or (start > 0 and start == len(words) - 1) or len(part) < 4
                ):
                    continue
                named = tuple(c for c in self.gazetteer.named(part) if c.how != "other" or c.population > 100_000)
                if named and (len(named) <= 12 or named[0].population > 500_000):
                    return ((name_key(part), self.sense(named[:12])),)
        return ()


def words_before_a_sign(before: str) -> list[str]:
    """The capitalised words, four at most, that stand before a comma or an opening bracket at the end of some text.

    Read backwards word by word, since a pattern that is searched for tries each letter for a beginning.
    """
    plain = before.rstrip()
    words: list[str] = []
    for word in reversed(plain[:-1].rsplit(None, 4)[-4:] if plain[-1:] in {",", "("} else []):
        tail = _NO_LETTER.split(word)[-1]
        capital = _CAPITAL.search(tail)
        if not capital:
            break
        words.insert(0, tail[capital.start() :])
        if len(words[0]) < len(word):
            break
    return words
