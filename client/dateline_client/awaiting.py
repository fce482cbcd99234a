"""The client for asyncio: the same methods, awaited, and the same lists and streams, read by `async for`."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
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


class AsyncDateline:
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
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._http = httpx.AsyncClient(base_url=url, headers=headers(key), timeout=timeout, transport=transport)
        self._retries = retries
        self._sleep = sleep
        self.searches = AsyncSearches(self._get)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End all connections, streams included."""
        await self._http.aclose()

    def articles(
        self, q: str | None = None, **filters: Unpack[ArticlesAsked]
    ) -> "AsyncPaged[ArticleFound, ArticlesPage]":
        """The articles that answer, page after page; `.page()` is the first page, with its total and facets."""
        return AsyncPaged(asks.articles({"q": q, **filters}), lambda page: page.articles, self._get)

    async def article(self, article: str) -> ArticleWhole:
        """One article whole."""
        return await self._get(asks.article(article))

    async def histogram(self, q: str | None = None, **filters: Unpack[HistogramAsked]) -> Histogram:
        """The articles that answer, counted over time."""
        return await self._get(asks.histogram({"q": q, **filters}))

    async def tiles(self, q: str | None = None, **filters: Unpack[TilesAsked]) -> Tiles:
        """The articles that answer, counted over the map."""
        return await self._get(asks.tiles({"q": q, **filters}))

    def stories(self, q: str | None = None, **filters: Unpack[StoriesAsked]) -> "AsyncPaged[StoryListed, StoriesPage]":
        """The stories that answer, page after page."""
        return AsyncPaged(asks.stories({"q": q, **filters}), lambda page: page.stories, self._get)

    async def story(self, story: str, size: int | None = None) -> StoryShown:
        """One story whole, with its first `size` articles."""
        return await self._get(asks.story(story, size))

    def developments(
        self, q: str | None = None, **filters: Unpack[DevelopmentsAsked]
    ) -> "AsyncPaged[DevelopmentTold, DevelopmentsPage]":
        """The developments that answer, newest article first, page after page."""
        return AsyncPaged(asks.developments({"q": q, **filters}), lambda page: page.developments, self._get)

    def developments_stream(
        self, last_event_id: str | None = None, *, patience: float = 600.0, **filters: Unpack[DevelopmentsFollowed]
    ) -> "AsyncStream[DevelopmentEvent]":
        """Each development as it comes; as `alert_stream`."""
        return AsyncStream(self._http, asks.developments_stream({**filters}), last_event_id, patience, self._sleep)

    async def stances(self, **filters: Unpack[SeriesAsked]) -> Series:
        """How one speaks of another over time."""
        return await self._get(asks.stances({**filters}))

    async def stance_network(self, **filters: Unpack[NetworkAsked]) -> Network:
        """Who is for or against whom in a period: its strongest pairs."""
        return await self._get(asks.stance_network({**filters}))

    async def backtest(self, search: SearchAsked, days: int = 7, *, within: float = 300.0) -> BacktestShown:
        """What this search would have told in the last days; after `within` seconds, how far that is."""
        return await self._run(backtested(search, days, within, self._retries))

    async def explain(self, search: str, article: str) -> ExplanationShown:
        """Which parts of a saved search an article meets, and whether that counts."""
        return await self._get(asks.explain(search, article))

    async def alerts(self, search: str | None = None, size: int | None = None) -> AlertsShown:
        """The latest alerts, newest first; a stream from its `last` on misses nothing."""
        return await self._get(asks.alerts(search, size))

    def alert_stream(
        self, last_event_id: str | int | None = None, *, search: str | None = None, patience: float = 600.0
    ) -> "AsyncStream[AlertEvent]":
        """Each alert as it is raised, from now on or after an event that was had. It is taken up again when it breaks
        off, until the server has been away for `patience` seconds; what is no longer kept by then is told as a Gap.
        """
        return AsyncStream(self._http, asks.alert_stream(search), last_event_id, patience, self._sleep)

    async def _get(self, ask: Ask[T]) -> T:
        return await self._run(answered(ask, self._retries))

    async def _run(self, steps: Steps[T]) -> T:
        response: httpx.Response | None = None
        while True:
            try:
                step = steps.send(response)
            except StopIteration as done:
                answer: T = done.value
                return answer
            if isinstance(step, Pause):
                await self._sleep(step.seconds)
                response = None
            else:
                response = await self._send(step)

    async def _send(self, ask: Ask[T]) -> httpx.Response:
        try:
            return await self._http.send(to_request(self._http, ask))
        except httpx.RequestError as error:
            raise lost(error) from error


class AsyncSearches:
    """The saved searches."""

    def __init__(self, get: "_Get") -> None:
        self._get = get

    async def list(self) -> tuple[SearchShown, ...]:
        """Every saved search, oldest first."""
        return (await self._get(asks.searches())).searches

    async def create(self, search: SearchAsked) -> SearchShown:
        """Save it: from now on it raises alerts."""
        return await self._get(asks.create_search(search))

    async def get(self, search: str) -> SearchShown:
        """One saved search."""
        return await self._get(asks.search(search))

    async def put(self, search: str, asked: SearchAsked) -> SearchShown:
        """Replace all of it, as a new version; `SearchShown.asked(…)` gives what it is with changes."""
        return await self._get(asks.put_search(search, asked))

    async def delete(self, search: str) -> None:
        """It raises no more alerts."""
        await self._get(asks.delete_search(search))

    async def versions(self, search: str) -> tuple[VersionShown, ...]:
        """What it asked in each version, newest first."""
        return (await self._get(asks.versions(search))).versions

    async def deliveries(
        self, search: str, *, state: str | None = None, size: int | None = None
    ) -> tuple[DeliveryShown, ...]:
        """What was sent, and what came of it, newest first."""
        return (await self._get(asks.deliveries(search, state, size))).deliveries

    async def test(self, search: str) -> tuple[DeliveryShown, ...]:
        """Send a test to each of its destinations."""
        return (await self._get(asks.test_search(search))).deliveries

    async def replay(self, search: str, delivery: str) -> DeliveryShown:
        """Send a delivery again."""
        return await self._get(asks.replay(search, delivery))


class _Get(Protocol):
    async def __call__(self, ask: Ask[T], /) -> T: ...


class AsyncPaged(Generic[Item, APage]):
    """All that answers, fetched page by page as it is read."""

    def __init__(self, first: Ask[APage], items: Callable[[APage], Sequence[Item]], get: "_Get") -> None:
        self._first = first
        self._items = items
        self._get = get

    async def __aiter__(self) -> AsyncIterator[Item]:
        async for page in self.pages():
            for item in self._items(page):
                yield item

    async def page(self) -> APage:
        """The first page."""
        return await self._get(self._first)

    async def pages(self) -> AsyncIterator[APage]:
        """Page after page."""
        page = await self.page()
        yield page
        while page.next is not None:
            page = await self._get(self._first.at(page.next))
            yield page


class AsyncStream(Generic[Event]):
    """What a stream tells, and its gaps, for as long as somebody reads on."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        follow: Follow[Event],
        last_event_id: str | int | None,
        patience: float,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._http = http
        self._reading = Reading(follow, last_event_id, patience)
        self._sleep = sleep

    @property
    def last_event_id(self) -> str | None:
        """Where it is: a stream that begins after it misses nothing. None until the server has said it."""
        return self._reading.last_event_id

    async def __aiter__(self) -> AsyncIterator[Event | Gap]:
        while True:
            failure: Problem | Unreachable = Unreachable("the server ended the stream")
            follow = self._reading.follow
            try:
                async with self._http.stream(
                    "GET", follow.path, params=follow.params, headers=self._reading.headers, timeout=LISTENING
                ) as response:
                    if response.is_success:
                        async for event in EventSource(response).aiter_sse():
                            told = self._reading.heard(event)
                            if told is not None:
                                yield told
                    else:
                        await response.aread()
                        failure = problem_of(response)
            except SSEError as error:
                raise Unreadable(str(error)) from error
            except httpx.RequestError as error:
                failure = lost(error)
            await self._sleep(self._reading.pause(failure))
