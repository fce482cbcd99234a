"""The client that waits: each method asks and returns the answer."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, Protocol, Self, TypeVar, Unpack

import httpx
from httpx_sse import EventSource, SSEError

from dateline_client import asks
from dateline_client.alerts import AlertEvent, AlertsShown, DevelopmentEvent, Gap
from dateline_client.articles import ArticleFound, ArticlesPage, ArticleWhole
from dateline_client.asks import Ask, Event, Follow
from dateline_client.counts import Histogram, Tiles
from dateline_client.deliveries import DeliveryShown
from dateline_client.filters import (
    ArticlesAsked,
    DevelopmentsAsked,
    DevelopmentsFollowed,
    HistogramAsked,
    NetworkAsked,
    SeriesAsked,
    StoriesAsked,
    TilesAsked,
)
from dateline_client.growing import Page
from dateline_client.problem import Problem, Unreachable, Unreadable, problem_of
from dateline_client.searches import BacktestShown, ExplanationShown, SearchAsked, SearchShown, VersionShown
from dateline_client.sending import LISTENING, TIMEOUT, headers, lost, to_request
from dateline_client.stances import Network, Series
from dateline_client.steps import Pause, Retries, Steps, T, answered, backtested
from dateline_client.stories import DevelopmentsPage, DevelopmentTold, StoriesPage, StoryListed, StoryShown
from dateline_client.streams import Reading

Item = TypeVar("Item")
APage = TypeVar("APage", bound=Page)


class Dateline:
    """Dateline's API at this address. Every method raises Problem, Unreachable or Unreadable.

    `key` is shown to the API with every request; `sleep` is how to wait.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout: float = TIMEOUT,
        retries: Retries = Retries(),  # noqa: B008  # a frozen value
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = httpx.Client(base_url=url, headers=headers(key), timeout=timeout, transport=transport)
        self._retries = retries
        self._sleep = sleep
        self.searches = Searches(self._get)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all connections, streams included."""
        self._http.close()

    def articles(self, q: str | None = None, **filters: Unpack[ArticlesAsked]) -> "Paged[ArticleFound, ArticlesPage]":
        """The articles that answer, page after page; `.page()` is the first page, with its total and facets."""
        return Paged(asks.articles({"q": q, **filters}), lambda page: page.articles, self._get)

    def article(self, article: str) -> ArticleWhole:
        """One article whole."""
        return self._get(asks.article(article))

    def histogram(self, q: str | None = None, **filters: Unpack[HistogramAsked]) -> Histogram:
        """The articles that answer, counted over time."""
        return self._get(asks.histogram({"q": q, **filters}))

    def tiles(self, q: str | None = None, **filters: Unpack[TilesAsked]) -> Tiles:
        """The articles that answer, counted over the map."""
        return self._get(asks.tiles({"q": q, **filters}))

    def stories(self, q: str | None = None, **filters: Unpack[StoriesAsked]) -> "Paged[StoryListed, StoriesPage]":
        """The stories that answer, page after page."""
        return Paged(asks.stories({"q": q, **filters}), lambda page: page.stories, self._get)

    def story(self, story: str, size: int | None = None) -> StoryShown:
        """One story whole, with its first `size` articles."""
        return self._get(asks.story(story, size))

    def developments(
        self, q: str | None = None, **filters: Unpack[DevelopmentsAsked]
    ) -> "Paged[DevelopmentTold, DevelopmentsPage]":
        """The developments that answer, newest article first, page after page."""
        return Paged(asks.developments({"q": q, **filters}), lambda page: page.developments, self._get)

    def developments_stream(
        self, last_event_id: str | None = None, *, patience: float = 600.0, **filters: Unpack[DevelopmentsFollowed]
    ) -> "Stream[DevelopmentEvent]":
        """Each development as it comes; as `alert_stream`."""
        return Stream(self._http, asks.developments_stream({**filters}), last_event_id, patience, self._sleep)

    def stances(self, **filters: Unpack[SeriesAsked]) -> Series:
        """How one speaks of another over time."""
        return self._get(asks.stances({**filters}))

    def stance_network(self, **filters: Unpack[NetworkAsked]) -> Network:
        """Who is for or against whom in a period: its strongest pairs."""
        return self._get(asks.stance_network({**filters}))

    def backtest(self, search: SearchAsked, days: int = 7, *, within: float = 300.0) -> BacktestShown:
        """What this search would have told in the last days; after `within` seconds, how far that is."""
        return self._run(backtested(search, days, within, self._retries))

    def explain(self, search: str, article: str) -> ExplanationShown:
        """Which parts of a saved search an article meets, and whether that counts."""
        return self._get(asks.explain(search, article))

    def alerts(self, search: str | None = None, size: int | None = None) -> AlertsShown:
        """The latest alerts, newest first; a stream from its `last` on misses nothing."""
        return self._get(asks.alerts(search, size))

    def alert_stream(
        self, last_event_id: str | int | None = None, *, search: str | None = None, patience: float = 600.0
    ) -> "Stream[AlertEvent]":
        """Each alert as it is raised, from now on or after an event that was had. It is taken up again when it breaks
        off, until the server has been away for `patience` seconds; what is no longer kept by then is told as a Gap.
        """
        return Stream(self._http, asks.alert_stream(search), last_event_id, patience, self._sleep)

    def _get(self, ask: Ask[T]) -> T:
        return self._run(answered(ask, self._retries))

    def _run(self, steps: Steps[T]) -> T:
        response: httpx.Response | None = None
        while True:
            try:
                step = steps.send(response)
            except StopIteration as done:
                answer: T = done.value
                return answer
            if isinstance(step, Pause):
                self._sleep(step.seconds)
                response = None
            else:
                response = self._send(step)

    def _send(self, ask: Ask[T]) -> httpx.Response:
        try:
            return self._http.send(to_request(self._http, ask))
        except httpx.RequestError as error:
            raise lost(error) from error


class Searches:
    """The saved searches."""

    def __init__(self, get: "_Get") -> None:
        self._get = get

    def list(self) -> tuple[SearchShown, ...]:
        """Every saved search, oldest first."""
        return self._get(asks.searches()).searches

    def create(self, search: SearchAsked) -> SearchShown:
        """Save it: from now on it raises alerts."""
        return self._get(asks.create_search(search))

    def get(self, search: str) -> SearchShown:
        """One saved search."""
        return self._get(asks.search(search))

    def put(self, search: str, asked: SearchAsked) -> SearchShown:
        """Replace all of it, as a new version; `SearchShown.asked(…)` gives what it is with changes."""
        return self._get(asks.put_search(search, asked))

    def delete(self, search: str) -> None:
        """It raises no more alerts."""
        self._get(asks.delete_search(search))

    def versions(self, search: str) -> tuple[VersionShown, ...]:
        """What it asked in each version, newest first."""
        return self._get(asks.versions(search)).versions

    def deliveries(
        self, search: str, *, state: str | None = None, size: int | None = None
    ) -> tuple[DeliveryShown, ...]:
        """What was sent, and what came of it, newest first."""
        return self._get(asks.deliveries(search, state, size)).deliveries

    def test(self, search: str) -> tuple[DeliveryShown, ...]:
        """Send a test to each of its destinations."""
        return self._get(asks.test_search(search)).deliveries

    def replay(self, search: str, delivery: str) -> DeliveryShown:
        """Send a delivery again."""
        return self._get(asks.replay(search, delivery))


class _Get(Protocol):
    def __call__(self, ask: Ask[T], /) -> T: ...


class Paged(Generic[Item, APage]):
    """All that answers, fetched page by page as it is read."""

    def __init__(self, first: Ask[APage], items: Callable[[APage], Sequence[Item]], get: "_Get") -> None:
        self._first = first
        self._items = items
        self._get = get

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            yield from self._items(page)

    def page(self) -> APage:
        """The first page."""
        return self._get(self._first)

    def pages(self) -> Iterator[APage]:
        """Page after page."""
        page = self.page()
        yield page
        while page.next is not None:
            page = self._get(self._first.at(page.next))
            yield page


class Stream(Generic[Event]):
    """What a stream tells, and its gaps, for as long as somebody reads on."""

    def __init__(
        self,
        http: httpx.Client,
        follow: Follow[Event],
        last_event_id: str | int | None,
        patience: float,
        sleep: Callable[[float], None],
    ) -> None:
        self._http = http
        self._reading = Reading(follow, last_event_id, patience)
        self._sleep = sleep

    @property
    def last_event_id(self) -> str | None:
        """Where it is: a stream that begins after it misses nothing. None until the server has said it."""
        return self._reading.last_event_id

    def __iter__(self) -> Iterator[Event | Gap]:
        while True:
            failure: Problem | Unreachable = Unreachable("the server ended the stream")
            follow = self._reading.follow
            try:
                with self._http.stream(
                    "GET", follow.path, params=follow.params, headers=self._reading.headers, timeout=LISTENING
                ) as response:
                    if response.is_success:
                        for event in EventSource(response).iter_sse():
                            told = self._reading.heard(event)
                            if told is not None:
                                yield told
                    else:
                        response.read()
                        failure = problem_of(response)
            except SSEError as error:
                raise Unreadable(str(error)) from error
            except httpx.RequestError as error:
                failure = lost(error)
            self._sleep(self._reading.pause(failure))
