"""Tell an alert to a webhook, as Standard Webhooks has it: signed, with an id that never changes, in one POST."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from standardwebhooks import Webhook as Signing

from schemas.delivery import Delivery
from services import VERSION
from services.guard import GuardedTransport, Refused
from services.search.deliver.attempts import Failed, Hopeless, Outcome, Taken
from services.search.deliver.outbox import GONE
from services.search.deliver.webhook_secrets import WebhookSecrets


class Webhooks:
    """Posts to webhooks; one for the process. Close it at the end."""

    def __init__(self, secrets: WebhookSecrets, allowed: frozenset[str], seconds: float) -> None:
        """`allowed` has hosts that may have private addresses; `seconds` are for one attempt in all."""
        self._secrets = secrets
        self._seconds = seconds
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(allowed),
            timeout=httpx.Timeout(seconds),
            # A receiver that moves says so to its reader: following it would sign for whoever it names.
            follow_redirects=False,
            trust_env=False,
        )

    async def send(self, parcel: Sequence[Delivery], now: datetime) -> Outcome:
        """Post it, and say what came of that; webhooks are told of each alert alone."""
        (delivery,) = parcel
        webhook = delivery.destination.webhook
        assert webhook is not None
        secrets = self._secrets.named(webhook.secret, now)
        if not secrets:
            return Failed(f"there is no secret {webhook.secret} that holds now")
        body = body_of(delivery)
        try:
            # httpx's time-outs are for each read; this one is for a receiver that answers a byte a second.
            async with (
                asyncio.timeout(self._seconds),
                self._client.stream(
                    "POST", webhook.url, content=body.encode(), headers=signed(delivery.id, body, secrets, now)
                ) as answer,
            ):
                # The status says all; a body that never ends is not waited for.
                return judged(answer, now)
        except Refused as error:
            return Hopeless(str(error))
        except TimeoutError:
            return Failed(f"not answered within {self._seconds:g} s")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Failed(f"{type(error).__name__}: {error}")

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()


def body_of(delivery: Delivery) -> str:
    """What is posted: the same at every attempt."""
    alert = delivery.alert
    said = {
        "type": "alert.test" if delivery.test else "alert.raised",
        "timestamp": alert.raised.isoformat().replace("+00:00", "Z"),
        "data": alert.model_dump(mode="json"),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def signed(delivery: str, body: str, secrets: tuple[str, ...], now: datetime) -> dict[str, str]:
    """The headers, with a signature for each secret: whoever knows one of them can tell that it is from us."""
    moment = now.astimezone(UTC)
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Dateline/{VERSION}",
        "webhook-id": delivery,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Signing(secret).sign(delivery, moment, body) for secret in secrets),
    }


def judged(answer: httpx.Response, now: datetime) -> Outcome:
    """What an answer says: any 2xx that it is taken, 410 that nothing should come any more, all else not now."""
    status = answer.status_code
    if answer.is_success:
        return Taken(status)
    if status == GONE:
        return Hopeless("HTTP 410: the destination is disabled", status)
    where = " (a redirect, which is not followed)" if answer.is_redirect else ""
    return Failed(f"HTTP {status}{where}", status, retry_after(answer.headers.get("Retry-After"), now))


def retry_after(words: str | None, now: datetime) -> float:
    """Seconds that `Retry-After` asks for, a number or a date; 0 where it says neither."""
    if not words:
        return 0.0
    if words.strip().isdecimal() and len(words) < 12:
        return float(words)
    try:
        return max(0.0, (parsedate_to_datetime(words) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0
