"""The Python client on the real API: its README's examples, pages while articles come, streams through restarts."""

import asyncio
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from dateline_client import (
    AlertEvent,
    AsyncDateline,
    Criteria,
    Dateline,
    DestinationAsked,
    DevelopmentEvent,
    EmailAsked,
    Gap,
    Problem,
    SearchAsked,
    Stream,
    Unreachable,
)
from deploy.local.process import Child, free_port
from schemas.topics import ALERTS, ENRICHED
from services.publish import Publisher
from services.search.settings import SearchSettings
from tests.flow.conftest import RunService
from tests.flow.eventually import eventually
from tests.flow.serving import serving
from tests.flow.test_api import alert, korea, writing
from tests.flow.test_developments import api, brings, put, settings
from tests.flow.test_keys import Keys, keys, made
from tests.search.reports import NOON, report

__all__ = ["api", "keys", "put", "settings"]

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

README = Path(__file__).parents[2] / "client" / "README.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
WITHIN = 30.0

Put = Callable[..., None]


@pytest.fixture
def publisher(settings: SearchSettings) -> Iterator[Publisher]:
    publisher = Publisher(settings)
    yield publisher
    publisher.close()


class Enough(BaseException):
    """The example has printed what was waited for."""


def printed(example: str, api: httpx.Client, most: int = 20) -> list[str]:
    """What an example prints when it is run as a program of its own; a stream is left after so many lines."""
    lines: list[str] = []

    def say(*words: object) -> None:
        lines.append(" ".join(map(str, words)))
        if len(lines) == most:
            raise Enough

    assert example.count("http://127.0.0.1:8080") == 1
    code = compile(example.replace("http://127.0.0.1:8080", str(api.base_url)), str(README), "exec")
    with suppress(Enough):
        exec(code, {"__name__": "__main__", "print": say})
    return lines


def example(with_words: str) -> str:
    (found,) = [one for one in EXAMPLES if with_words in one]
    return str(found)


def test_the_readmes_examples_ask_and_are_answered(api: httpx.Client, put: Put) -> None:
    recent = datetime.now(UTC) - timedelta(hours=5)
    put(report(1), report(2, seen=recent), korea())
    lists = printed(example('sort="date"):'), api)
    assert lists == [
        f"2026-03-03 12:0{number}:00+00:00 savannah-post.example Kenya and Ethiopia sign pact {number}"
        for number in (2, 1)
    ]
    assert printed(example("facets="), api) == ["3 articles", "2 savannah-post.example", "1 paper.example"]
    assert printed(example("histogram"), api)[0] == "2026-03-03 00:00:00+03:00 2"
    told = printed(example("stance.holder_name"), api)
    assert "A water pact A new story." in told
    saving = printed(example("backtest(asked"), api)
    assert saving[0] == "1 alerts in the last week, had it been saved"
    assert saving[1] == "2 [2, 1]"
    assert len(saving) == 3
    assert api.get("/searches").json() == {"searches": []}
    assert printed(example("asyncio.run"), api)[0] == "3 articles"
    assert printed(example("contry:KP"), api) == [
        "422 q: there is no field contry (character 1); write country:KP 1 country:KP"
    ]


def test_the_readmes_stream_is_told_of_alerts(api: httpx.Client, publisher: Publisher) -> None:
    ready = example("alert_stream(last_event_id=last)")
    lines: list[str] = []
    listening = threading.Thread(target=lambda: lines.extend(printed(ready, api, most=1)))
    listening.start()
    numbers = iter(range(1, 1000))

    def is_told() -> bool:
        # Whenever it begins to listen, there is one after that.
        publisher.publish(ALERTS, alert(next(numbers)))
        return not listening.is_alive()

    eventually(is_told, within=WITHIN)
    assert re.fullmatch(r"\d+ Pacts Report \d+\nof “pacts” \d+", lines[0])


def test_every_example_is_tried() -> None:
    tried = (
        'sort="date"):',
        "facets=",
        "histogram",
        "stance.holder_name",
        "backtest(asked",
        "asyncio.run",
        "contry:KP",
        "alert_stream(",
    )
    assert sorted(map(example, tried)) == sorted(EXAMPLES)


def test_pages_hold_while_articles_are_written(api: httpx.Client, put: Put) -> None:
    known = [report(number) for number in range(120)]
    put(*known)
    with Dateline(str(api.base_url)) as dateline, writing(lambda articles: put(*articles), known) as rounds:
        eventually(lambda: rounds[0] > 1, within=WITHIN)
        found = dateline.articles("pact", sort="date", size=17)
        ids = [article.id for article in found]
    assert len(ids) == len(set(ids))
    assert {article.article.id for article in known} <= set(ids)


def test_what_is_asked_is_what_is_answered(api: httpx.Client, put: Put) -> None:
    put(report(1), korea())
    with Dateline(str(api.base_url)) as dateline:
        assert [one.title for one in dateline.articles(near=(39.0, 125.7), km=20)] == ["Leaders' talks in Pyongyang"]
        assert [one.title for one in dateline.articles(entity=["Kim Jong-un", "Q884"])] == [
            "Leaders' talks in Pyongyang"
        ]
        assert dateline.articles(box=(40, 130, -40, 120), published_to="2026-03-04").page().total == 1
        assert dateline.articles(stance_quoted=True).page().total == 0
        found = dateline.articles("pact", country="KP", facets="development").page()
        assert [(one.value, one.count) for one in found.facets["development"].values] == [("stance_shift", 1)]
        whole = dateline.article(found.articles[0].id)
        assert [place.reason for place in whole.places] == ["the capital"]
        assert whole.model_extra == {}
        assert dateline.story("talks").articles[0].id == whole.id
        assert {story.id for story in dateline.stories()} <= {"talks", "pact"}
        with pytest.raises(Problem) as raised:
            dateline.story("none")
        assert raised.value.status == 404


def test_articles_are_counted_and_stances_drawn(api: httpx.Client, put: Put) -> None:
    put(report(1), report(2), korea())
    with Dateline(str(api.base_url)) as dateline:
        days = dateline.histogram("pact", interval="day", zone="Asia/Tokyo")
        assert (days.total, [bucket.articles for bucket in days.buckets]) == (3, [2, 1])
        assert [tile.articles for tile in dateline.tiles(country="KE", zoom=2).tiles] == [2]
        series = dateline.stances(holder="Q114", target="Q115", published_from="2026-03-01", by="outlet_country")
        assert (series.whole.count, series.whole.polarity) == (2, 0.8)
        network = dateline.stance_network(published_from=NOON, min_count=2)
        assert [(edge.holder, edge.target, edge.count) for edge in network.edges] == [("Q114", "Q115", 2)]


def test_a_test_is_sent_to_each_destination_and_shown(settings: SearchSettings) -> None:
    mailing = {
        "smtp_host": "127.0.0.1",
        "smtp_from": "alerts@dateline.example",
        "public_url": "https://dateline.example",
    }
    mails = settings.model_copy(update={**mailing, "link_key": SecretStr("a key for this test alone")})
    desk = DestinationAsked(email=EmailAsked(address="desk@paper.example", digest="hourly"))
    asked = SearchAsked(name="Pacts", criteria=Criteria(q="pact"), deliver=(desk,))
    with serving(mails) as api, Dateline(str(api.base_url)) as dateline:
        saved = dateline.searches.create(asked)
        assert saved.deliver == (desk,)
        (sent,) = dateline.searches.test(saved.id)
        assert (sent.kind, sent.state, sent.test) == ("email", "pending", True)
        shown = eventually(lambda: dateline.searches.deliveries(saved.id, state="pending"), within=WITHIN)
        assert [one.id for one in shown] == [sent.id]
        unheard = dateline.searches.put(saved.id, saved.asked(deliver=()))
        for refused in (lambda: dateline.searches.test(unheard.id), lambda: dateline.searches.replay(saved.id, "no")):
            with pytest.raises(Problem):
                refused()


def test_a_search_is_saved_changed_explained_and_taken_back(api: httpx.Client, put: Put) -> None:
    put(report(1))
    asked = SearchAsked(name="Pacts", criteria=Criteria(q="pact near:Nairobi~20km"))

    async def run() -> None:
        async with AsyncDateline(str(api.base_url)) as dateline:
            saved = await dateline.searches.create(asked)
            assert await dateline.searches.get(saved.id) == saved
            changed = await dateline.searches.put(saved.id, saved.asked(on="any", name="All pacts"))
            assert (changed.version, changed.on, changed.criteria) == (2, "any", saved.criteria)
            assert [one.name for one in await dateline.searches.list()] == ["All pacts"]
            told = await dateline.explain(saved.id, report(1).article.id)
            assert (told.answers, told.counts) == (True, True)
            await dateline.searches.delete(saved.id)
            with pytest.raises(Problem) as raised:
                await dateline.searches.delete(saved.id)
            assert raised.value.status == 404

    asyncio.run(run())


class Heard:
    """What a stream tells, read from a thread until its client is closed."""

    def __init__(self, stream: Any) -> None:
        self.events: list[Any] = []
        self._stream = stream
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def ids(self) -> list[str]:
        return [event.alert.id if isinstance(event, AlertEvent) else event.development.id for event in self.events]

    @property
    def place(self) -> str | None:
        return self._stream.last_event_id  # type: ignore[no-any-return]

    def _listen(self) -> None:
        try:
            for event in self._stream:
                self.events.append(event)
        except (Unreachable, RuntimeError):
            return  # its client was closed


@contextmanager
def served(run_service: RunService, port: int, **env: str) -> Iterator[Child]:
    child = run_service(
        "services.search", "api", env={"DATELINE_API_PORT": str(port), "DATELINE_HEARTBEAT": "0.3", **env}
    )
    eventually(lambda: httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200, within=60)
    yield child
    child.stop()


def test_a_stream_lives_through_restarts_of_the_api_and_misses_nothing(
    run_service: RunService, publisher: Publisher
) -> None:
    port = free_port()
    with Dateline(f"http://127.0.0.1:{port}") as dateline:
        with served(run_service, port):
            heard = Heard(dateline.alert_stream())
            eventually(lambda: heard.place is not None, within=WITHIN)
            publisher.publish(ALERTS, alert(1))
            eventually(lambda: heard.ids() == [alert(1).id], within=WITHIN)
        publisher.publish_all(ALERTS, [alert(2), alert(3)])
        with served(run_service, port) as process:
            eventually(lambda: heard.ids() == [alert(number).id for number in (1, 2, 3)], within=90)
            process.kill()
            publisher.publish(ALERTS, alert(4))
        with served(run_service, port):
            eventually(lambda: heard.ids() == [alert(number).id for number in (1, 2, 3, 4)], within=90)
            assert [event.id for event in heard.events] == ["0", "1", "2", "3"]


def test_who_was_away_too_long_is_told_of_the_gap(run_service: RunService, publisher: Publisher) -> None:
    port = free_port()
    publisher.publish_all(ALERTS, [alert(number) for number in range(20)])
    with served(run_service, port, DATELINE_KEPT_ALERTS="5"), Dateline(f"http://127.0.0.1:{port}") as dateline:
        eventually(lambda: dateline.alerts().last == 19, within=WITHIN)
        missing, *found = islice(dateline.alert_stream(3), 6)
        assert missing == Gap(id="14", missed_from=4, kept_from=15)
        assert [event.id for event in found] == ["15", "16", "17", "18", "19"]


def test_developments_are_followed_and_again_from_where_that_began(api: httpx.Client, publisher: Publisher) -> None:
    with Dateline(str(api.base_url)) as dateline:
        heard = Heard(dateline.developments_stream(kind=["correction", "new_actor"], min_score=0.4))
        began = eventually(lambda: heard.place, within=WITHIN)
        publisher.publish_all(
            ENRICHED, [brings(1, "a", "b"), brings(2, "c", score=0.1), brings(3, "d", kind="correction")]
        )
        eventually(lambda: sorted(heard.ids()) == ["a", "b", "d"], within=WITHIN)
        assert all(isinstance(event, DevelopmentEvent) for event in heard.events)
        again = Heard(dateline.developments_stream(began))
        eventually(lambda: sorted(again.ids()) == ["a", "b", "c", "d"], within=WITHIN)


def test_a_key_lets_in_for_what_it_may_do_until_it_is_revoked(settings: SearchSettings, keys: Keys) -> None:
    id, headers = made(keys, "read")
    key = headers["Authorization"].removeprefix("Bearer ")
    with serving(settings.model_copy(update={"api_host": "0.0.0.0"})) as api:
        for wrong, status in ((None, 401), (key[:-1], 401), (key, 403)):
            with Dateline(str(api.base_url), wrong) as dateline, pytest.raises(Problem) as raised:
                dateline.searches.create(SearchAsked(name="Pacts", criteria=Criteria(q="pact")))
            assert raised.value.status == status
        with Dateline(str(api.base_url), key) as dateline:
            stream = dateline.alert_stream()
            ended: list[Problem] = []
            listening = threading.Thread(target=lambda: ended.append(refusal(stream)))
            listening.start()
            eventually(lambda: stream.last_event_id is not None, within=WITHIN)
            assert keys("revoke", id).returncode == 0
            listening.join(WITHIN)
            assert [problem.status for problem in ended] == [401]


def refusal(stream: Stream[AlertEvent]) -> Problem:
    with pytest.raises(Problem) as raised:
        list(stream)
    return raised.value


def test_who_asks_too_much_is_put_off_and_answered(settings: SearchSettings) -> None:
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        time.sleep(seconds)  # the client's own pause, and kept

    counting = settings.model_copy(update={"api_requests_a_minute": 60})
    with serving(counting) as api, Dateline(str(api.base_url), sleep=sleep) as dateline:
        for _ in range(1000):
            assert dateline.searches.list() == ()
            if len(pauses) == 3:
                break
    assert pauses == [1, 1, 1]
