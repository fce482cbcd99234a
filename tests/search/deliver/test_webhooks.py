"""What a webhook is sent, with which signatures, and what its answers mean."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook as Verifying
from standardwebhooks import WebhookVerificationError

from services.search.deliver.attempts import Failed, Hopeless, Taken
from services.search.deliver.webhook_secrets import WebhookSecrets
from services.search.deliver.webhooks import body_of, judged, retry_after, signed
from tests.search.deliver.owing import delivery
from tests.search.reports import NOON

NEW, OLD, OTHER = (f"whsec_{base64.b64encode(bytes([number]) * 24).decode()}" for number in (1, 2, 3))


def test_the_body_is_the_alert_and_the_same_at_every_attempt() -> None:
    first = delivery()
    said = json.loads(body_of(first))
    assert (said["type"], said["timestamp"]) == ("alert.raised", "2026-03-03T12:00:00Z")
    assert said["data"]["reason"] == "Reason 1."
    assert body_of(first.model_copy(update={"attempts": 3, "revision": 4})) == body_of(first)
    assert json.loads(body_of(delivery(test=True)))["type"] == "alert.test"


def test_every_secret_that_holds_verifies_and_no_other() -> None:
    one, now = delivery(), datetime.now(UTC)
    body = body_of(one)
    headers = signed(one.id, body, (NEW, OLD), now)
    assert headers["webhook-id"] == one.id
    for secret in (NEW, OLD):
        Verifying(secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Verifying(OTHER).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Verifying(NEW).verify(body.replace("Reason", "Treason"), headers)


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (200, {}, Taken(200)),
        (204, {}, Taken(204)),
        (410, {}, Hopeless("HTTP 410: the destination is disabled", 410)),
        (404, {}, Failed("HTTP 404", 404)),
        (503, {"Retry-After": "120"}, Failed("HTTP 503", 503, 120.0)),
        (302, {"Location": "https://b.example/"}, Failed("HTTP 302 (a redirect, which is not followed)", 302)),
    ],
)
def test_an_answer_means_taken_gone_or_not_now(
    status: int, headers: dict[str, str], outcome: Taken | Failed | Hopeless
) -> None:
    assert judged(httpx.Response(status, headers=headers), NOON) == outcome


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        (None, 0),
        ("30", 30),
        ("Tue, 03 Mar 2026 12:01:00 GMT", 60),
        ("Tue, 03 Mar 2026 11:00:00 GMT", 0),
        ("soon", 0),
        ("-5", 0),
        ("9" * 400, 0),
    ],
)
def test_a_receiver_may_ask_for_a_pause_in_seconds_or_by_a_date(words: str | None, seconds: float) -> None:
    assert retry_after(words, NOON) == seconds


def test_secrets_are_read_anew_when_the_file_changes_and_an_old_one_ends(tmp_path: Path) -> None:
    file = tmp_path / "webhooks.toml"
    secrets = WebhookSecrets(file)
    assert secrets.named("newsroom", NOON) == ()
    file.write_text(f'newsroom = [{{secret = "{NEW}"}}, {{secret = "{OLD}", until = 2026-03-03T13:00:00Z}}]\n')
    assert secrets.named("newsroom", NOON) == (NEW, OLD)
    assert secrets.named("newsroom", NOON + timedelta(hours=1)) == (NEW,)
    assert secrets.named("elsewhere", NOON) == ()


@pytest.mark.parametrize(
    "broken", ["newsroom = ", 'newsroom = [{secret = "whsec_c2hvcnQ="}]', 'newsroom = [{secret = "plain words"}]']
)
def test_a_file_that_cannot_be_read_changes_nothing_and_no_secret_is_logged(
    tmp_path: Path, broken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "webhooks.toml"
    file.write_text(f'newsroom = [{{secret = "{NEW}"}}]\n')
    secrets = WebhookSecrets(file)
    assert secrets.named("newsroom", NOON) == (NEW,)
    file.write_text(broken)
    for _ in range(3):
        assert secrets.named("newsroom", NOON) == (NEW,)
    said = "".join(capsys.readouterr())
    assert said.count("cannot be read") == 1, "it is said once, not at every attempt"
    for secret in ("c2hvcnQ=", "plain words", NEW):
        assert secret not in said
