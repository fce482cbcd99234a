"""Say what one actor does to another, in PLOVER's kinds of act, where a sentence's words are clear."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from schemas.annotations import Act
from schemas.message import Span
from services.enrich.act_words import QUADS, ActWords, Frame, VerbForm, shipped
from services.enrich.clauses import (
    NEGATIONS,
    OF_THE_SIDE,
    STARTS_A_CLAUSE,
    Clause,
    Who,
    Word,
    clause_of,
    is_subject,
    words_of,
)
from services.enrich.homes import PLACES_SUFFER, only_says_where
from services.enrich.reach import REACH, STOPS, is_near, is_sufferer, named, target_of

Denied = Literal["DENIED"]
DENIED: Denied = "DENIED"

MOST_WORDS = 100
"""In a longer sentence, who does what is no more told by the words between."""

_WORD = re.compile(r"[\w-]+")

_LIFTED = frozenset(
    """lift lifted lifting ease eased easing end ended ending suspend suspended waive waived remove removed removing
    threat threats threatened fear fears risk possibility prospect possible potential planned proposed future call
    called calls calling without no stop against avoid avert prevent
    reduce reduced reducing cut cuts rolled slashed froze frozen halted halt withheld withhold scrapped scrap""".split()  # noqa: SIM905
)
# "Backed down" is another verb than "backed".
_OTHER_VERB = frozenset("down off out away back up".split())  # noqa: SIM905
_BE = frozenset("is are was were be been being".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence says of one to another: an act, or that a hostile one was not done."""

    act: Act | None
    denied: bool = False


NOTHING = Told(None)


def find_act(
    text: str,
    sentence: Span,
    holder: Collection[Span],
    target: Collection[Span],
    others: Collection[Span] = (),
    table: ActWords | None = None,
) -> Told:
    """Give the kind of act from holder to target in this sentence; none where it is not clear, or two contend."""
    table = table or shipped()
    words = words_of(text, sentence, holder, target, others)
    if len(words) > MOST_WORDS or not {"holder", "target"} <= {word.who for word in words}:
        return NOTHING
    found = [*_by_verbs(words, table), *_by_nouns(words, table)]
    acts = [act for act in found if act != DENIED]
    if len({QUADS[act].rpartition(" ")[2] for act in acts}) != 1:
        return Told(None, denied=bool(found) and not acts)
    if acts[-1] not in PLACES_SUFFER and only_says_where(text, sentence, target, (*holder, *others)):
        return NOTHING
    return Told(acts[-1])


def has_act_words(text: str, sentence: Span, table: ActWords | None = None) -> bool:
    """Are all words of any way to say an act there? In most sentences they are not, and no pair need be tried."""
    table, there = table or shipped(), frozenset(_WORD.findall(sentence.of(text).casefold()))
    return any(
        word in table.nouns or any(_may_be_said(frame, there) for _, frame in table.forms(word)) for word in there
    )


def _may_be_said(frame: Frame, there: frozenset[str]) -> bool:
    return (
        (not frame.objects or not frame.objects.isdisjoint(there))
        and (frame.direct or any(way.partition("_")[0] in there for way in frame.ways) or "with" in frame.ways)
        and there.issuperset(frame.at_once)
    )


def _by_verbs(words: Sequence[Word], table: ActWords) -> Iterator[Act | Denied]:
    there = frozenset(word.text for word in words)
    for at, word in enumerate(words):
        if word.who:
            continue
        for form, frame in table.forms(word.text):
            if not _may_be_said(frame, there):
                continue
            if tuple(after.text for after in words[at + 1 : at + 1 + len(frame.at_once)]) != frame.at_once:
                continue
            if not frame.at_once and words[at + 1 : at + 2] and words[at + 1].text in _OTHER_VERB:
                continue
            act = _active(words, at, form, frame, table) or _passive(words, at, form, frame)
            act = act or _together(words, at, form, frame) or _mutual(words, at, form, frame, table)
            if act is not None:
                yield act


def _active(words: Sequence[Word], verb: int, form: VerbForm, frame: Frame, table: ActWords) -> Act | Denied | None:
    """ "Ruiz condemned Holm", "Ruiz imposed sanctions on Holm"."""
    target = target_of(words, verb + 1 + len(frame.at_once), frame, table)
    if target is None:
        return None
    for subject in named(words, "holder", 0, verb):
        if form == "plain" and not _is_verb(words, subject, verb):
            continue
        clause = clause_of(words, subject, verb)
        if clause is not None and not clause.passive:
            return _meant(frame.act, clause)
    return None


def _is_verb(words: Sequence[Word], subject: int, verb: int) -> bool:
    """Is a word that is a noun too ("support") a verb here: after "to" or "will", or after a plural?"""
    before = words[verb - 1]
    if before.text in ("to", "will", "would", "did", "do", "not", "ll", "’ll", "and") or before.text in NEGATIONS:
        return True
    return (subject == verb - 1 and before.text.endswith("s")) or before.text.endswith(("ly", "cans", "crats", "ers"))


def _passive(words: Sequence[Word], verb: int, form: VerbForm, frame: Frame) -> Act | Denied | None:
    """ "Holm was condemned by Ruiz", "sanctions imposed on Holm by Ruiz"."""
    if form != "participle":
        return None
    after = verb + 1 + len(frame.at_once)
    holder = _after_by(words, after)
    if holder is None:
        return None
    if frame.objects:
        objects = any(word.text in frame.objects for word in words[max(0, verb - 6) : verb])
        targets = named(words, "target", after, len(words))
        reached = (at for at in targets if any(word.text in frame.ways for word in words[max(after, at - 4) : at]))
        return frame.act if objects and next(reached, None) is not None else None
    if not frame.direct:
        return None
    if verb < 2:
        # "Accused by Ruiz of fraud, Holm kept silent."
        comma = next((at for at in range(holder, len(words)) if words[at].text == ","), len(words))
        return frame.act if any(word.who == "target" for word in words[comma + 1 : comma + 2]) else None
    for subject in named(words, "target", 0, verb):
        if subject == verb - 1 or (subject == verb - 2 and words[verb - 1].text == ","):
            return frame.act if is_subject(words, subject) else None
        clause = clause_of(words, subject, verb)
        if clause is not None and clause.passive:
            return _meant(frame.act, clause)
    return None


def _after_by(words: Sequence[Word], first: int) -> int | None:
    """The holder in "by Ruiz", "by the president of Norway", "by Norwegian planes"."""
    for by in range(first, min(first + REACH, len(words))):
        if words[by].text in STARTS_A_CLAUSE:
            return None
        if words[by].text != "by":
            continue
        for at in range(by + 1, min(by + 7, len(words))):
            if words[at].who == "holder":
                return None if is_sufferer(words, at, "ACCUSE") else at
            if words[at].text in STOPS:
                return None
    return None


def _together(words: Sequence[Word], verb: int, form: VerbForm, frame: Frame) -> Act | Denied | None:
    """ "Ruiz and Holm met", "Ruiz and Holm signed a pact"."""
    each_other = words[verb + 1 : verb + 2] and words[verb + 1].text in ("each", "one") and frame.direct
    if not ("with" in frame.ways or each_other) or form == "ing":
        return None
    for second in (at for at, word in enumerate(words[:verb]) if word.who in ("holder", "target")):
        first = next((at for at in range(second - 1, -1, -1) if words[at].who in ("holder", "target")), None)
        if first is None or words[first].who == words[second].who or not _is_pair(words[first + 1 : second]):
            continue
        clause = clause_of(words, second, verb)
        if clause is None or clause.passive or not is_subject(words, first):
            continue
        if frame.objects and not any(word.text in frame.objects for word in words[verb + 1 : verb + 8]):
            continue
        if not frame.objects and _has_object(words, verb):
            continue
        return _meant(frame.act, clause)
    return None


def _has_object(words: Sequence[Word], verb: int) -> bool:
    """ "Ruiz and Holm met Moe" tells of neither's meeting the other."""
    after = words[verb + 1 : verb + 5]
    close = next((at for at, word in enumerate(after) if word.text in STOPS or word.text in ("in", "at")), len(after))
    return any(word.who for word in after[:close])


def _mutual(words: Sequence[Word], verb: int, form: VerbForm, frame: Frame, table: ActWords) -> Act | Denied | None:
    """Who signs a pact with someone is joined by him: what one does, the other does."""
    if frame.ways != {"with"} or QUADS[frame.act] == "material conflict" or not frame.objects:
        return None
    turned: dict[Who, Who] = {"holder": "target", "target": "holder"}
    act = _active([word._replace(who=turned.get(word.who, word.who)) for word in words], verb, form, frame, table)
    return act if act == frame.act else None


def _is_pair(between: Sequence[Word]) -> bool:
    joined = [word.text for word in between]
    return "and" in joined and all(
        text in ("and", "the", "his", "her", "its", ",", "’s", "'s") or text in OF_THE_SIDE or word.capital
        for text, word in zip(joined, between, strict=True)
    )


def _by_nouns(words: Sequence[Word], table: ActWords) -> Iterator[Act]:
    """ "Norway's sanctions on Holm", "talks between Ruiz and Holm"."""
    for at, word in enumerate(words):
        for frame in table.nouns.get(word.text, ()) if not word.who else ():
            if {before.text for before in words[max(0, at - 6) : at]} & _LIFTED:
                continue
            after = words[at + 1 :]
            if after and after[0].text == "between" and "with" in frame.ways:
                both = [n for n, one in enumerate(after[:12]) if one.who in ("holder", "target")]
                if len(both) > 1 and after[both[0]].who != after[both[1]].who:
                    yield frame.act
                continue
            if not (after and after[0].text in frame.ways):
                continue
            target = next((n for n, one in enumerate(after[:7]) if one.who == "target"), None)
            if target is None or not is_near(after[1:target], frame, table):
                continue
            if _is_owned(words, at) or any(
                one.text == "by" and two.who == "holder"
                for one, two in zip(after[target + 1 : target + 3], after[target + 2 : target + 4], strict=False)
            ):
                yield frame.act


def _is_owned(words: Sequence[Word], noun: int) -> bool:
    """Is the noun the holder's: "Norway's new sanctions", "Norwegian sanctions"?"""
    for at in range(noun - 1, max(-1, noun - 5), -1):
        if words[at].who == "holder":
            return True
        if words[at].text in STOPS or words[at].text in _BE or words[at].who or words[at].text in (",", "and", "of"):
            return False
    return False


def _meant(act: Act, clause: Clause) -> Act | Denied | None:
    """What an act is when it is refused, threatened, promised or denied."""
    cooperative = QUADS[act].endswith("cooperation")
    if clause.hedged:
        return None
    if clause.refused or (clause.negated and clause.promised):
        return "REJECT" if cooperative else DENIED
    if clause.negated:
        # Who "does not support" someone is silent, or against him; who "did not condemn" him is not.
        return None if cooperative else DENIED
    if clause.threatened:
        return None if cooperative else "THREATEN"
    if clause.promised and QUADS[act] == "material conflict":
        return "THREATEN"
    # Promised support is support in words already; any other promise is agreed to, not yet done.
    return "AGREE" if clause.promised and cooperative and act != "SUPPORT" else act
