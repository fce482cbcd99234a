"""Say who is for or against whom: how a sentence sets one actor to another, and how the outlet speaks of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from schemas.annotations import OUTLET_AS_HOLDER, Entity, Stance
from schemas.message import Span
from services.enrich.act_words import QUADS, ActWords
from services.enrich.acting_for import Side, acting_for
from services.enrich.acts import Told
from services.enrich.language_model import StanceAsk
from services.enrich.stance_asks import MOST_PAIRS, Said, asks_of

MOST_STANCES = 10
MOST_EVIDENCE = 3

# Of DSE's pairs of actors in one sentence, 83 in 100 are neutral, but of those that the encoder learned from only 60:
# taught with them all, it says little else. What it then gives neutral too little is given back here, as odds.
NEUTRAL_ODDS = (0.83 / 0.17) / (0.60 / 0.40)

OUTLET_COUNTS = 0.5
"""The outlet's own tone counts half: of the strongest three of fifty articles a reader agreed with 42 of 84 stances
between actors, and with none of 20 of the outlet's."""

LEAST_SHARE = 0.5
LEAST_POLARITY = 0.25
# Beside what was said stands a little that was not: two sentences that agree say more than one.
UNSAID = 0.3


# Where the words tell an act, they count so much, and the encoder the rest: of 94 pairs of DSE with an ACCUSE or a
# SUPPORT 74 are of its side and none is of the other, however weakly the encoder leans (it misses many passives).
WORDS_COUNT = 0.7
_NO_SIDE = frozenset({"CONSULT", "REQUEST"})
"""Who meets or asks someone takes no side by that."""

# Bad news of somebody is no dislike of him: the outlet is against him where loaded words of its own stand in so many of
# the sentences that lean so. Of 578 articles (PerSenT dev) it was right in 37 of 171 without, and is in 10 of 24 with
# two, 22 of 64 with one; chosen on half of them, always in those words, it is right in 0.34 on the other half.
LEAST_LOADED = 2

Shares = tuple[float, float, float]
Evidence = tuple[Said, Shares]


class Scorer(Protocol):
    """Whatever weighs stances: against, neutral, for."""

    def score_stances(self, asks: Sequence[StanceAsk]) -> list[Shares]:
        """Give each ask its three shares."""
        ...


def find_stances(
    text: str,
    sentences: Sequence[Span],
    entities: Sequence[Entity],
    model: Scorer,
    *,
    side_of: Side = acting_for,
    most_pairs: int = MOST_PAIRS,
    act_words: ActWords | None = None,
) -> tuple[Stance, ...]:
    """Give an article's stances, the strongest first, each with the sentences that show it."""
    asked = asks_of(text, sentences, [entity for entity in entities if is_actor(entity)], most_pairs, act_words)
    by_pair: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for said, share in zip(asked, model.score_stances([said.ask for said in asked]), strict=True):
        holder = said.holder.id if said.holder else OUTLET_AS_HOLDER
        shares = with_act(leaning(share, directed=said.holder is not None), said.told)
        by_pair[holder, said.target.id].append((said, shares))
    stances = [
        stance
        for evidence in _in_its_own_words(by_pair).values()
        if (stance := _weighed(evidence, side_of)) is not None
    ]
    stances.sort(key=lambda stance: (-_weight(stance), stance.holder, stance.target))
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


def leaning(shares: Shares, *, directed: bool) -> Shares:
    """Put the encoder's shares back on the footing of real pairs, most of which take no side."""
    if not directed:
        return shares
    against, neutral, favour = shares
    neutral *= NEUTRAL_ODDS
    whole = against + neutral + favour
    return against / whole, neutral / whole, favour / whole


def with_act(shares: Shares, told: Told) -> Shares:
    """Let what the words tell count beside what the encoder says."""
    if told.denied:
        side = 1
    elif told.act is not None and told.act not in _NO_SIDE:
        side = 2 if QUADS[told.act].endswith("cooperation") else 0
    else:
        return shares
    against, neutral, favour = (
        (1 - WORDS_COUNT) * share + (WORDS_COUNT if at == side else 0.0) for at, share in enumerate(shares)
    )
    return against, neutral, favour


def is_actor(entity: Entity) -> bool:
    """Can it take a side? People and organizations can, and countries by their names."""
    return entity.kind in ("person", "organization") or (entity.kind == "location" and entity.country is not None)


def _in_its_own_words(by_pair: dict[tuple[str, str], list[Evidence]]) -> dict[tuple[str, str], list[Evidence]]:
    """Leave the outlet no sentence that tells how others stand to the target, or it to them.

    Reporting dislike is not disliking, and who reports that somebody praises is not for him.
    """
    told = {
        (one.id, said.place.sentence.start)
        for evidence in by_pair.values()
        for said, (against, _, favour) in evidence
        if said.holder is not None and max(against, favour) >= LEAST_SHARE
        for one in (said.holder, said.target)
    }
    left = {
        pair: [one for one in evidence if one[0].holder or (pair[1], one[0].place.sentence.start) not in told]
        for pair, evidence in by_pair.items()
    }
    return {pair: evidence for pair, evidence in left.items() if evidence}


def _weighed(evidence: list[Evidence], side_of: Side) -> Stance | None:
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
    leaning_so = [said for said, shares in strongest if shares[side] >= LEAST_SHARE]
    if by_outlet and polarity < 0:
        leaning_so = [said for said in leaning_so if said.loaded]
        if len(leaning_so) < LEAST_LOADED:
            return None
    shown = leaning_so[:MOST_EVIDENCE]
    holder, target = shown[0].holder, shown[0].target
    if holder is not None and polarity > 0 and _is_its_own(holder, target):
        return None
    acts = [said.told.act for said in shown if said.told.act is not None]
    act = next((act for act in acts if QUADS[act].endswith("cooperation") == (polarity > 0)), None)
    return Stance(
        holder=holder.id if holder else OUTLET_AS_HOLDER,
        holder_name=holder.name if holder else OUTLET_AS_HOLDER,
        target=target.id,
        target_name=target.name,
        polarity=round(polarity, 4),
        confidence=round(confidence, 4),
        evidence=tuple(said.place.sentence for said in sorted(shown, key=lambda said: said.place.sentence.start)),
        quoted=all(said.quoted for said in shown),
        act=act,
        quad=QUADS[act] if act is not None else None,
        holder_side=side_of(holder) if holder is not None else None,
        target_side=side_of(target),
    )


def _weight(stance: Stance) -> float:
    """How strongly a stance is told, by which the strongest of an article are kept and come first."""
    counts = OUTLET_COUNTS if stance.holder == OUTLET_AS_HOLDER else 1.0
    return counts * abs(stance.polarity) * stance.confidence


def _is_its_own(one: Entity, other: Entity) -> bool:
    """A country and who acts for it: that these are for each other goes without saying; that they are not, does not."""
    return "location" in (one.kind, other.kind) and one.country is not None and one.country == other.country
