"""What an article claims, in the terms in which a story remembers: its names, places, figures, deeds and stances."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from schemas.annotations import (
    OUTLET_AS_HOLDER,
    Act,
    AnnotatedArticle,
    Deed,
    DeedTelling,
    Entity,
    Figure,
    Place,
    Stance,
)
from schemas.message import Span
from services.enrich.called import folded, names_of, words_of, written_as
from services.enrich.corrections import find_correction
from services.enrich.dateline import spans_of_story
from services.enrich.lead import Lead
from services.enrich.scenes import is_scene

SCENE = 350
"""A place named this early in the text is where the report is; what comes later is background."""

EARLY = 700
"""Characters of a text in which a count of people is news."""

SURE_STANCE = 0.5
"""Polarity from which somebody is told to be for another, or against: less is a tone, and shifts with the reporter."""


_YEAR = re.compile(r"\b(?:in|since|of|until|from|and|between|by|before|after|the)\s((?:19|20)\d\d)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ClaimedAct:
    """An act of one towards another, and the stance that it shows."""

    act: Act
    stance: Stance

    def is_told_at(self, span: Span) -> bool:
        """Does a sentence that shows it hold these words?"""
        return any(one.start <= span.start and span.end <= one.end for one in self.stance.evidence)


@dataclass(frozen=True)
class Claims:
    """Everything of one article that can be new to its story."""

    annotated: AnnotatedArticle

    @cached_property
    def actors(self) -> tuple[Entity, ...]:
        """The people and organizations named in it, but for those who wrote it."""
        return tuple(one for one in self.of_the_story if one.kind in ("person", "organization"))

    @cached_property
    def names(self) -> frozenset[str]:
        """What its entities are known by: ids and folded names."""
        return frozenset(
            name
            for entity in self.annotated.entities
            for name in (
                *names_of(entity),
                *(words_of(entity) if entity.kind != "location" else ()),
                *(
                    map(folded, written_as(entity, self.annotated.article.text))
                    if entity.kind in ("person", "organization")
                    else ()
                ),
            )
        )

    @cached_property
    def places(self) -> tuple[tuple[Place, tuple[Span, ...]], ...]:
        """Its places, each where the story itself names it: where a report was written is no place of what happened."""
        return tuple(
            (place, tuple(spans))
            for place in self.annotated.places
            if (spans := spans_of_story(place.spans, self.annotated.written))
        )

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of its text."""
        return tuple(one for one in self.annotated.figures if not one.headline)

    @cached_property
    def title_figures(self) -> tuple[Figure, ...]:
        """The figures of its headline."""
        return tuple(one for one in self.annotated.figures if one.headline)

    def is_background(self, told: Figure | Deed) -> bool:
        """Is it of another year, by its sentence: "in 2017 fires killed more than 100"?"""
        if told.headline:
            return False
        year, sentence = self.annotated.article.published.year, self.lead.sentence_around(told.span)
        return ("19" in sentence or "20" in sentence) and any(int(one) < year for one in _YEAR.findall(sentence))

    @cached_property
    def correction(self) -> Span | None:
        """The words that take something back."""
        return find_correction(self.annotated.article.text)

    @cached_property
    def lead(self) -> Lead:
        """Where it tells its news."""
        return Lead(self.annotated.article.text, self.annotated.written)

    def is_in_headline(self, name: str) -> bool:
        """Does the headline have this name, as a word of its own?"""
        title, sought = folded(self.annotated.article.title), folded(name)
        at = title.find(sought) if sought else -1
        while at >= 0:
            end = at + len(sought)
            if not (title[at - 1 : at].isalnum() or title[end : end + 1].isalnum()):
                return True
            at = title.find(sought, at + 1)
        return False

    @cached_property
    def named(self) -> tuple[Entity, ...]:
        """The people, bodies and places that it names, but for countries: many stories have those."""
        return tuple(one for one in self.of_the_story if one.kind != "other" and folded(one.name) not in self.countries)

    @cached_property
    def countries(self) -> frozenset[str]:
        """The folded names of the countries that it names."""
        places = (*self.annotated.places, *self.annotated.allusions)
        return frozenset(folded(place.name) for place in places if place.feature == "country")

    @cached_property
    def of_the_story(self) -> tuple[Entity, ...]:
        """Its entities, without those who only wrote it."""
        # Whole words: "Iran" is no part of the Tirana Times.
        written, outlet = self.annotated.written, f" {folded(self.annotated.article.outlet.name)} "
        return tuple(
            entity
            for entity in self.annotated.entities
            # An outlet that says "told the Gazette" speaks of itself.
            if f" {folded(entity.name)} " not in outlet
            and (spans := spans_of_story(entity.spans, written))
            and (len(entity.spans) > 1 or spans[0].start >= self.lead.begins)
        )

    @cached_property
    def scenes(self) -> tuple[tuple[Place, tuple[Span, ...]], ...]:
        """The places where the news happens: named early, as a place, and not as where somebody spoke."""
        text = self.annotated.article.text
        return tuple(
            (place, spans)
            for place, all_spans in self.places
            if (
                spans := tuple(
                    span
                    for span in all_spans
                    if span.start < SCENE
                    and span not in place.metonyms
                    and is_scene(text, span)
                    and not self.lead.is_apart(span)
                )
            )
            and place.used_as == "name"
        )

    @cached_property
    def unmapped_scenes(self) -> tuple[tuple[Entity, tuple[Span, ...]], ...]:
        """The villages and bays where the news happens that no map has: named early, and again or in the headline."""
        text = self.annotated.article.text
        mapped = {span.start for place in (*self.annotated.places, *self.annotated.allusions) for span in place.spans}
        return tuple(
            (entity, spans)
            for entity in self.of_the_story
            if entity.kind == "location"
            and mapped.isdisjoint(span.start for span in entity.spans)
            and (len(entity.spans) > 1 or self.is_in_headline(entity.name))
            and (spans := tuple(span for span in entity.spans if span.start < SCENE and is_scene(text, span)))
        )

    @cached_property
    def deeds(self) -> tuple[Deed, ...]:
        """The deeds of its text."""
        return tuple(one for one in self.annotated.deeds if not one.headline)

    @cached_property
    def title_deeds(self) -> tuple[Deed, ...]:
        """The deeds of its headline."""
        return tuple(one for one in self.annotated.deeds if one.headline)

    @cached_property
    def told_deeds(self) -> dict[str, DeedTelling]:
        """The classes of the deeds that it tells as done: in its lead or headline as news, or else as told earlier."""
        told: dict[str, DeedTelling] = {}
        for deed in (*self.deeds, *self.title_deeds):
            if deed.told != "undone":
                told.setdefault(deed.name, "earlier")
        return told | {deed.name: "news" for deed in self.news_deeds}

    @cached_property
    def doers(self) -> dict[str, list[str]]:
        """For each deed that it brings as news, by what the doer is known, if the words say who it is."""
        found: dict[str, list[str]] = {}
        for deed in self.news_deeds:
            subject = self.subject_of(deed)
            found[deed.name] = [] if subject is None else [*names_of(subject), *words_of(subject)]
        return found

    def subject_of(self, deed: Deed) -> Entity | None:
        """Who does a deed of the text, as far as the order of its words tells: the last one named before it there."""
        return next(reversed(self._named_before(deed.span)), None)

    def first_named(self, span: Span) -> Entity | None:
        """The first one named before these words of the text, in their sentence; a place if nobody else is."""
        named = self._named_before(span)
        return next((one for one in named if one.kind != "location"), named[0] if named else None)

    def _named_before(self, span: Span) -> list[Entity]:
        begins = self.lead.sentence_of(span)
        named = [
            (one.start, number)
            for number, entity in enumerate(self.of_the_story)
            for one in entity.spans
            if begins <= one.start < span.start
        ]
        return [self.of_the_story[number] for _, number in sorted(named)]

    @cached_property
    def news_deeds(self) -> tuple[Deed, ...]:
        """The deeds that it brings as news, one of a class, from its text if that tells it anywhere."""
        first: dict[str, Deed] = {}
        for deed in self.deeds:
            if (
                deed.told == "news"
                and not self.is_background(deed)
                and (deed.span.start < self.lead.first_sentence or self.lead.says_at_once(deed.span))
            ):
                first.setdefault(deed.name, deed)
        for titled in self.title_deeds:
            if titled.told == "news" and titled.name not in first:
                # "Jailed chairman quits": what a headline alone says of somebody is not always told as done.
                told = next((one for one in self.deeds if one.name == titled.name and one.told != "undone"), None)
                if told is not None:
                    first[titled.name] = told
        return tuple(first.values())

    @cached_property
    def acts(self) -> tuple[ClaimedAct, ...]:
        """The acts of its stances."""
        return tuple(
            ClaimedAct(stance.act, stance)
            for stance in self.annotated.stances
            if stance.act is not None and stance.holder != OUTLET_AS_HOLDER
        )

    @cached_property
    def sure_stances(self) -> tuple[Stance, ...]:
        """Who is plainly for or against whom; the outlet's own tone is none of the story's."""
        return tuple(
            stance
            for stance in self.annotated.stances
            if stance.holder != OUTLET_AS_HOLDER and abs(stance.polarity) >= SURE_STANCE
        )
