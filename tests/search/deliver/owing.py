"""Invented deliveries for the tests."""

from typing import Any

from schemas.alert import Alert, alert_id
from schemas.delivery import Delivery, delivery_id
from schemas.saved_search import Destination, Email, SavedSearch, Webhook
from tests.search.reports import NOON

HOOK = Destination(webhook=Webhook(url="https://newsroom.example/hook", secret="newsroom"))
DESK = Destination(email=Email(address="desk@newsroom.example"))


def alert(number: int = 1, **changes: Any) -> Alert:
    """An alert of the search `water`; each change names a field."""
    fields: dict[str, Any] = {
        "id": alert_id("water", 1, "pact", str(number)),
        "search": "water",
        "search_name": "Water",
        "search_version": 1,
        "article": f"{number:032x}",
        "url": f"https://paper.example/{number}",
        "title": f"Report {number}",
        "outlet": "Paper",
        "published": NOON,
        "story": "pact",
        "reason": f"Reason {number}.",
        "raised": NOON,
    }
    return Alert(**{**fields, **changes})


def search(*deliver: Destination, **changes: Any) -> SavedSearch:
    """The search `water` that tells these destinations."""
    return SavedSearch(id="water", name="Water", criteria={"q": "water"}, created=NOON, deliver=deliver, **changes)


def delivery(number: int = 1, to: Destination = HOOK, **changes: Any) -> Delivery:
    """The delivery of an alert; each change names a field."""
    one = changes.pop("alert", alert(number))
    fields = {"alert": one, "destination": to, "due": NOON, "created": NOON, "updated": NOON}
    return Delivery(id=delivery_id(one.id, to.key), **{**fields, **changes})
