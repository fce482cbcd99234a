"""Saved searches over the API: changed with their versions kept, tried, looked after, replayed and fed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from deploy.local.process import Child
from schemas.topics import ALERTS
from services.publish import Publisher
from services.search.atom import NAMESPACE
from services.search.settings import SearchSettings
from tests.flow.conftest import RunService
from tests.flow.eventually import eventually
from tests.flow.receiver import Answer, Receiver
from tests.flow.servers import Servers
from tests.flow.serving import serving
from tests.flow.test_deliver import NEW, WITHIN, alert, receiver

__all__ = ["receiver"]

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]


@pytest.fixture
def settings(servers: Servers, namespace: str, tmp_path: Path, receiver: Receiver) -> SearchSettings:
    secrets = tmp_path / "webhooks.toml"
    secrets.write_text(f'newsroom = [{{secret = "{NEW}"}}]\n')
    return SearchSettings(
        kafka=servers.kafka,
        elasticsearch=servers.elasticsearch,
        namespace=namespace,
        webhook_secrets=secrets,
        webhook_allow_hosts=receiver.host,
    )


@pytest.fixture
def api(settings: SearchSettings) -> Iterator[httpx.Client]:
    with serving(settings) as client:
        yield client


@pytest.fixture
def deliverer(run_service: RunService, settings: SearchSettings) -> Child:
    return run_service(
        "services.search",
        "deliver",
        env={
            "DATELINE_WEBHOOK_SECRETS": str(settings.webhook_secrets),
            "DATELINE_WEBHOOK_ALLOW_HOSTS": settings.webhook_allow_hosts,
            "DATELINE_DELIVERY_SCHEDULE": "0",
        },
    )


def water(receiver: Receiver, **changes: Any) -> dict[str, Any]:
    told = [{"webhook": {"url": receiver.url, "secret": "newsroom"}}]
    return {"name": "Water", "criteria": {"q": "water"}, "deliver": told, **changes}


def test_a_saved_search_is_changed_as_a_whole_and_its_versions_are_kept(api: httpx.Client, receiver: Receiver) -> None:
    path = api.post("/searches", json=water(receiver)).headers["Location"]
    changed = api.put(path, json=water(receiver, name="Water again", cooldown=60, deliver=[]))
    assert changed.status_code == 200, changed.text
    assert (changed.json()["version"], changed.json()["cooldown"], "deliver" in changed.json()) == (2, 60, False)
    assert api.get(path).json() == changed.json()
    again = api.put(path, json=water(receiver, name="Water again", cooldown=60, deliver=[]))
    assert again.json() == changed.json(), "what is as it was makes no version"
    versions = api.get(f"{path}/versions").json()["versions"]
    assert [(one["version"], one["asked"]["name"]) for one in versions] == [(2, "Water again"), (1, "Water")]
    back = api.put(path, json=versions[1]["asked"])
    assert (back.json()["version"], back.json()["deliver"]) == (3, water(receiver)["deliver"])
    assert api.put("/searches/nowhere", json=water(receiver)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"criteria": {}}, "#/criteria"),
        ({"criteria": {}, "on": "any"}, "#/criteria"),
        ({"deliver": [{"webhook": {"url": "http://127.0.0.1:1/x", "secret": "newsroom"}}]}, "#/deliver/0/webhook/url"),
        ({"deliver": [{"webhook": {"url": "https://10.0.0.1/x", "secret": "newsroom"}}]}, "#/deliver/0/webhook/url"),
        ({"deliver": [{"webhook": {"url": "http://a.example/x", "secret": "newsroom"}}]}, "#/deliver/0/webhook/url"),
        ({"deliver": [{"webhook": {"url": "https://a.example/", "secret": "else"}}]}, "#/deliver/0/webhook/secret"),
        ({"deliver": [{"email": {"address": "desk@newsroom.example"}}]}, "#/deliver/0/email"),
    ],
)
def test_what_cannot_be_meant_is_refused_when_it_is_saved(
    api: httpx.Client, receiver: Receiver, changes: dict[str, Any], pointer: str
) -> None:
    answer = api.post("/searches", json=water(receiver, **changes))
    assert answer.status_code == 422, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_everything_can_be_asked_for_by_saying_so(api: httpx.Client) -> None:
    asked = {"name": "All", "criteria": {}, "everything": True, "on": "first", "min_outlets": 3}
    saved = api.post("/searches", json=asked)
    assert saved.status_code == 201, saved.text
    assert saved.json().items() >= asked.items()


def test_a_destination_can_be_tried_and_the_log_says_what_came_of_it(
    api: httpx.Client, receiver: Receiver, deliverer: Child
) -> None:
    path = api.post("/searches", json=water(receiver)).headers["Location"]
    tested = api.post(f"{path}/test")
    assert tested.status_code == 202, tested.text
    (test,) = tested.json()["deliveries"]
    eventually(lambda: api.get(f"{path}/deliveries").json()["deliveries"][0]["state"] == "sent", within=WITHIN)
    assert receiver.ids() == [test["id"]]
    assert '"alert.test"' in receiver.told[0].body
    nowhere = api.post("/searches", json=water(receiver, deliver=[])).headers["Location"]
    assert api.post(f"{nowhere}/test").status_code == 409


def test_a_dead_delivery_is_replayed_under_its_own_id(
    api: httpx.Client, receiver: Receiver, deliverer: Child, settings: SearchSettings
) -> None:
    receiver.answers = [Answer(410), Answer(200)]
    path = api.post("/searches", json=water(receiver)).headers["Location"]
    publisher = Publisher(settings)
    publisher.publish(ALERTS, alert(1).model_copy(update={"search": path.removeprefix("/searches/")}))
    publisher.close()
    dead = eventually(lambda: api.get(f"{path}/deliveries?state=dead").json()["deliveries"], within=WITHIN)[0]
    assert (dead["status"], dead["to"], dead["attempts"]) == (410, receiver.url, 1)
    again = api.post(f"{path}/deliveries/{dead['id']}/replay")
    assert again.status_code == 202, again.text
    sent = eventually(lambda: api.get(f"{path}/deliveries?state=sent").json()["deliveries"], within=WITHIN)[0]
    assert (sent["id"], sent["replays"]) == (dead["id"], 1)
    assert receiver.ids() == [dead["id"]] * 2
    assert api.post(f"{path}/deliveries/{dead['id']}/replay").status_code == 409
    assert api.post(f"{path}/deliveries/{'0' * 32}/replay").status_code == 404


def test_a_saved_search_has_a_feed_of_its_own_alerts(
    api: httpx.Client, receiver: Receiver, settings: SearchSettings
) -> None:
    path = api.post("/searches", json=water(receiver)).headers["Location"]
    publisher = Publisher(settings)
    own = alert(1).model_copy(update={"search": path.removeprefix("/searches/")})
    publisher.publish_all(ALERTS, [own, alert(2)])
    publisher.close()

    def titles() -> list[str | None]:
        feed = ElementTree.fromstring(api.get(f"{path}/alerts.atom").content)
        return [title.text for title in feed.findall(f"{{{NAMESPACE}}}entry/{{{NAMESPACE}}}title")]

    eventually(lambda: titles() == [own.title], within=WITHIN)
    assert api.get("/searches/nowhere/alerts.atom").status_code == 404
