"""A visit takes in what a feed lists, once; and a feed is told "nothing new since" only when nothing is owed."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from schemas.article import Article
from services.ingest.feeds import FeedSpec
from services.ingest.fetch import Fetcher
from services.ingest.intake import Closed, Intake, Taken
from services.ingest.seen import Seen
from services.ingest.settings import IngestSettings
from services.ingest.watch import MOST_ATTEMPTS, Visit, Watch, next_interval
from services.publish import NeverTaken
from tests.flow.eventually import eventually_so
from tests.ingest.fakes import NOW, TEXT, Crash, FakeBroker, FakeWeb, feed, page

FEED = FeedSpec(url="https://a.example/rss", domain="a.example", name="The A", country="KE")
LINKS = [f"https://a.example/{number}" for number in (3, 2, 1)]
SETTINGS = IngestSettings(host_pause=0, feed_seconds_min=60, feed_seconds_max=600)


class World:
    """A publisher's site, a broker and ingest's memory; each visit is by a process that has just started."""

    def __init__(self, folder: Path) -> None:
        self.web = FakeWeb({FEED.url: self._feed})
        self.broker = FakeBroker()
        self.seen = Seen(folder / "seen.sqlite")
        self.links = list(LINKS)
        for number, link in enumerate(LINKS):
            self.web.pages[link] = httpx.Response(200, html=page(f"Story {link[-1]}", f"Part {number}. {TEXT}"))

    def visit(self) -> Visit:
        """Visit the feed once."""

        async def once() -> Visit:
            watch = Watch(SETTINGS, Fetcher(SETTINGS, self.web), Intake(self.broker, self.seen), self.seen, lambda: NOW)
            return await watch.visit(FEED)

        return asyncio.run(once())

    def published(self) -> list[str]:
        """The URLs of what the broker has, in order."""
        return [article.url for article in self.broker.articles]

    def _feed(self, request: httpx.Request) -> httpx.Response:
        content = feed(*self.links)
        etag = f'"{hash(content)}"'
        if request.headers.get("If-None-Match") == etag:
            return httpx.Response(304)
        return httpx.Response(200, headers={"ETag": etag}, stream=httpx.ByteStream(content))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_every_entry_is_published_oldest_first(world: World) -> None:
    assert world.visit().outcomes == {"published": 3}
    assert world.published() == list(reversed(LINKS))
    article = world.broker.articles[0]
    assert (article.outlet.name, article.outlet.country, article.title) == ("The A", "KE", "Story 1")
    assert article.published_raw == "Wed, 04 Mar 2026 10:00:00 GMT"


def test_a_second_visit_asks_for_changes_only(world: World) -> None:
    world.visit()
    asked = len(world.web.asked)
    assert world.visit().outcomes == {}
    assert [url for url in world.web.urls()[asked:] if "robots" not in url] == [FEED.url]


def test_only_what_is_new_is_fetched(world: World) -> None:
    world.visit()
    world.links.insert(0, "https://a.example/4")
    world.web.pages["https://a.example/4"] = httpx.Response(200, html=page("Story 4"))
    asked = len(world.web.asked)
    assert world.visit().outcomes == {"published": 1}
    assert [url for url in world.web.urls()[asked:] if "robots" not in url] == [FEED.url, "https://a.example/4"]


def test_a_crash_between_acknowledgement_and_memory_loses_no_entry_to_a_304(world: World) -> None:
    world.broker.crash_after = True
    with pytest.raises(Crash):
        world.visit()
    world.broker.crash_after = False
    world.visit()
    assert set(world.published()) == set(LINKS)
    assert [article.revision for article in world.broker.articles] == [1] * len(world.broker.articles)


def test_a_page_that_cannot_be_had_now_keeps_the_feed_from_being_settled(world: World) -> None:
    good = world.web.pages[LINKS[1]]
    world.web.pages[LINKS[1]] = httpx.Response(503)
    first = world.visit()
    assert (first.outcomes, first.deferred) == ({"published": 2}, 1)
    world.web.pages[LINKS[1]] = good
    assert world.visit().outcomes == {"published": 1}
    assert set(world.published()) == set(LINKS)


def test_an_entry_that_the_feed_drops_before_it_could_be_had_is_still_tried(world: World) -> None:
    good = world.web.pages[LINKS[2]]
    world.web.pages[LINKS[2]] = httpx.Response(503)
    world.visit()
    world.links.remove(LINKS[2])
    world.web.pages[LINKS[2]] = good
    world.visit()
    assert set(world.published()) == set(LINKS)


def test_an_entry_that_the_feed_drops_while_ingest_is_down_is_still_published(world: World) -> None:
    world.broker.crash_before = True
    with pytest.raises(Crash):
        world.visit()
    world.broker.crash_before = False
    world.links = ["https://a.example/4"]
    world.visit()
    assert set(world.published()) == set(LINKS)


def test_a_page_that_never_comes_is_given_up_and_counted_once(world: World) -> None:
    world.web.pages[LINKS[0]] = httpx.Response(503)
    outcomes = [world.visit().outcomes for _ in range(MOST_ATTEMPTS + 2)]
    assert sum(outcome["fetch_failed"] for outcome in outcomes) == 1
    assert outcomes[MOST_ATTEMPTS - 1] == {"fetch_failed": 1}


def test_each_entry_ends_in_its_own_outcome(world: World) -> None:
    world.web.pages["https://a.example/robots.txt"] = httpx.Response(200, text="User-agent: *\nDisallow: /private")
    world.web.pages["https://a.example/short"] = httpx.Response(200, html="<p>Subscribe.")
    world.web.pages["https://a.example/file"] = httpx.Response(200, headers={"Content-Type": "application/pdf"})
    world.web.pages["https://a.example/long"] = httpx.Response(200, content=b"x" * 6_000_000)
    world.web.pages["https://a.example/same"] = httpx.Response(301, headers={"Location": LINKS[0]})
    world.links += [f"https://a.example/{path}" for path in ("gone", "private/1", "short", "file", "long", "same")]
    visit = world.visit()
    assert visit.outcomes == {
        "published": 3,
        "fetch_failed": 1,
        "robots": 1,
        "not_an_article": 2,
        "too_long": 1,
        "unchanged": 1,
    }
    assert sum(visit.outcomes.values()) == len(world.links)
    assert [letter.topic for letter in world.broker.letters] == ["https://a.example/long"]


def test_a_changed_page_is_a_revision_when_the_feed_says_so(world: World) -> None:
    world.visit()
    world.web.pages[LINKS[0]] = httpx.Response(200, html=page("Story 3", f"Corrected. {TEXT}"))
    world.web.pages[FEED.url] = httpx.Response(200, content=feed(*LINKS, date="Wed, 04 Mar 2026 11:00:00 GMT"))
    assert world.visit().outcomes == {"revised": 1, "unchanged": 2}
    assert world.broker.articles[-1].revision == 2


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404),
        httpx.Response(503),
        httpx.Response(200, html="<h1>Moved"),
        httpx.Response(200, content=b"x" * 11_000_000),
        httpx.Response(200, content=b""),
    ],
)
def test_a_feed_that_cannot_be_read_says_why_and_nothing_is_remembered(world: World, answer: httpx.Response) -> None:
    world.web.pages[FEED.url] = answer
    assert world.visit().failed
    world.web.pages[FEED.url] = httpx.Response(200, content=feed(*LINKS))
    assert world.visit().news == 3


def test_the_interval_follows_the_feeds_rhythm_within_its_bounds() -> None:
    news, silence, failure = Visit(Counter(published=1)), Visit(Counter()), Visit(Counter(), failed="away")
    assert next_interval(400, news, SETTINGS) == 200
    assert next_interval(70, news, SETTINGS) == 60
    assert next_interval(100, silence, SETTINGS) == 130
    assert next_interval(100, failure, SETTINGS) == 200
    assert next_interval(500, failure, SETTINGS) == 600
    assert next_interval(100, Visit(Counter(), failed="away", retry_after=3_600), SETTINGS) == 3_600


def test_an_entry_that_our_own_code_trips_over_keeps_no_other_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Intake.take

    def trips(intake: Intake, articles: Sequence[Article]) -> list[Taken]:
        if articles[0].url == LINKS[2]:
            raise KeyError("a slip of ours")
        return take(intake, articles)

    monkeypatch.setattr(Intake, "take", trips)
    first = world.visit()
    assert (first.outcomes, first.deferred) == ({"published": 2}, 1), "the oldest fails, and the others come"
    outcomes = [world.visit().outcomes for _ in range(MOST_ATTEMPTS)]
    assert [outcome for outcome in outcomes if outcome] == [{"failed": 1}], "it is given up in the end, and counted"
    monkeypatch.undo()
    assert world.visit().outcomes == {}


@pytest.mark.parametrize("fatal", [Closed("stopping"), NeverTaken("no topic")])
def test_what_no_later_visit_would_mend_ends_the_watch(
    world: World, monkeypatch: pytest.MonkeyPatch, fatal: Exception
) -> None:
    def refuses(intake: Intake, articles: Sequence[Article]) -> list[Taken]:
        raise fatal

    monkeypatch.setattr(Intake, "take", refuses)
    with pytest.raises(type(fatal)):
        world.visit()


def test_a_feed_that_our_own_code_trips_over_is_visited_again_and_the_others_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = FeedSpec(url="https://b.example/rss")
    visited: list[str] = []

    async def visit(watch: Watch, feed: FeedSpec) -> Visit:
        visited.append(feed.url)
        if feed is FEED:
            raise KeyError("a slip of ours")
        return Visit(Counter())

    async def follow() -> None:
        settings = SETTINGS.model_copy(update={"feed_seconds_min": 0.01, "feed_seconds_max": 0.01})
        watch = Watch(settings, Fetcher(settings, world.web), Intake(world.broker, world.seen), world.seen, lambda: NOW)
        following = asyncio.create_task(watch.follow([FEED, other]))
        await eventually_so(lambda: min(visited.count(FEED.url), visited.count(other.url)) >= 2 or following.done())
        assert not following.done()
        following.cancel()

    monkeypatch.setattr(Watch, "visit", visit)
    asyncio.run(follow())
