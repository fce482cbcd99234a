"""Tell readers what is new: hold each new article against every saved search, and publish what they asked for."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from schemas import wire
from schemas.alert import Alert, alert_id
from schemas.message import Message
from schemas.saved_search import SavedSearch
from schemas.story import EnrichedArticle
from schemas.topics import ALERTS
from services.publish import Publisher
from services.search.counting import Counted, Telling, counted, is_awake, stories_of, tellings
from services.search.fates import Done, Fate
from services.search.follow import Following
from services.search.matcher import Matcher
from services.search.reading import Reading
from services.search.settings import SearchSettings
from services.telemetry import get_log, timed

log = get_log("alert")


class Told:
    """What has been told already, and when each story was last told of to each search; the latest so many of either.

    Filled from the alerts themselves, so that a crash forgets none. Safe to ask from any thread.
    """

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._told: OrderedDict[Telling, None] = OrderedDict()
        self._last: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, telling: Telling) -> bool:
        with self._lock:
            return telling in self._told

    def cools(self, search: SavedSearch, story: str, now: datetime) -> bool:
        """Whether this search has been told of the story less than its cool-down ago, whatever article raised that."""
        if not search.cooldown:
            return False
        with self._lock:
            last = self._last.get((search.id, story))
        return last is not None and now < last + timedelta(seconds=search.cooldown)

    def add(self, *alerts: Alert) -> None:
        """Remember everything that these alerts tell of."""
        with self._lock:
            for alert in alerts:
                for telling in tellings(alert):
                    self._told[telling] = None
                    self._told.move_to_end(telling)
                story = (alert.search, alert.story)
                self._last[story] = max(self._last.get(story, alert.raised), alert.raised)
                self._last.move_to_end(story)
            for memory in (self._told, self._last):
                while len(memory) > self._at_most:
                    memory.popitem(last=False)

    def forget(self, *alerts: Alert) -> None:
        """These were not told after all; the one before, if there was any, had cooled down."""
        with self._lock:
            for alert in alerts:
                for telling in tellings(alert):
                    self._told.pop(telling, None)
                self._last.pop((alert.search, alert.story), None)

    def take(self, record: Any) -> None:
        """Remember an alert as it stands on its topic; what cannot be read there was not told by us."""
        try:
            alert = wire.decode(ALERTS, record.value, record.headers)
        except wire.Undecodable as error:
            log.warning("alert cannot be read, left out", offset=record.offset, reason=str(error)[:300])
            return
        assert isinstance(alert, Alert)
        self.add(alert)


def raise_for(enriched: EnrichedArticle, searches: Matcher, now: datetime, told: Told) -> list[Alert]:
    """The alerts that this article raises: one for each search that it answers, with what counts and is not told yet.

    Where developments count, an article that copies another, or brings its story nothing new, raises none.
    """
    alerts = []
    stories = stories_of(enriched.moment)
    for watch in searches.matching(Reading(enriched)):
        search = watch.search
        if not is_awake(search, now) or any(told.cools(search, story, now) for story in stories):
            continue
        if new := counted(search, enriched, told.__contains__):
            alerts.append(_alert(enriched, search, new, now))
    return alerts


class Alerter:
    """Judges batches of enriched articles; an article is done once its alerts have been acknowledged."""

    def __init__(self, searches: Matcher, told: Told, publisher: Publisher, now: Callable[[], datetime]) -> None:
        self._searches = searches
        self._told = told
        self._publisher = publisher
        self._now = now

    def judge(self, messages: Sequence[Message]) -> list[Fate]:
        """Publish what these articles raise, in one flight, and give each its fate."""
        raised: list[Alert] = []
        fates: list[Fate] = []
        try:
            with timed("alert", "match"):
                for message in messages:
                    assert isinstance(message, EnrichedArticle)
                    alerts = raise_for(message, self._searches, self._now(), self._told)
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


def _alert(enriched: EnrichedArticle, search: SavedSearch, new: Counted, now: datetime) -> Alert:
    article, moment = enriched.article, enriched.moment
    return Alert(
        id=alert_id(search.id, search.version, moment.story, new.what),
        search=search.id,
        search_name=search.name,
        search_version=search.version,
        on=search.on,
        article=article.id,
        url=article.url,
        title=article.title,
        outlet=article.outlet.name or article.outlet.domain,
        published=article.published,
        story=moment.story,
        story_title=moment.title,
        reason=new.reason,
        developments=new.developments,
        raised=now,
    )
