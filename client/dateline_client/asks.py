"""Each request as a value, built once for both clients: what is asked, where, and what the answer is read as."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from dateline_client.alerts import Alert, AlertEvent, AlertsShown, DevelopmentEvent
from dateline_client.articles import ArticlesPage, ArticleWhole
from dateline_client.counts import Histogram, Tiles
from dateline_client.deliveries import DeliveriesShown, DeliveryShown
from dateline_client.filters import Params, to_params
from dateline_client.growing import Growing, Nothing
from dateline_client.searches import (
    BacktestShown,
    ExplanationShown,
    SearchAsked,
    SearchesShown,
    SearchShown,
    VersionsShown,
)
from dateline_client.stances import Network, Series
from dateline_client.stories import DevelopmentsPage, DevelopmentTold, StoriesPage, StoryShown

T = TypeVar("T", bound=Growing)
Event = TypeVar("Event", bound=Growing)


@dataclass(frozen=True)
class Ask(Generic[T]):
    """One request. `repeatable`: asked twice it does no more than once, so that it may be asked again after a 503."""

    method: str
    path: str
    model: type[T]
    params: Params = ()
    body: Mapping[str, Any] | None = None
    repeatable: bool = True

    def at(self, cursor: str) -> "Ask[T]":
        """The same, further on: a cursor knows its question."""
        return replace(self, params=(("cursor", cursor),))


@dataclass(frozen=True)
class Follow(Generic[Event]):
    """One stream: the kind of its events, and how one is made of its id and its data."""

    path: str
    kind: str
    event: Callable[[str, str], Event]
    params: Params = ()


def articles(asked: Mapping[str, object]) -> Ask[ArticlesPage]:
    return Ask("GET", "/articles", ArticlesPage, to_params(asked))


def article(article: str) -> Ask[ArticleWhole]:
    return Ask("GET", f"/articles/{_part(article)}", ArticleWhole)


def histogram(asked: Mapping[str, object]) -> Ask[Histogram]:
    return Ask("GET", "/articles/histogram", Histogram, to_params(asked))


def tiles(asked: Mapping[str, object]) -> Ask[Tiles]:
    return Ask("GET", "/articles/tiles", Tiles, to_params(asked))


def stories(asked: Mapping[str, object]) -> Ask[StoriesPage]:
    return Ask("GET", "/stories", StoriesPage, to_params(asked))


def story(story: str, size: int | None) -> Ask[StoryShown]:
    return Ask("GET", f"/stories/{_part(story)}", StoryShown, to_params({"size": size}))


def developments(asked: Mapping[str, object]) -> Ask[DevelopmentsPage]:
    return Ask("GET", "/developments", DevelopmentsPage, to_params(asked))


def stances(asked: Mapping[str, object]) -> Ask[Series]:
    return Ask("GET", "/stances", Series, to_params(asked))


def stance_network(asked: Mapping[str, object]) -> Ask[Network]:
    return Ask("GET", "/stances/network", Network, to_params(asked))


def searches() -> Ask[SearchesShown]:
    return Ask("GET", "/searches", SearchesShown)


def search(search: str) -> Ask[SearchShown]:
    return Ask("GET", f"/searches/{_part(search)}", SearchShown)


def create_search(search: SearchAsked) -> Ask[SearchShown]:
    return Ask("POST", "/searches", SearchShown, body=_body(search), repeatable=False)


def put_search(search: str, asked: SearchAsked) -> Ask[SearchShown]:
    return Ask("PUT", f"/searches/{_part(search)}", SearchShown, body=_body(asked))


def delete_search(search: str) -> Ask[Nothing]:
    # Not repeatable: had the first one done it, the second would say that there is no such search.
    return Ask("DELETE", f"/searches/{_part(search)}", Nothing, repeatable=False)


def versions(search: str) -> Ask[VersionsShown]:
    return Ask("GET", f"/searches/{_part(search)}/versions", VersionsShown)


def deliveries(search: str, state: str | None, size: int | None) -> Ask[DeliveriesShown]:
    asked = to_params({"state": state, "size": size})
    return Ask("GET", f"/searches/{_part(search)}/deliveries", DeliveriesShown, asked)


def test_search(search: str) -> Ask[DeliveriesShown]:
    return Ask("POST", f"/searches/{_part(search)}/test", DeliveriesShown, repeatable=False)


def replay(search: str, delivery: str) -> Ask[DeliveryShown]:
    return Ask(
        "POST", f"/searches/{_part(search)}/deliveries/{_part(delivery)}/replay", DeliveryShown, repeatable=False
    )


def backtest(search: SearchAsked, days: int) -> Ask[BacktestShown]:
    return Ask("POST", "/searches/backtest", BacktestShown, body={"search": _body(search), "days": days})


def backtest_run(run: str) -> Ask[BacktestShown]:
    return Ask("GET", f"/searches/backtests/{_part(run)}", BacktestShown)


def explain(search: str, article: str) -> Ask[ExplanationShown]:
    return Ask("GET", f"/searches/{_part(search)}/explain/{_part(article)}", ExplanationShown)


def alerts(search: str | None, size: int | None) -> Ask[AlertsShown]:
    return Ask("GET", "/alerts", AlertsShown, to_params({"search": search, "size": size}))


def alert_stream(search: str | None) -> Follow[AlertEvent]:
    return Follow("/alerts/stream", "alert", _alert, to_params({"search": search}))


def developments_stream(asked: Mapping[str, object]) -> Follow[DevelopmentEvent]:
    return Follow("/developments/stream", "development", _development, to_params(asked))


def _alert(id: str, data: str) -> AlertEvent:
    return AlertEvent(id=id, alert=Alert.model_validate_json(data))


def _development(id: str, data: str) -> DevelopmentEvent:
    return DevelopmentEvent(id=id, development=DevelopmentTold.model_validate_json(data))


def _body(search: SearchAsked) -> dict[str, Any]:
    return search.model_dump(mode="json", exclude_unset=True)


def _part(id: str) -> str:
    return quote(id, safe="")
