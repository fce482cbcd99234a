"""Which stances of an article are asked: of which actors in which sentences, and what stands in whose words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from schemas.annotations import Entity
from schemas.message import Span
from services.enrich.act_words import ActWords
from services.enrich.acts import NOTHING, Told, find_act, has_act_words
from services.enrich.entities import group
from services.enrich.homes import only_says_where
from services.enrich.language_model import StanceAsk
from services.enrich.loaded_words import has_loaded_word
from services.enrich.quotes import Quotation, find_quotations
from services.enrich.spoken import Spoken, oneself, spoken

# A passage is read once, however many pairs of it are asked; each ask still adds its marks to weigh. Of a sentence that
# names many, only its three most salient actors are paired (six ordered pairs): it is a list, and says little of each.
ACTORS_A_SENTENCE = 3
MOST_PAIRS = 24
# Of what a speaker says in sentences that do not name him: as many as a long article has of them.
MOST_SPOKEN = 12
TARGETS_OF_OUTLET = 3
SENTENCES_OF_OUTLET = 5

_SAID = " said: "


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence, and the passage in which it was read for names and is read for stances."""

    sentence: Span
    passage: Span


@dataclass(frozen=True, slots=True)
class Said:
    """What one sentence says of one pair; the holder is none where the outlet itself speaks.

    `loaded` says of an outlet's sentence that a loaded word is among its own.
    """

    holder: Entity | None
    target: Entity
    place: Place
    quoted: bool
    ask: StanceAsk
    by: Spoken | None = None
    told: Told = NOTHING
    loaded: bool = False


Named = Sequence[Sequence[tuple[Entity, Span]]]
"""For each sentence the actors that it names, each where it first does."""


def asks_of(
    text: str,
    sentences: Sequence[Span],
    actors: Sequence[Entity],
    most_pairs: int = MOST_PAIRS,
    act_words: ActWords | None = None,
) -> list[Said]:
    """Everything that is asked of an article: of pairs in a sentence, of who speaks, and of the outlet itself."""
    named = actors_by_sentence(sentences, actors)
    places = [Place(sentence, passage) for sentence, passage in zip(sentences, _passages(text, sentences), strict=True)]
    quotations = find_quotations(text, actors)
    between = [
        *_between_actors(text, places, named, most_pairs),
        *_by_speakers(text, places, named, spoken(sentences, actors, quotations)),
    ]
    by_start = {one.start: found for one, found in zip(sentences, named, strict=True)}
    told = _with_acts(text, between, by_start, act_words)
    return [
        *(said for said in told if not _is_of_a_home(text, said, by_start)),
        *_of_the_outlet(text, places, named, quotations),
    ]


def _with_acts(
    text: str,
    asked: Sequence[Said],
    named: Mapping[int, Sequence[tuple[Entity, Span]]],
    act_words: ActWords | None,
) -> Iterator[Said]:
    """Add what the words tell, in those sentences that have words for acts at all."""
    spans = {one.start: one for one in {said.place.sentence for said in asked}}
    telling = {start for start, sentence in spans.items() if has_act_words(text, sentence, act_words)}
    for said in asked:
        sentence = said.place.sentence
        if said.holder is None or sentence.start not in telling:
            yield said
            continue
        # Who is quoted speaks of himself as "we".
        holder = [*said.holder.spans, *(oneself(text, said.by, sentence) if said.by else ())]
        others = [span for _, span in named[sentence.start]]
        yield replace(said, told=find_act(text, sentence, holder, said.target.spans, others, act_words))


def _is_of_a_home(text: str, said: Said, named: Mapping[int, Sequence[tuple[Entity, Span]]]) -> bool:
    """Is one of the two a country that only says where another is, with no act that places suffer?"""
    if said.told.act is not None:
        return False
    sentence = said.place.sentence
    return any(
        one is not None
        and one.kind == "location"
        and only_says_where(
            text, sentence, one.spans, [span for other, span in named[sentence.start] if other.id != one.id]
        )
        for one in (said.holder, said.target)
    )


def actors_by_sentence(sentences: Sequence[Span], actors: Iterable[Entity]) -> list[list[tuple[Entity, Span]]]:
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


def _between_actors(text: str, places: Sequence[Place], named: Named, most: int) -> list[Said]:
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


def _by_speakers(
    text: str,
    places: Sequence[Place],
    named: Named,
    by_speaker: Mapping[int, Spoken],
) -> list[Said]:
    """What is said of whom in quotation marks by one whom the sentence itself does not name."""
    return [
        _said_by(text, places[number], said, target)
        for number, said in by_speaker.items()
        if all(actor.id != said.speaker.id for actor, _ in named[number])
        for target in named[number][:ACTORS_A_SENTENCE]
        if said.words.start <= target[1].start and target[1].end <= said.words.end
    ][:MOST_SPOKEN]


def _said_by(text: str, place: Place, by: Spoken, target: tuple[Entity, Span]) -> Said:
    passage, span = place.passage, target[1]
    if passage.start <= by.cue.start and by.cue.end <= passage.end:
        said = _said(text, place, (by.speaker, by.cue), target)
        return replace(said, quoted=True, by=by)
    # The words that name him are out of sight: the sentence is put as he would be quoted.
    name = by.speaker.name
    shift = len(name) + len(_SAID) - place.sentence.start
    ask = StanceAsk(f"{name}{_SAID}{place.sentence.of(text)}", (span.start + shift, span.end + shift), (0, len(name)))
    return Said(by.speaker, target[0], place, True, ask, by)


def _of_the_outlet(
    text: str,
    places: Sequence[Place],
    named: Named,
    quotations: Sequence[Quotation],
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
        own = (one for one in said if not one.quoted and not _stands_in(one.place.sentence, quotations))
        for one in islice(own, SENTENCES_OF_OUTLET):
            yield replace(one, loaded=has_loaded_word(_QUOTE.sub(" ", one.place.sentence.of(text))))


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


def _stands_in(sentence: Span, quotations: Sequence[Quotation]) -> bool:
    return any(one.span.start <= sentence.start and sentence.end <= one.span.end for one in quotations)


# A mark that is not closed holds to the sentence's end.
_QUOTE = re.compile(r'“[^”]*(?:”|$)|"[^"]*(?:"|$)')


def _is_quoted(sentence: str, at: int) -> bool:
    """Are these another's words: does this place stand between quotation marks, or most of the sentence?"""
    quotes = [match.span() for match in _QUOTE.finditer(sentence)]
    return any(start < at < end for start, end in quotes) or 2 * sum(b - a for a, b in quotes) > len(sentence)


# "Russian President Vladimir Putin" names one actor by another, and takes no side.
_OFFICES = re.compile(
    r"(?:\W|\b(?:president|prime|vice|deputy|foreign|defen[cs]e|finance|interior|home|justice|health|education|trade|"
    r"energy|economy|agriculture|fisheries|transport|environment|labou?r|former|acting|minister|secretary|leader|"
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
