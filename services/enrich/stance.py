"""Say who is for or against whom: how a sentence sets one actor to another, and how the outlet speaks of each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from schemas.annotations import OUTLET_AS_HOLDER, Entity, Stance
from schemas.message import Span
from services.enrich.entities import group
from services.enrich.language_model import StanceAsk

MOST_STANCES = 10
MOST_EVIDENCE = 3

# Each ask is one pass of the encoder, some 3 ms. Of a sentence that names many, only its three most salient actors are
# paired (six ordered pairs): it is a list, and says little of each pair.
ACTORS_A_SENTENCE = 3
MOST_PAIRS = 24
TARGETS_OF_OUTLET = 3
SENTENCES_OF_OUTLET = 5

# Of DSE's pairs of actors in one sentence, 83 in 100 are neutral, but of those that the encoder learned from only 60:
# taught with them all, it says little else. What it then gives neutral too little is given back here, as odds.
NEUTRAL_ODDS = (0.83 / 0.17) / (0.60 / 0.40)

LEAST_SHARE = 0.5
LEAST_POLARITY = 0.25
# Beside what was said stands a little that was not: two sentences that agree say more than one.
UNSAID = 0.3


class Scorer(Protocol):
    """Whatever weighs stances: against, neutral, for."""

    def score_stances(self, asks: Sequence[StanceAsk]) -> list[tuple[float, float, float]]:
        """Give each ask its three shares."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence, and the passage in which it was read for names and is read for stances."""

    sentence: Span
    passage: Span


@dataclass(frozen=True, slots=True)
class Said:
    """What one sentence says of one pair; the holder is none where the outlet itself speaks."""

    holder: Entity | None
    target: Entity
    place: Place
    quoted: bool
    ask: StanceAsk


def find_stances(
    text: str,
    sentences: Sequence[Span],
    entities: Sequence[Entity],
    model: Scorer,
    *,
    most_pairs: int = MOST_PAIRS,
) -> tuple[Stance, ...]:
    """Give an article's stances, the strongest first, each with the sentences that show it."""
    named = _by_sentence(sentences, [entity for entity in entities if is_actor(entity)])
    places = [Place(sentence, passage) for sentence, passage in zip(sentences, _passages(text, sentences), strict=True)]
    asked = [*_between_actors(text, places, named, most_pairs), *_of_the_outlet(text, places, named)]
    by_pair: dict[tuple[str, str], list[tuple[Said, tuple[float, float, float]]]] = defaultdict(list)
    for said, share in zip(asked, model.score_stances([said.ask for said in asked]), strict=True):
        holder = said.holder.id if said.holder else OUTLET_AS_HOLDER
        by_pair[holder, said.target.id].append((said, leaning(share, directed=said.holder is not None)))
    stances = [stance for evidence in by_pair.values() if (stance := _weighed(evidence)) is not None]
    stances.sort(key=lambda stance: (-abs(stance.polarity) * stance.confidence, stance.holder, stance.target))
    return tuple(stances[:MOST_STANCES])


def stance_of(
    text: str,
    target_start: int,
    target_end: int,
    source_start: int | None = None,
    source_end: int | None = None,
    *,
    model: Scorer,
) -> tuple[int, float]:
    """Give one asked stance as a label (-1 against, 0 neutral, 1 for) and a polarity from -1 to 1."""
    source = (source_start, source_end) if source_start is not None and source_end is not None else None
    [share] = model.score_stances([StanceAsk(text, (target_start, target_end), source)])
    against, neutral, favour = leaning(share, directed=source is not None)
    label = max(((neutral, 0), (against, -1), (favour, 1)))[1]
    return label, round(favour - against, 4)


def leaning(shares: tuple[float, float, float], *, directed: bool) -> tuple[float, float, float]:
    """Put the encoder's shares back on the footing of real pairs, most of which take no side."""
    if not directed:
        return shares
    against, neutral, favour = shares
    neutral *= NEUTRAL_ODDS
    whole = against + neutral + favour
    return against / whole, neutral / whole, favour / whole


def is_actor(entity: Entity) -> bool:
    """Can it take a side? People and organizations can, and countries by their names."""
    return entity.kind in ("person", "organization") or (entity.kind == "location" and entity.country is not None)


def _by_sentence(sentences: Sequence[Span], actors: Iterable[Entity]) -> list[list[tuple[Entity, Span]]]:
    """For each sentence the actors that it names, each by its first mention there, the most salient first."""
    named: list[dict[str, tuple[Entity, Span]]] = [{} for _ in sentences]
    for actor in actors:
        for span in actor.spans:
            at = _sentence_of(sentences, span)
            if at is not None:
                named[at].setdefault(actor.id, (actor, span))
    return [sorted(found.values(), key=lambda one: (-one[0].salience, one[1].start)) for found in named]


def _sentence_of(sentences: Sequence[Span], span: Span) -> int | None:
    low, high = 0, len(sentences)
    while low < high:
        middle = (low + high) // 2
        if sentences[middle].end < span.end:
            low = middle + 1
        else:
            high = middle
    return low if low < len(sentences) and sentences[low].start <= span.start else None


def _between_actors(
    text: str, places: Sequence[Place], named: Sequence[Sequence[tuple[Entity, Span]]], most: int
) -> list[Said]:
    asked = [
        _said(text, place, holder, target)
        for place, actors in zip(places, named, strict=True)
        for holder in actors[:ACTORS_A_SENTENCE]
        for target in actors[:ACTORS_A_SENTENCE]
        if holder[0].id != target[0].id and not _is_apposition(text, holder[1], target[1])
    ]
    # The most salient pairs first, so that what a long article has too many of is what it is least about.
    asked.sort(key=lambda said: -(said.target.salience + (said.holder.salience if said.holder else 0.0)))
    return asked[:most]


def _of_the_outlet(
    text: str, places: Sequence[Place], named: Sequence[Sequence[tuple[Entity, Span]]]
) -> Iterator[Said]:
    actors = {actor.id: actor for found in named for actor, _ in found}
    main = sorted(actors.values(), key=lambda actor: (-actor.salience, actor.spans[0].start))[:TARGETS_OF_OUTLET]
    for actor in main:
        said = (
            _said(text, place, None, (other, span))
            for place, found in zip(places, named, strict=True)
            for other, span in found
            if other.id == actor.id
        )
        # What stands in quotation marks is another's tone.
        yield from [one for one in said if not one.quoted][:SENTENCES_OF_OUTLET]


def _said(text: str, place: Place, holder: tuple[Entity, Span] | None, target: tuple[Entity, Span]) -> Said:
    def inside(span: Span) -> tuple[int, int]:
        return span.start - place.passage.start, span.end - place.passage.start

    ask = StanceAsk(place.passage.of(text), inside(target[1]), inside(holder[1]) if holder else None)
    quoted = _is_quoted(place.sentence.of(text), target[1].start - place.sentence.start)
    return Said(holder[0] if holder else None, target[0], place, quoted, ask)


def _passages(text: str, sentences: Sequence[Span]) -> Iterator[Span]:
    """For each sentence the passage that it stands in."""
    passages, at = group(text, sentences), 0
    for sentence in sentences:
        at += passages[at].end < sentence.end
        yield passages[at]


# A mark that is not closed holds to the sentence's end.
_QUOTE = re.compile(r'“[^”]*(?:”|$)|"[^"]*(?:"|$)')


def _is_quoted(sentence: str, at: int) -> bool:
    """Are these another's words: does this place stand between quotation marks, or most of the sentence?"""
    quotes = [match.span() for match in _QUOTE.finditer(sentence)]
    return any(start < at < end for start, end in quotes) or 2 * sum(b - a for a, b in quotes) > len(sentence)


# "Russian President Vladimir Putin" names one actor by another, and takes no side.
_OFFICES = re.compile(
    r"(?:\W|\b(?:president|prime|vice|deputy|foreign|defen[cs]e|finance|interior|former|acting|minister|secretary|leader|"
    r"chief|chair(?:man|woman)?|chancellor|king|queen|prince|premier|senator|sen|rep|representative|congress(?:man|woman)|"
    r"gov|governor|mayor|ambassador|general|gen|spokes(?:man|woman|person)|official|envoy|director|head|ceo|executive|"
    r"candidate|republican|democrat(?:ic)?|judge|justice|attorney|supreme|counterpart|of|the|s|mr|mrs|ms|dr)\b)*",
    re.IGNORECASE,
)


def _is_apposition(text: str, one: Span, other: Span) -> bool:
    first, second = sorted((one, other), key=lambda span: span.start)
    if first.end > second.start:
        return True
    return second.start - first.end < 60 and _OFFICES.fullmatch(text, first.end, second.start) is not None


def _weighed(evidence: list[tuple[Said, tuple[float, float, float]]]) -> Stance | None:
    """Make one stance of what several sentences say of one pair, or none if they say too little.

    Between actors a sentence weighs by how far it takes a side at all: one that only names the two is silent, it does
    not object. The outlet speaks in every sentence, and a neutral one is its tone too: there all weigh the same.
    """
    by_outlet = evidence[0][0].holder is None
    weights = [1.0 if by_outlet else 1.0 - neutral for _, (_, neutral, _) in evidence]
    leaned = sum(
        weight * (favour - against) for weight, (_, (against, _, favour)) in zip(weights, evidence, strict=True)
    )
    polarity = leaned / (sum(weights) + UNSAID)
    side = 2 if polarity > 0 else 0
    strongest = sorted(evidence, key=lambda one: (-one[1][side], one[0].place.sentence.start))
    confidence = strongest[0][1][side]
    if confidence < LEAST_SHARE or abs(polarity) < LEAST_POLARITY:
        return None
    shown = [said for said, shares in strongest if shares[side] >= LEAST_SHARE][:MOST_EVIDENCE]
    holder, target = shown[0].holder, shown[0].target
    if holder is not None and polarity > 0 and _is_its_own(holder, target):
        return None
    return Stance(
        holder=holder.id if holder else OUTLET_AS_HOLDER,
        holder_name=holder.name if holder else OUTLET_AS_HOLDER,
        target=target.id,
        target_name=target.name,
        polarity=round(polarity, 4),
        confidence=round(confidence, 4),
        evidence=tuple(said.place.sentence for said in sorted(shown, key=lambda said: said.place.sentence.start)),
        quoted=all(said.quoted for said in shown),
    )


def _is_its_own(one: Entity, other: Entity) -> bool:
    """A country and who acts for it: that these are for each other goes without saying; that they are not, does not."""
    return "location" in (one.kind, other.kind) and one.country is not None and one.country == other.country
