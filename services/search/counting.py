"""Say what of an article counts for a saved search: what is new in its story, that it is the first, or that it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from schemas.alert import Alert
from schemas.saved_search import SavedSearch
from schemas.story import Development, EnrichedArticle, StoryMoment

Telling = tuple[str, int, str, str]
"""Saved search, its version, the story, and what is told of it, in a word: by `_novelty`, `_FIRST` or `_article`."""

_FIRST = "first:"


@dataclass(frozen=True)
class Counted:
    """What counts of one article: a word for it that makes the alert's id, its reason, and what is new."""

    what: str
    reason: str
    developments: tuple[Development, ...]


def is_awake(search: SavedSearch, now: datetime) -> bool:
    """Whether the search raises alerts now: what comes while it sleeps is not told later."""
    if search.expires is not None and now >= search.expires:
        return False
    return search.snoozed_until is None or now >= search.snoozed_until


def counted(search: SavedSearch, enriched: EnrichedArticle, is_told: Callable[[Telling], bool]) -> Counted | None:
    """What of this article counts and was not told before, or None. Whether it answers the search is not asked here."""
    moment = enriched.moment

    def was_told(what: str) -> bool:
        return any(is_told((search.id, search.version, story, what)) for story in stories_of(moment))

    if search.on == "development":
        new = tuple(one for one in _developments(search, moment) if not was_told(_novelty(one)))
        return _told_of(new) if new else None
    what = _FIRST if search.on == "first" else _article(enriched.article.id)
    if moment.novelty < search.min_novelty or _outlets(moment) < search.min_outlets or was_told(what):
        return None
    first = "The first article of its story to answer the search."
    reason = first if search.on == "first" else "It answers the search."
    return Counted(what, " ".join((reason, *(one.reason for one in moment.developments))), moment.developments)


def stories_of(moment: StoryMoment) -> tuple[str, ...]:
    """The story, and those that have become part of it: what was told of one of them was told of this."""
    return (moment.story, *(moment.so_far.merged if moment.so_far else ()))


def tellings(alert: Alert) -> list[Telling]:
    """Everything that the alert tells."""
    if alert.on == "development":
        told = [_novelty(development) for development in alert.developments]
    else:
        told = [_FIRST if alert.on == "first" else _article(alert.article)]
    return [(alert.search, alert.search_version, alert.story, what) for what in told]


def _developments(search: SavedSearch, moment: StoryMoment) -> list[Development]:
    """The developments that count; where more than one outlet must tell them, also those that this article repeats."""
    if moment.duplicate_of is not None:
        return []
    found = list(moment.developments)
    if search.min_outlets > 1:
        told = {one.id: one for one in (moment.so_far.developments if moment.so_far else ())}
        own = {one.id: one for one in moment.developments}
        found = [
            own.get(id_) or Development(kind=one.kind, reason=one.reason, score=one.score, subject=one.subject, id=id_)
            for id_ in dict.fromkeys((*own, *moment.repeats))
            if (one := told.get(id_)) and len(one.outlets) >= search.min_outlets
        ]
    # By its own score: an article that only repeats a development is not novel, and may be the one that confirms it.
    return [one for one in found if one.score >= search.min_novelty and (not search.kinds or one.kind in search.kinds)]


def _told_of(new: tuple[Development, ...]) -> Counted:
    what = " ".join(sorted({_novelty(development) for development in new}))
    return Counted(what, " ".join(development.reason for development in new), new)


def _novelty(development: Development) -> str:
    """What makes two developments of a story the same: their id; the oldest have none."""
    return development.id or f"{development.kind}:{development.subject}"


def _article(article: str) -> str:
    return f"article:{article}"


def _outlets(moment: StoryMoment) -> int:
    return len(moment.so_far.outlets) if moment.so_far else 1
