"""Follow feeds: visit each at its own rhythm, and take in every article that it lists, exactly once.

What a visit has to keep: an entry is settled only after its article's acknowledgement, and the feed's ETag is saved
only once all entries are settled; a 304 after a crash would hide the others.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from schemas.article import LONGEST_TEXT, Article
from services.ingest.charset import decode
from services.ingest.entries import Entry, Feed, NotAFeed, read_feed
from services.ingest.extract import NotAnArticle, extract
from services.ingest.feeds import FeedSpec
from services.ingest.fetch import Away, Fetched, Fetcher, Gone, NotModified, Refused, TooBig
from services.ingest.identity import NotAUrl
from services.ingest.intake import Closed, Intake
from services.ingest.robots import Robots
from services.ingest.seen import EntryState, Seen
from services.ingest.settings import IngestSettings
from services.ingest.submission import TooLong
from services.publish import NeverTaken
from services.telemetry import count_outcome, get_log, timed

log = get_log("ingest")

# Visits at which a page could not be had before it is given up; with the growing interval that is most of a day.
MOST_ATTEMPTS = 12
_READABLE = ("text/", "application/xhtml", "application/xml")


class Disallowed(Exception):
    """The site's robots.txt does not want this page read by us."""


@dataclass(frozen=True)
class Visit:
    """What came of one visit: outcomes of the entries that were looked at, or why there was no feed to read."""

    outcomes: Counter[str]
    deferred: int = 0
    failed: str = ""
    retry_after: float | None = None

    @property
    def news(self) -> int:
        """How many articles were new or changed."""
        return self.outcomes["published"] + self.outcomes["revised"]


class Watch:
    """Follows feeds until it is cancelled; whatever it was doing then is done again at the next start."""

    def __init__(
        self,
        settings: IngestSettings,
        fetcher: Fetcher,
        intake: Intake,
        seen: Seen,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._fetcher = fetcher
        self._robots = Robots(fetcher)
        self._intake = intake
        self._seen = seen
        self._now = now
        self._visiting = asyncio.Semaphore(settings.visits_at_once)

    async def follow(self, feeds: Sequence[FeedSpec]) -> None:
        """Follow all of them, each at its own rhythm."""
        async with asyncio.TaskGroup() as group:
            for feed in feeds:
                group.create_task(self._follow(feed))

    async def visit(self, feed: FeedSpec) -> Visit:
        """Read the feed once, and take in what is new in it."""
        try:
            if self._settings.robots and not await self._robots.allow(feed.url):
                return Visit(Counter(), failed="robots.txt does not allow the feed")
            fetched = await self._fetcher.fetch(
                feed.url, at_most=self._settings.feed_bytes, state=self._seen.feed(feed.url)
            )
            read = await asyncio.to_thread(read_feed, fetched.content, fetched.url, fetched.content_type)
        except NotModified:
            return Visit(Counter())
        except Away as error:
            return Visit(Counter(), failed=str(error), retry_after=error.retry_after)
        except (Gone, Refused, TooBig, NotAFeed) as error:
            return Visit(Counter(), failed=f"{type(error).__name__}: {error}")
        visit = await self._take_in(feed, read)
        if visit.deferred == 0:
            self._seen.remember_feed(feed.url, fetched.state)
        return visit

    async def _follow(self, feed: FeedSpec) -> None:
        # Spread over the first seconds, so that a start with many feeds is no storm.
        await asyncio.sleep(random.uniform(0, min(5.0, self._settings.feed_seconds_min / 10)))
        interval = self._settings.feed_seconds_min
        while True:
            async with self._visiting:
                visit = await self._visit_or_say(feed)
            interval = next_interval(interval, visit, self._settings)
            _report(feed, visit, interval)
            await asyncio.sleep(interval * random.uniform(0.9, 1.1))

    async def _visit_or_say(self, feed: FeedSpec) -> Visit:
        try:
            return await self.visit(feed)
        except (Closed, NeverTaken):
            raise
        except Exception as error:  # the edge: one feed that our own code trips over must not end all the others
            log.exception("visit failed", feed=feed.url)
            return Visit(Counter(), failed=f"{type(error).__name__}: {error}")

    async def _take_in(self, feed: FeedSpec, read: Feed) -> Visit:
        before = self._seen.entries(feed.url)
        due = list(_due(read.entries, before))
        listed = {entry.id for entry in read.entries}
        self._seen.remember_entries(feed.url, (state for _, state in due))
        gone = [state.id for state in before.values() if state.settled and state.id not in listed]
        self._seen.forget_entries(feed.url, gone)
        outcomes: Counter[str] = Counter()
        deferred = 0
        for entry, state in due:
            outcome = await self._settle_or_defer(feed, read.title, entry, state)
            if outcome is None:
                deferred += 1
            else:
                outcomes[outcome] += 1
        return Visit(outcomes, deferred)

    async def _settle_or_defer(self, feed: FeedSpec, feed_title: str, entry: Entry, state: EntryState) -> str | None:
        tried = replace(state, attempts=state.attempts + 1)
        try:
            return await self._settle(feed, feed_title, entry, tried)
        except Away as error:
            return self._defer(feed, tried, error, "fetch_failed")
        except (Closed, NeverTaken):
            raise
        except Exception as error:  # the edge: an entry that fails each time must not keep those after it waiting
            log.exception("failed", url=entry.link)
            return self._defer(feed, tried, error, "failed")

    def _defer(self, feed: FeedSpec, tried: EntryState, error: Exception, outcome: str) -> str | None:
        """Try it again at a later visit, unless that was tried often enough: then this is its outcome."""
        settled = tried.attempts >= MOST_ATTEMPTS
        log.info("gave up" if settled else "deferred", url=tried.link, attempts=tried.attempts, reason=str(error))
        self._seen.remember_entries(feed.url, [replace(tried, settled=settled)])
        if not settled:
            return None
        count_outcome("ingest", outcome)
        return outcome

    async def _settle(self, feed: FeedSpec, feed_title: str, entry: Entry, tried: EntryState) -> str:
        """The entry's one outcome, remembered after it happened. Raises `Away`."""
        try:
            fetched = await self._fetch(entry.link)
        except (Gone, Refused, Disallowed) as error:
            outcome = {Gone: "fetch_failed", Refused: "refused", Disallowed: "robots"}[type(error)]
            log.info("not fetched", url=entry.link, outcome=outcome, reason=str(error))
            count_outcome("ingest", outcome)
        except TooBig as error:
            outcome = await self._bury(entry.link, error.start, error)
        else:
            outcome = await self._take(feed, feed_title, entry, fetched)
        self._seen.remember_entries(feed.url, [replace(tried, settled=True)])
        return outcome

    async def _fetch(self, url: str) -> Fetched:
        if self._settings.robots and not await self._robots.allow(url):
            raise Disallowed(url)
        return await self._fetcher.fetch(url, at_most=self._settings.page_bytes)

    async def _take(self, feed: FeedSpec, feed_title: str, entry: Entry, fetched: Fetched) -> str:
        try:
            article = await asyncio.to_thread(read_article, fetched, feed, feed_title, entry, self._now())
        except (NotAnArticle, NotAUrl) as error:
            log.info("no article", url=entry.link, reason=str(error))
            count_outcome("ingest", "not_an_article")
            return "not_an_article"
        except TooLong as error:
            return await self._bury(entry.link, fetched.content, error)
        except Exception as error:
            # The edge: one page that our own code trips over must not keep the feed's other pages out.
            log.exception("failed", url=entry.link)
            return await self._bury(entry.link, fetched.content, error, "failed")
        [outcome] = await asyncio.to_thread(self._intake.take, [article])
        return outcome

    async def _bury(self, url: str, content: bytes, error: Exception, outcome: str = "too_long") -> str:
        await asyncio.to_thread(
            self._intake.bury,
            source=url,
            position=None,
            value=content,
            step="fetch",
            error=error,
            outcome=outcome,
            now=self._now(),
        )
        return outcome


def read_article(fetched: Fetched, feed: FeedSpec, feed_title: str, entry: Entry, now: datetime) -> Article:
    """The article on a fetched page, with what its feed knows. Raises `NotAnArticle`, `NotAUrl`, `TooLong`."""
    kind = fetched.content_type.strip().lower()
    if kind and not kind.startswith(_READABLE):
        raise NotAnArticle(f"a page of {kind}")
    with timed("ingest", "extract"):
        page = extract(decode(fetched.content, fetched.content_type), fetched.url)
        if len(page.text) > LONGEST_TEXT:
            raise TooLong(f"{len(page.text)} characters of text; at most {LONGEST_TEXT} are taken")
        return replace(page, title=page.title or entry.title).article(
            fetched_url=fetched.url,
            outlet=feed.outlet(fetched.url, page.site_name or feed_title),
            seen=now,
            dates=[entry.published] if entry.published else [],
            byline=entry.byline,
        )


def next_interval(interval: float, visit: Visit, settings: IngestSettings) -> float:
    """Seconds until the next visit: sooner where there was news, later where there was none or the feed fails."""
    if visit.failed or visit.deferred:
        interval *= 2
    elif visit.news:
        interval /= 2
    else:
        interval *= 1.3
    interval = min(max(interval, settings.feed_seconds_min), settings.feed_seconds_max)
    return max(interval, visit.retry_after or 0.0)


def _due(entries: Iterable[Entry], before: dict[str, EntryState]) -> list[tuple[Entry, EntryState]]:
    """The entries to look at, oldest first: new, changed, not settled yet; and unsettled ones the feed has dropped."""
    due, listed = [], set()
    for entry in entries:
        listed.add(entry.id)
        state = before.get(entry.id)
        if state is None or state.fingerprint != entry.fingerprint:
            due.append((entry, EntryState(entry.id, entry.link, entry.fingerprint, attempts=0, settled=False)))
        elif not state.settled:
            due.append((entry, state))
    dropped = [
        (Entry(state.link, state.id, "", None, "", None), state)
        for state in before.values()
        if not state.settled and state.id not in listed
    ]
    due.reverse()
    return dropped + sorted(due, key=_when)


def _when(due: tuple[Entry, EntryState]) -> datetime:
    claim = due[0].published
    # Entries without a date come last, in the feed's order turned round: feeds list the newest first.
    return (claim.moment if claim else None) or datetime.max.replace(tzinfo=UTC)


def _report(feed: FeedSpec, visit: Visit, interval: float) -> None:
    if visit.failed:
        log.warning("feed failed", feed=feed.url, reason=visit.failed, next_seconds=round(interval))
    else:
        log.info("visited", feed=feed.url, deferred=visit.deferred, next_seconds=round(interval), **visit.outcomes)
