"""Turn a story as it stands into the document that the index keeps of it: the same message, the same bytes."""

from collections.abc import Iterator
from datetime import timedelta

from schemas.story import StoryMoment, StoryPlace, StorySoFar, ToldDevelopment
from services.search.document import Document, filled, once_each

GROWS_IN = timedelta(hours=24)
"""The time before a story's latest article in which its articles count as its growth."""


def story_documents(moment: StoryMoment) -> Iterator[tuple[int, Document]]:
    """The documents that an article brings of its story, each with its version; none where it does not say them.

    The story's own comes first, and then, for each story that became part of it, where that one is now: under the
    version of the survivor, which is above all that the other had when it was a story of its own.
    """
    if (so_far := moment.so_far) is None:
        return
    yield so_far.version, story_document(moment.story, so_far)
    for merged in once_each(so_far.merged):
        if merged != moment.story:
            yield so_far.version, {"id": merged, "merged_into": moment.story}


def story_document(story: str, so_far: StorySoFar) -> Document:
    """The story with everything that is asked of it, and no empty field."""
    return filled(
        {
            "id": story,
            "title": so_far.title,
            "first_published": so_far.first_published.isoformat(),
            "last_published": so_far.last_published.isoformat(),
            "first_seen": so_far.first_seen.isoformat(),
            "last_seen": so_far.last_seen.isoformat(),
            "articles": so_far.articles,
            "duplicates": so_far.duplicates,
            "growth": growth(so_far),
            "outlets": [
                filled({"domain": outlet.domain, "country": outlet.country, "articles": outlet.articles})
                for outlet in so_far.outlets
            ],
            "outlet_count": len(so_far.outlets),
            "actors": [
                {"id": actor.id, "name": actor.name, "kind": actor.kind, "articles": actor.articles}
                for actor in so_far.actors
            ],
            "places": [_place(place) for place in so_far.places],
            "hours": [{"began": hour.began.isoformat(), "articles": hour.articles} for hour in so_far.hours],
            "developments": [_development(development) for development in so_far.developments],
            "development_kinds": once_each(development.kind for development in so_far.developments),
            "merged": list(so_far.merged),
        }
    )


def growth(so_far: StorySoFar) -> int:
    """Articles of the story's last 24 hours, the hour of its latest one included: in its own time, not the clock's."""
    latest = so_far.last_published.replace(minute=0, second=0, microsecond=0)
    return sum(hour.articles for hour in so_far.hours if latest - GROWS_IN < hour.began <= latest)


def _place(place: StoryPlace) -> Document:
    return filled(
        {
            "name": place.name,
            "geonames": place.geonames,
            "country": place.country,
            "location": {"lat": place.lat, "lon": place.lon},
            "articles": place.articles,
        }
    )


def _development(development: ToldDevelopment) -> Document:
    return filled(
        {
            "id": development.id,
            "kind": development.kind,
            "reason": development.reason,
            "score": development.score,
            "subject": development.subject,
            "article": development.article,
            "published": development.published.isoformat(),
            "outlets": list(development.outlets),
            "articles": development.articles,
            "support": len(set(development.outlets)),
        }
    )
