"""Say who plays a main role in an article: in the headline, named often, or who its first sentence is about."""

from __future__ import annotations

import re

from schemas.annotations import Entity
from services.enrich.called import folded
from services.enrich.claims import Claims
from services.enrich.dateline import spans_of_story
from services.enrich.scenes import is_scene

MAIN_ACTOR = 0.4
"""Salience from which an entity plays a main role: named in the title, or four times, early on."""

TWICE = 0.3
"""Salience of a person who is named twice, and early: one who is quoted once has less."""

FEW_LETTERS = 4
"""Characters at a sentence's beginning before its subject: "The "."""

# "He told the Gazette", "first reported by the Gazette": who was told is no part of what happened.
_ASKED = re.compile(
    r"\b(?:told|confirmed\sto|spoke\s(?:to|with)|interview\swith|reported\sby|according\sto)\s(?:the\s)?$",
    re.IGNORECASE,
)


def main_actors(claims: Claims) -> tuple[Entity, ...]:
    """Those who play a main role; a country does where it acts, and not where something only happens in it."""
    return tuple(
        entity
        for entity in claims.of_the_story
        if (entity.kind in ("person", "organization") and _is_main(entity, claims)) or _acts(entity, claims)
    )


def does_something(entity: Entity, claims: Claims) -> bool:
    """Does somebody do one of the deeds that are told as news, or is he in the headline?"""
    return claims.is_in_headline(entity.name) or any(claims.subject_of(deed) is entity for deed in claims.news_deeds)


def _is_main(entity: Entity, claims: Claims) -> bool:
    is_often = entity.salience >= MAIN_ACTOR or (entity.salience >= TWICE and len(entity.spans) > 1)
    is_early = entity.spans[0].start < claims.lead.ends or claims.is_in_headline(entity.name)
    if not is_early or not (is_often or entity.kind == "organization"):
        # Named often, but late, he is in the background of a long report.
        return False
    in_story = spans_of_story(entity.spans, claims.annotated.written)
    if entity.kind == "organization" and len(in_story) < len(entity.spans):
        # An agency that the report came from, or the paper that heads it.
        return False
    first = next((span.start for span in in_story if not claims.lead.is_apart(span)), None)
    if first is None or _ASKED.search(claims.annotated.article.text, max(0, first - 40), first):
        return False
    if not (first < claims.lead.ends or claims.is_in_headline(entity.name)):
        return False
    return (
        entity.salience >= MAIN_ACTOR
        or (entity.kind == "organization" and first < claims.lead.first_sentence)
        or (is_often and first < claims.lead.ends)
    )


def _acts(entity: Entity, claims: Claims) -> bool:
    """Is it a country that does what is told, that the text or the headline begins with, or that takes part?"""
    if entity.kind != "location" or folded(entity.name) not in claims.countries:
        return False
    if any(claims.subject_of(deed) is entity for deed in claims.news_deeds) or _takes_part(entity, claims):
        return True
    lead = claims.lead
    first = next(span for span in entity.spans if span.start >= lead.begins or span is entity.spans[-1])
    title, name = folded(claims.annotated.article.title), folded(entity.name)
    # "Nigeria votes" does not begin with Niger.
    heads = title.startswith(name) and not title[len(name) :][:1].isalpha()
    # "U.S. President Ruiz pardoned": it is he, and not the country, who begins it.
    is_his = re.match(r"\s[A-Z]", claims.annotated.article.text[first.end : first.end + 2]) is not None
    begins = first.start <= lead.begins + FEW_LETTERS and not is_his
    return (begins or (heads and first.start < lead.ends)) and first not in entity.demonyms


def _takes_part(entity: Entity, claims: Claims) -> bool:
    """Is a country named early and again, and never as where something is?"""
    named = [span for span in entity.spans if span not in entity.demonyms]
    focus = claims.annotated.focus
    is_at_home = focus is not None and focus.country is not None and focus.country == entity.country
    return (
        len(named) > 0
        and not is_at_home
        and len(entity.spans) > 1
        and entity.salience >= TWICE
        and entity.spans[0].start < claims.lead.ends
        and not any(is_scene(claims.annotated.article.text, span) for span in named)
    )
