"""Tell readers what is new: hold each new article against every saved search, and publish what they asked for."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from schemas import wire
from schemas.alert import Alert, alert_id
from schemas.message import Message
from schemas.story import Development, EnrichedArticle
from schemas.topics import ALERTS
from services.publish import Publisher
from services.search.fates import Done, Fate
from services.search.follow import Following
from services.search.match import Reading, meets
from services.search.saved_searches import SavedSearches, Watch
from services.search.settings import SearchSettings
from services.telemetry import get_log, timed

log = get_log("alert")

Telling = tuple[str, int, str, str]
"""Saved search, its version, the story, and the development told of, by `_novelty`."""


class Told:
    """What has been told already, the latest so many; filled from the alerts themselves, so that a crash forgets none.

    Safe to ask from any thread.
    """

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._told: OrderedDict[Telling, None] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, telling: Telling) -> bool:
        with self._lock:
            return telling in self._told

    def add(self, *alerts: Alert) -> None:
        """Remember everything that these alerts tell of."""
        with self._lock:
            for telling in _tellings(alerts):
                self._told[telling] = None
                self._told.move_to_end(telling)
            while len(self._told) > self._at_most:
                self._told.popitem(last=False)

    def forget(self, *alerts: Alert) -> None:
        """These were not told after all."""
        with self._lock:
            for telling in _tellings(alerts):
                self._told.pop(telling, None)

    def take(self, record: Any) -> None:
        """Remember an alert as it stands on its topic; what cannot be read there was not told by us."""
        try:
            alert = wire.decode(ALERTS, record.value, record.headers)
        except wire.Undecodable as error:
            log.warning("alert cannot be read, left out", offset=record.offset, reason=str(error)[:300])
            return
        assert isinstance(alert, Alert)
        self.add(alert)


def raise_for(enriched: EnrichedArticle, watches: Iterable[Watch], now: datetime, told: Told) -> list[Alert]:
    """The alerts that this article raises: one for each search that it meets, with what was not told there before.

    An article that copies another, or brings its story nothing new, raises none.
    """
    if not enriched.moment.developments or enriched.moment.duplicate_of is not None:
        return []
    reading = Reading(enriched)
    alerts = []
    for watch in watches:
        search = watch.search
        new = tuple(
            development
            for development in enriched.moment.developments
            if (search.id, search.version, enriched.moment.story, _novelty(development)) not in told
        )
        if new and meets(watch.criteria, reading):
            alerts.append(_alert(enriched, watch, new, now))
    return alerts


class Alerter:
    """Judges batches of enriched articles; an article is done once its alerts have been acknowledged."""

    def __init__(self, searches: SavedSearches, told: Told, publisher: Publisher, now: Callable[[], datetime]) -> None:
        self._searches = searches
        self._told = told
        self._publisher = publisher
        self._now = now

    def judge(self, messages: Sequence[Message]) -> list[Fate]:
        """Publish what these articles raise, in one flight, and give each its fate."""
        watches = self._searches.watches()
        raised: list[Alert] = []
        fates: list[Fate] = []
        try:
            with timed("alert", "match"):
                for message in messages:
                    assert isinstance(message, EnrichedArticle)
                    alerts = raise_for(message, watches, self._now(), self._told)
                    # Remembered at once, so that the next article of the batch does not tell it again.
                    self._told.add(*alerts)
                    raised += alerts
                    fates.append(Done("alerted" if alerts else "quiet"))
            if raised:
                with timed("alert", "publish"):
                    self._publisher.publish_all(ALERTS, raised)
        except Exception:
            # Whatever it was, these were not told: the next try must find them new.
            self._told.forget(*raised)
            raise
        for alert in raised:
            log.info("raised", alert=alert.id, search=alert.search, article=alert.article, reason=alert.reason[:200])
        return fates


def follow_told(settings: SearchSettings) -> tuple[Told, Following]:
    """What was told, from the end of the alerts backwards, and the thread that keeps it up with other alerters'."""
    told = Told(settings.told_alerts)
    return told, Following(ALERTS, settings, told.take, last=settings.told_alerts)


def _tellings(alerts: Iterable[Alert]) -> Iterator[Telling]:
    for alert in alerts:
        for development in alert.developments:
            yield alert.search, alert.search_version, alert.story, _novelty(development)


def _novelty(development: Development) -> str:
    """What makes two developments of a story the same."""
    return f"{development.kind}:{development.subject}"


def _alert(enriched: EnrichedArticle, watch: Watch, new: tuple[Development, ...], now: datetime) -> Alert:
    article, moment, search = enriched.article, enriched.moment, watch.search
    what = " ".join(sorted({_novelty(development) for development in new}))
    return Alert(
        id=alert_id(search.id, search.version, moment.story, what),
        search=search.id,
        search_name=search.name,
        search_version=search.version,
        article=article.id,
        url=article.url,
        title=article.title,
        outlet=article.outlet.name or article.outlet.domain,
        published=article.published,
        story=moment.story,
        story_title=moment.title,
        reason=" ".join(development.reason for development in new),
        developments=new,
        raised=now,
    )
