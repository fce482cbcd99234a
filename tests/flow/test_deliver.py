"""G2, G9 and G15 for deliveries: what is owed is written down, sent under one id, and never to a private address."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifying

from deploy.local.process import Child
from schemas.alert import Alert, alert_id
from schemas.delivery import Delivery, delivery_id
from schemas.saved_search import Destination, SavedSearch, Webhook
from schemas.topics import ALERTS, DELIVERIES
from services.publish import Publisher
from services.search.saved_searches import delete, save
from services.settings import Settings
from tests.flow.conftest import RunService
from tests.flow.eventually import eventually
from tests.flow.kept import is_drained, messages
from tests.flow.receiver import Answer, Receiver
from tests.flow.servers import Servers
from tests.search.reports import NOON

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

WITHIN = 60
NEW, OLD = (f"whsec_{base64.b64encode(bytes([number]) * 32).decode()}" for number in (1, 2))


@pytest.fixture
def publisher(servers: Servers, namespace: str) -> Iterator[Publisher]:
    publisher = Publisher(Settings(kafka=servers.kafka, namespace=namespace))
    yield publisher
    publisher.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver().listening() as receiver:
        yield receiver


class Post:
    """Starts deliverers, and looks at what they wrote down."""

    def __init__(self, servers: Servers, namespace: str, run: RunService, folder: Path) -> None:
        self.servers, self.namespace, self._run = servers, namespace, run
        self.secrets = folder / "webhooks.toml"
        self.secrets.write_text(f'newsroom = [{{secret = "{NEW}"}}]\n')

    def start(self, allow: str = "", **env: str) -> Child:
        return self._run(
            "services.search",
            "deliver",
            env={
                "DATELINE_WEBHOOK_SECRETS": str(self.secrets),
                "DATELINE_WEBHOOK_ALLOW_HOSTS": allow,
                "DATELINE_DELIVERY_SCHEDULE": "0,0.01,0.01",
                **env,
            },
        )

    def rows(self) -> list[Delivery]:
        """Every word on every delivery, in order."""
        return [row for row in messages(self.servers, self.namespace, DELIVERIES) if isinstance(row, Delivery)]

    def states(self, id_: str) -> list[str]:
        return [row.state for row in self.rows() if row.id == id_]

    def last(self, id_: str) -> Delivery:
        return [row for row in self.rows() if row.id == id_][-1]

    def owes_nothing(self) -> bool:
        last = {row.id: row for row in self.rows()}
        return is_drained(self.servers, self.namespace, ALERTS, "deliver") and not any(
            row.is_open for row in last.values()
        )


@pytest.fixture
def post(servers: Servers, namespace: str, run_service: RunService, tmp_path: Path) -> Post:
    return Post(servers, namespace, run_service, tmp_path)


def told_at(*urls: str, **changes: Any) -> SavedSearch:
    deliver = tuple(Destination(webhook=Webhook(url=url, secret="newsroom")) for url in urls)
    return SavedSearch(id="water", name="Water", criteria={"q": "water"}, created=NOON, deliver=deliver, **changes)


def alert(number: int, version: int = 1) -> Alert:
    return Alert(
        id=alert_id("water", version, "pact", str(number)),
        search="water",
        search_name="Water",
        search_version=version,
        article=f"{number:032x}",
        url=f"https://paper.example/{number}",
        title=f"Report {number}: “water”",
        outlet="Paper",
        published=NOON,
        story="pact",
        reason=f"Reason {number}.",
        raised=datetime.now(UTC),
    )


def owed_id(one: Alert, url: str) -> str:
    return delivery_id(one.id, Destination(webhook=Webhook(url=url, secret="newsroom")).key)


def test_an_alert_is_written_down_and_then_told_in_one_signed_post(
    post: Post, publisher: Publisher, receiver: Receiver
) -> None:
    one = alert(1)
    owed = owed_id(one, receiver.url)
    seen: list[list[str]] = []
    receiver.before = lambda: seen.append(post.states(owed))
    save(publisher, told_at(receiver.url))
    publisher.publish(ALERTS, one)
    post.start(receiver.host)
    eventually(lambda: post.states(owed) == ["pending", "sent"], within=WITHIN)
    (told,) = receiver.told
    assert seen == [["pending"]], "what is sent was written down before"
    assert told.id == owed
    said = Verifying(NEW).verify(told.body, told.headers)
    assert (said["type"], said["data"]["id"], said["data"]["title"]) == ("alert.raised", one.id, one.title)
    assert is_drained(post.servers, post.namespace, ALERTS, "deliver")


def test_a_kill_after_the_receivers_yes_and_before_it_is_recorded_tells_the_same_id_again_and_no_other(
    post: Post, publisher: Publisher, receiver: Receiver
) -> None:
    kafka = post.servers.kafka_control
    if kafka is None:
        pytest.skip("this Kafka is not ours to freeze")
    one = alert(1)
    owed = owed_id(one, receiver.url)
    save(publisher, told_at(receiver.url))
    publisher.publish(ALERTS, one)
    # The broker freezes before the receiver says yes: the yes arrives, and nobody can write it down.
    receiver.before = kafka.pause
    deliverer = post.start(receiver.host)
    try:
        eventually(lambda: '"answered"' in deliverer.output(), within=WITHIN)
        deliverer.kill()
    finally:
        kafka.resume()
    receiver.before = lambda: None
    assert post.states(owed) == ["pending"], "the kill came too late to prove anything"
    post.start(receiver.host)
    eventually(lambda: post.states(owed)[-1] == "sent", within=WITHIN)
    assert receiver.ids() == [owed, owed]
    assert {row.id for row in post.rows()} == {owed}


def test_kills_at_any_moment_lose_no_delivery_and_make_no_second_id(
    post: Post, publisher: Publisher, receiver: Receiver
) -> None:
    alerts = [alert(number) for number in range(300)]
    save(publisher, told_at(receiver.url))
    publisher.publish_all(ALERTS, alerts)
    for reached in (20, 120, 220):
        deliverer = post.start(receiver.host, DATELINE_SEARCH_BATCH="10")
        eventually(lambda reached=reached: len(receiver.told) >= reached, within=WITHIN, every=0.01)  # type: ignore[misc]
        deliverer.kill()
    assert not post.owes_nothing(), "the kills came too late to prove anything"
    post.start(receiver.host)
    eventually(post.owes_nothing, within=WITHIN, every=0.5)
    assert set(receiver.ids()) == {owed_id(one, receiver.url) for one in alerts} == {row.id for row in post.rows()}


def test_the_same_alerts_read_again_are_owed_no_second_time(
    post: Post, publisher: Publisher, receiver: Receiver
) -> None:
    save(publisher, told_at(receiver.url))
    publisher.publish_all(ALERTS, [alert(1), alert(2), alert(1)])
    post.start(receiver.host)
    eventually(post.owes_nothing, within=WITHIN)
    publisher.publish_all(ALERTS, [alert(2), alert(3)])
    eventually(lambda: len(receiver.told) == 3 and post.owes_nothing(), within=WITHIN)
    assert sorted(receiver.ids()) == sorted(owed_id(alert(number), receiver.url) for number in (1, 2, 3))


def test_failures_are_tried_again_by_the_schedule_and_then_the_delivery_is_dead(
    post: Post, publisher: Publisher, receiver: Receiver
) -> None:
    receiver.answers = [Answer(500), Answer(503), Answer(200), Answer(500)]
    save(publisher, told_at(receiver.url))
    first, second = owed_id(alert(1), receiver.url), owed_id(alert(2), receiver.url)
    publisher.publish(ALERTS, alert(1))
    post.start(receiver.host)
    eventually(lambda: post.states(first) == ["pending", "failed", "failed", "sent"], within=WITHIN)
    publisher.publish(ALERTS, alert(2))
    eventually(lambda: post.states(second) == ["pending", "failed", "failed", "dead"], within=WITHIN)
    assert receiver.ids() == [first] * 3 + [second] * 3
    assert (post.last(second).status, post.last(second).attempts) == (500, 3)


def test_a_receiver_that_asks_for_a_pause_is_given_it(post: Post, publisher: Publisher, receiver: Receiver) -> None:
    receiver.answers = [Answer(429, {"Retry-After": "3600"})]
    save(publisher, told_at(receiver.url))
    publisher.publish(ALERTS, alert(1))
    owed = owed_id(alert(1), receiver.url)
    post.start(receiver.host)
    eventually(lambda: post.states(owed) == ["pending", "failed"], within=WITHIN)
    assert post.last(owed).due - post.last(owed).updated == timedelta(hours=1)


def test_a_destination_that_is_gone_is_told_no_more_until_the_search_is_saved_again(
    post: Post, publisher: Publisher, receiver: Receiver
) -> None:
    receiver.answers = [Answer(410), Answer(200)]
    save(publisher, told_at(receiver.url))
    publisher.publish(ALERTS, alert(1))
    post.start(receiver.host)
    eventually(lambda: post.states(owed_id(alert(1), receiver.url)) == ["pending", "dead"], within=WITHIN)
    publisher.publish(ALERTS, alert(2))
    eventually(lambda: post.states(owed_id(alert(2), receiver.url)) == ["dead"], within=WITHIN)
    assert len(receiver.told) == 1
    save(publisher, told_at(receiver.url, version=2))
    publisher.publish(ALERTS, alert(3, version=2))
    third = owed_id(alert(3, version=2), receiver.url)
    eventually(lambda: post.states(third) == ["pending", "sent"], within=WITHIN)


def test_both_secrets_verify_while_the_old_one_is_valid(post: Post, publisher: Publisher, receiver: Receiver) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    post.secrets.write_text(f'newsroom = [{{secret = "{NEW}"}}, {{secret = "{OLD}", until = {tomorrow}}}]\n')
    save(publisher, told_at(receiver.url))
    publisher.publish(ALERTS, alert(1))
    post.start(receiver.host)
    eventually(lambda: len(receiver.told) == 1, within=WITHIN)
    (told,) = receiver.told
    for secret in (NEW, OLD):
        assert Verifying(secret).verify(told.body, told.headers) == json.loads(told.body)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433"])
def test_a_webhook_to_a_private_address_is_refused(
    post: Post, publisher: Publisher, receiver: Receiver, host: str
) -> None:
    url = f"http://{host}:{receiver.host.partition(':')[2]}/hook"
    save(publisher, told_at(url))
    publisher.publish(ALERTS, alert(1))
    post.start()
    eventually(lambda: post.states(owed_id(alert(1), url)) == ["pending", "dead"], within=WITHIN)
    assert "not a public address" in post.last(owed_id(alert(1), url)).error
    assert receiver.told == []


def test_a_redirect_is_not_followed(post: Post, publisher: Publisher, receiver: Receiver) -> None:
    receiver.answers = [Answer(307, {"Location": f"http://{receiver.host}/elsewhere"})]
    save(publisher, told_at(receiver.url))
    publisher.publish(ALERTS, alert(1))
    post.start(receiver.host)
    eventually(lambda: post.states(owed_id(alert(1), receiver.url))[-1:] == ["dead"], within=WITHIN)
    assert {told.path for told in receiver.told} == {"/hook"}


def test_nobody_is_told_of_a_search_that_was_deleted_meanwhile(
    post: Post, publisher: Publisher, receiver: Receiver
) -> None:
    receiver.answers = [Answer(500)]
    search, owed = told_at(receiver.url), owed_id(alert(1), receiver.url)
    save(publisher, search)
    publisher.publish(ALERTS, alert(1))
    post.start(receiver.host, DATELINE_DELIVERY_SCHEDULE=",".join(["0.2"] * 50))
    eventually(lambda: "failed" in post.states(owed), within=WITHIN)
    delete(publisher, search)
    eventually(lambda: post.last(owed).state == "dead", within=WITHIN)
    assert "deleted" in post.last(owed).error


def test_another_deliverer_takes_over_from_one_that_freezes_and_both_keep_to_the_ids(
    post: Post, publisher: Publisher, receiver: Receiver
) -> None:
    ids = [owed_id(alert(number), receiver.url) for number in (1, 2, 3)]
    save(publisher, told_at(receiver.url))
    publisher.publish(ALERTS, alert(1))
    first = post.start(receiver.host)
    eventually(lambda: post.states(ids[0])[-1:] == ["sent"], within=WITHIN)
    first.pause()
    second = post.start(receiver.host)
    publisher.publish(ALERTS, alert(2))
    eventually(lambda: post.states(ids[1])[-1:] == ["sent"], within=WITHIN)
    assert "sends what is owed" in second.output()
    first.resume()
    publisher.publish(ALERTS, alert(3))
    # The one that froze wakes up to write what the other has long settled: that is put right.
    eventually(lambda: post.states(ids[2])[-1:] == ["sent"] and post.owes_nothing(), within=WITHIN)
    assert receiver.ids()[:1] == ids[:1]
    assert set(receiver.ids()) == set(ids) == {row.id for row in post.rows()}


def test_a_destination_that_takes_nothing_is_owed_only_so_many(
    post: Post, publisher: Publisher, receiver: Receiver
) -> None:
    receiver.answers = [Answer(503)]
    save(publisher, told_at(receiver.url))
    publisher.publish_all(ALERTS, [alert(number) for number in range(5)])
    post.start(receiver.host, DATELINE_DELIVERIES_OWED="2", DATELINE_DELIVERY_SCHEDULE="0,3600")
    eventually(lambda: is_drained(post.servers, post.namespace, ALERTS, "deliver"), within=WITHIN)
    last = [post.last(owed_id(alert(number), receiver.url)) for number in range(5)]
    assert ["so many" in one.error for one in last] == [False, False, True, True, True]
