"""Say how much an article is about someone: how often it names him, how early, and whether in its title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from schemas.annotations import Written
from schemas.article import Article
from services.enrich.dateline import stands_apart
from services.enrich.entities import Mention
from services.enrich.knowledge import folded
from services.enrich.personal_names import bare, read_name

# "he told Reuters", "Reuters reported": who carries the news is no part of it.
_TOLD = re.compile(r"\b(?:told|tells|telling|by|with|to|according to|from|in|on) (?:the )?$", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?(?=\W|$)")
_REPORTS = re.compile(r"(?:['’]s? \w+)? (?:report(?:s|ed|ing)|quoted|cited|has learned|first reported)\b")


@dataclass(frozen=True, slots=True)
class Story:
    """What a name's weight is measured in: the article, its text, and what in it tells of its own writing."""

    article: Article
    text: str
    frame: Written | None = None


def salience(mentions: Sequence[Mention], name: str, story: Story) -> float:
    """From 0 to 1; 0 for whom only the dateline, the byline or a credit names."""
    told = [mention for mention in mentions if _is_told_of(mention, story)]
    if _brings_the_news(mentions, name, story):
        told = [mention for mention in told if not _is_quoted_as_source(mention, story.text)]
    if not told:
        return 0.0
    often = 1 - 0.7 ** len(told)
    early = 1 - told[0].start / max(1, len(story.text))
    return round(0.5 * often + 0.2 * early * often + 0.3 * _is_in_title(told, name, story.article.title), 3)


def _is_told_of(mention: Mention, story: Story) -> bool:
    return not stands_apart(mention.start, mention.end, story.frame)


def _brings_the_news(mentions: Sequence[Mention], name: str, story: Story) -> bool:
    """Is this the agency of the dateline, or the outlet itself?"""
    outlet = story.article.outlet.name
    if outlet and folded(name) == folded(outlet):
        return True
    agency = story.frame.agency if story.frame else None
    return agency is not None and any(agency.start <= one.start and one.end <= agency.end for one in mentions)


def _is_quoted_as_source(mention: Mention, text: str) -> bool:
    before = text[max(0, mention.start - 20) : mention.start]
    return bool(_TOLD.search(before) or _REPORTS.match(text, mention.end))


def _is_in_title(mentions: Sequence[Mention], name: str, title: str) -> bool:
    words = _words_of(title)
    forms = {folded(bare(mention.name)) for mention in mentions}
    if mentions[0].kind == "person":
        forms.add(read_name(name).family)
    return any(f" {form} " in words for form in forms if form)


@lru_cache(maxsize=16)
def _words_of(title: str) -> str:
    """The title's capitalised words; what stands in small letters is no name: "Talks may end" does not name May."""
    words = (word if any(c.isupper() or c.isdigit() for c in word) else "|" for word in title.split())
    return f" {folded(_POSSESSIVE.sub('', ' '.join(words)))} "
