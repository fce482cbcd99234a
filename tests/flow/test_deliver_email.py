"""E-mail from the alert to a mail server: alone or in digests, refused or later, and ended by the link that it has."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from deploy.local.process import Child
from schemas.alert import Alert
from schemas.delivery import Delivery, delivery_id
from schemas.saved_search import Destination, Email, SavedSearch
from schemas.topics import ALERTS, DELIVERIES
from services.publish import Publisher
from services.search.saved_searches import save
from services.search.settings import SearchSettings
from tests.flow.conftest import RunService
from tests.flow.eventually import eventually
from tests.flow.mailbox import Mailbox, body_of
from tests.flow.servers import Servers
from tests.flow.serving import serving
from tests.flow.test_deliver import WITHIN, Post, alert, publisher
from tests.search.reports import NOON

__all__ = ["publisher"]

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

KEY = "0123456789abcdef"
DESK = Email(address="desk@newsroom.example")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox().listening() as mailbox:
        yield mailbox


class Office(Post):
    """Starts deliverers that send by a mailbox."""

    def open(self, mailbox: Mailbox) -> Child:
        return self.start(
            DATELINE_SMTP_HOST="127.0.0.1",
            DATELINE_SMTP_PORT=str(mailbox.port),
            DATELINE_SMTP_SECURITY="none",
            DATELINE_SMTP_FROM="Dateline <alerts@dateline.example>",
            DATELINE_PUBLIC_URL="https://dateline.example",
            DATELINE_LINK_KEY=KEY,
        )


@pytest.fixture
def office(servers: Servers, namespace: str, run_service: RunService, tmp_path: Path) -> Office:
    return Office(servers, namespace, run_service, tmp_path)


def told_by_email(email: Email = DESK) -> SavedSearch:
    to = (Destination(email=email),)
    return SavedSearch(id="water", name="Water", criteria={"q": "water"}, created=NOON, deliver=to)


def owed(one: Alert, email: Email = DESK) -> Delivery:
    destination = Destination(email=email)
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    return Delivery(
        id=delivery_id(one.id, destination.key),
        alert=one,
        destination=destination,
        due=hour_ago,
        created=hour_ago,
        updated=hour_ago,
    )


def test_an_alert_comes_as_text_and_html_with_a_link_that_ends_it(
    office: Office, publisher: Publisher, mailbox: Mailbox, servers: Servers, namespace: str
) -> None:
    save(publisher, told_by_email())
    publisher.publish(ALERTS, alert(1).model_copy(update={"title": "Dam <b>holds</b>\r\nBcc: x@y.example"}))
    office.open(mailbox)
    (letter,) = eventually(lambda: mailbox.letters, within=WITHIN)
    assert (letter["To"], letter["Subject"]) == ("desk@newsroom.example", "Water: Dam <b>holds</b> Bcc: x@y.example")
    assert letter["Bcc"] is None
    assert "Dam <b>holds</b>" in body_of(letter, "plain")
    assert "Dam &lt;b&gt;holds&lt;/b&gt;" in body_of(letter, "html")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(letter["List-Unsubscribe"]).strip("<>")
    assert link in body_of(letter, "plain")
    assert link in body_of(letter, "html")
    settings = SearchSettings(
        kafka=servers.kafka,
        elasticsearch=servers.elasticsearch,
        namespace=namespace,
        smtp_host="127.0.0.1",
        smtp_from="alerts@dateline.example",
        public_url="https://dateline.example",
        link_key=KEY,
    )
    with serving(settings) as api:
        ends(api, link.removeprefix("https://dateline.example"))
    publisher.publish(ALERTS, alert(2))
    eventually(office.owes_nothing, within=WITHIN)
    assert len(mailbox.letters) == 1


def ends(api: httpx.Client, path: str) -> None:
    assert api.post(path[:-1] + ("A" if path[-1] != "A" else "B")).status_code == 404
    page = api.get(path)
    assert "End them" in page.text
    assert "deliver" in api.get("/searches/water").json(), "to look at the page ends nothing"
    # As a mail program does it with one click (RFC 8058).
    assert api.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "deliver" not in api.get("/searches/water").json()
    assert api.get("/searches/water").json()["version"] == 2
    assert "End them" not in api.get(path).text
    assert api.post(path).status_code == 200


def test_a_digest_brings_what_has_come_in_one_letter_and_settles_all_of_it(
    office: Office, publisher: Publisher, mailbox: Mailbox
) -> None:
    hourly = DESK.model_copy(update={"digest": "hourly"})
    due = [owed(alert(number), hourly) for number in (1, 2)]
    waits = delivery_id(alert(3).id, Destination(email=hourly).key)
    save(publisher, told_by_email(hourly))
    publisher.publish_all(DELIVERIES, due)
    publisher.publish(ALERTS, alert(3))
    office.open(mailbox)
    eventually(lambda: all(office.states(one.id) == ["pending", "sent"] for one in due), within=WITHIN)
    eventually(lambda: office.states(waits) == ["pending"], within=WITHIN)
    began = office.last(waits).created.replace(minute=0, second=0, microsecond=0)
    assert office.last(waits).due == began + timedelta(hours=1)
    (letter,) = mailbox.letters
    assert letter["Subject"] == "Water: 2 alerts"
    assert [f"Reason {number}." in body_of(letter, "plain") for number in (1, 2, 3)] == [True, True, False]


def test_an_address_that_is_refused_for_good_is_dead_and_one_that_is_not_is_tried_again(
    office: Office, publisher: Publisher, mailbox: Mailbox
) -> None:
    mailbox.answers = ["451 try later", "250 OK", "550 nobody of that name"]
    save(publisher, told_by_email())
    first, second = owed(alert(1)).id, owed(alert(2)).id
    publisher.publish(ALERTS, alert(1))
    office.open(mailbox)
    eventually(lambda: office.states(first) == ["pending", "failed", "sent"], within=WITHIN)
    publisher.publish(ALERTS, alert(2))
    eventually(lambda: office.states(second) == ["pending", "dead"], within=WITHIN)
    assert (office.last(second).status, office.last(second).error) == (550, "SMTP 550 nobody of that name")
    assert len(mailbox.letters) == 1
