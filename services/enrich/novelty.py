"""Say what is new in an article, against what its story has told so far."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.message import Span
from schemas.story import Development, DevelopmentKind
from services.enrich.called import folded, names_of, place_id
from services.enrich.chronicle import HOUR, LONGEST, Chronicle, Found, Key, pair_of
from services.enrich.claims import SCENE, Claims
from services.enrich.corrections import says_correction
from services.enrich.known import is_named, is_strange
from services.enrich.main_actors import does_something, main_actors
from services.enrich.new_acts import new_acts
from services.enrich.new_acts import told_again as act_told_again
from services.enrich.new_figures import new_figures, told_again
from services.enrich.scenes import is_only_in
from services.enrich.surge import Others, find_surge
from services.enrich.turnarounds import find_turnaround

MOST_DEVELOPMENTS = 5

TOLD_COUNTS, LATE_COUNTS = 0.75, 0.9
"""How sure a development of score 1, and a report of days later, is to be new. On pairs of reports labelled as the same
development or a new one the area under the curve is 0.87 so, 0.94 by time alone and 0.75 by developments alone; but by
time alone a toll that rises within the hour would be no news."""

UNMAPPED = 0.4
"""The score of a new place that is on no map."""

GROWN = 2
"""Reports after which who is not named was not in the story yet; before, only who does something is new, or is in the
headline."""

SHIFTED = 0.6
"""From at least so far on one side to at least so far on the other: less is no change of mind."""

SAME_TURN = 48
"""Hours after which another change of sides is one of its own."""


@dataclass(frozen=True, slots=True)
class New:
    """A development, and as its story will keep it."""

    shown: Development
    found: Found


@dataclass(frozen=True, slots=True)
class Judged:
    """What an article brings, the weightiest first, and the ids of what it only tells again."""

    new: tuple[New, ...] = ()
    repeats: tuple[str, ...] = ()

    @property
    def developments(self) -> tuple[Development, ...]:
        """As a message shows them."""
        return tuple(one.shown for one in self.new)


def opening(story: str) -> Judged:
    """What an article brings that opens a story."""
    return Judged((_new(story, "new_story", [], "No earlier article tells of this.", 1.0),))


def judge(claims: Claims, story: str, so_far: Chronicle, others: Others | None = None) -> Judged:
    """What the article adds to its story so far, and what of it the story knew; `others` came with it, of any story."""
    if not claims.annotated.annotated or not so_far.articles:
        return Judged()
    if is_strange(claims, so_far):
        # Strikes or storms of one week are taken for one story at times: what is told of the other is not new in this.
        return Judged()
    found = [
        *_actors(claims, story, so_far),
        *_places(claims, story, so_far),
        *_unmapped(claims, story, so_far),
        *_figures(claims, story, so_far),
        *_acts(claims, story, so_far),
        *_shifts(claims, story, so_far),
        *_correction(claims, story),
        *_surge(claims, story, so_far, others),
    ]
    # Who takes something back tells it, too, but is no support of it.
    is_correction = any(one.found.kind == "correction" for one in found)
    told = {development["id"] for development in so_far.developments}
    new = sorted((one for one in found if one.found.id not in told), key=lambda one: -one.shown.score)
    return Judged(tuple(new[:MOST_DEVELOPMENTS]), () if is_correction else _repeats(claims, so_far))


def novelty(found: Sequence[Development], contained: float, late: float) -> float:
    """How new an article is to its story, 0 to 1: by its developments, by how late it comes, and by its words.

    `late` is how likely a report so long after its story's last one tells something new, whatever we find in it;
    `contained` the share of it that was told in the same words.
    """
    # The strongest development counts in full, the others a quarter each.
    scores = sorted((one.score for one in found), reverse=True)
    told = min(1.0, scores[0] + 0.25 * sum(scores[1:])) if scores else 0.0
    return round((1 - contained) * (1 - (1 - TOLD_COUNTS * told) * (1 - LATE_COUNTS * late)), 3)


def _actors(claims: Claims, story: str, so_far: Chronicle) -> Iterator[New]:
    is_young = so_far.articles - so_far.duplicates < GROWN
    for entity in main_actors(claims):
        if is_young and not does_something(entity, claims):
            # One report names few of those who are in its story.
            continue
        if not is_named(entity, claims, so_far):
            yield _new(
                story,
                "new_actor",
                list(names_of(entity)),
                f"{entity.name} is not named in {_earlier(so_far)} of this story.",
                min(1.0, 0.3 + entity.salience * 0.7),
                entity.id,
                entity.spans[:3],
            )


def _places(claims: Claims, story: str, so_far: Chronicle) -> Iterator[New]:
    countries = {country for *_, country, _ in so_far.places.values()}
    for place, spans in claims.scenes:
        if place_id(place) in so_far.places or folded(place.name) in so_far.names:
            continue
        titled = claims.is_in_headline(place.name)
        # Whoever told of a town told of its country, and nearly all is in Africa or Asia.
        if place.feature in ("country", "division", "area") and (place.country in countries or not titled):
            continue
        if (place.capital or (place.feature == "spot" and not place.approximate)) and not titled:
            # Where ministers and banks have their seats, the White House and the Kremlin: the news is theirs.
            continue
        if not (titled or len(place.spans) > 1 or spans[0].start < claims.lead.first_sentence) and all(
            is_only_in(claims.annotated.article.text, span) for span in spans
        ):
            continue
        early = 1 - spans[0].start / SCENE
        yield _new(
            story,
            "new_place",
            [place_id(place)],
            f"{place.name} is not named in {_earlier(so_far)} of this story.",
            place.confidence * (0.3 + 0.4 * early),
            place.name,
            spans[:3],
        )


def _unmapped(claims: Claims, story: str, so_far: Chronicle) -> Iterator[New]:
    for entity, spans in claims.unmapped_scenes:
        if not is_named(entity, claims, so_far):
            yield _new(
                story,
                "new_place",
                [folded(entity.name)],
                f"{entity.name} is not named in {_earlier(so_far)} of this story.",
                UNMAPPED,
                entity.name,
                spans[:3],
            )


def _figures(claims: Claims, story: str, so_far: Chronicle) -> Iterator[New]:
    for new in new_figures(claims, so_far.figures):
        yield _new(
            story,
            "new_figure",
            list(new.key),
            new.reason,
            new.score,
            new.subject,
            new.spans,
        )


def _acts(claims: Claims, story: str, so_far: Chronicle) -> Iterator[New]:
    for new in new_acts(claims, so_far):
        yield _new(story, "new_act", list(new.key), new.reason, new.score, new.subject, (new.span,))


def _shifts(claims: Claims, story: str, so_far: Chronicle) -> Iterator[New]:
    """Somebody changed sides: the words say so, or they are for whom they were told to be against."""
    article = claims.annotated.article
    told = [one for one in so_far.developments if one["kind"] == "stance_shift"]
    if any(article.published.timestamp() - one["published"] < SAME_TURN * HOUR for one in told):
        # Who follows suit, or is told to have in other words, does no more of the same.
        return
    words = find_turnaround(article.text, claims.lead.ends)
    if words is not None:
        subject = claims.first_named(words)
        name, known = (subject.name, subject.id) if subject else ("Somebody", "")
        reason = f"{name} changed sides: “{words.of(article.text)}”."
        yield _new(story, "stance_shift", [known], reason, 0.8, known, (words,))
        return
    if any(deed.act == "AGREE" for deed in claims.news_deeds):
        # Enemies who sign a truce are not for one another.
        return
    for stance in claims.sure_stances:
        before = so_far.stances.get(pair_of(stance.holder, stance.target))
        if before is None or before * stance.polarity >= 0 or min(abs(before), abs(stance.polarity)) < SHIFTED:
            continue
        now, was = ("for", "against") if stance.polarity > 0 else ("against", "for")
        yield _new(
            story,
            "stance_shift",
            [stance.holder, stance.target, now],
            f"{stance.holder_name} is {now} {stance.target_name}, and was told to be {was} before.",
            min(1.0, 0.5 + 0.25 * abs(stance.polarity - before)),
            stance.holder,
            stance.evidence[:3],
        )


def _correction(claims: Claims, story: str) -> Iterator[New]:
    article = claims.annotated.article
    if claims.correction is None and says_correction(article.title):
        yield _new(story, "correction", [article.id], f"It puts right what was told before: “{article.title}”.", 0.8)
    elif words := claims.correction:
        yield _new(
            story,
            "correction",
            [article.id],
            f"It puts right what was told before: “{words.of(article.text)}”.",
            0.8,
            spans=(words,),
        )


def _surge(claims: Claims, story: str, so_far: Chronicle, others: Others | None) -> Iterator[New]:
    published = claims.annotated.article.published.timestamp()
    surge = find_surge(published, so_far, others)
    if surge is not None:
        yield _new(story, "surge", [surge.began], surge.reason, surge.score)


def _repeats(claims: Claims, so_far: Chronicle) -> tuple[str, ...]:
    return tuple(told["id"] for told in so_far.developments if _tells(claims, told["kind"], told["key"]))


def _tells(claims: Claims, kind: DevelopmentKind, key: Key) -> bool:
    """Does the article tell this, too?"""
    if kind == "new_story":
        return True
    if kind == "new_actor":
        return not claims.names.isdisjoint(key)
    if kind == "new_place":
        return key[0] in claims.names or any(place_id(place) == key[0] for place, _ in claims.places)
    if kind == "new_figure":
        return told_again(claims, key)
    if kind == "new_act":
        return act_told_again(claims, tuple(key))
    if kind == "stance_shift":
        return (
            bool(key[0])
            and key[0] in claims.names
            and find_turnaround(claims.annotated.article.text, claims.lead.ends) is not None
        )
    return False


def _new(
    story: str,
    kind: DevelopmentKind,
    key: Key,
    reason: str,
    score: float,
    subject: str = "",
    spans: Sequence[Span] = (),
) -> New:
    said = "\x1f".join((story, kind, *map(str, key)))
    identity = f"d-{hashlib.sha256(said.encode()).hexdigest()[:12]}"
    score, reason = round(score, 3), reason[:LONGEST]
    shown = Development(id=identity, kind=kind, reason=reason, score=score, subject=subject, spans=tuple(spans))
    return New(shown, Found(identity, kind, key, reason, score, subject))


def _earlier(so_far: Chronicle) -> str:
    return "the earlier article" if so_far.articles == 1 else f"the {so_far.articles} earlier articles"
