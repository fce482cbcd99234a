"""What was sent of a saved search's alerts, where to, and what came of it."""

from datetime import datetime

from dateline_client.growing import Growing


class DeliveryShown(Growing):
    """A delivery as it stands."""

    id: str
    """also the webhook's id, the same at every attempt"""
    alert: str
    title: str
    kind: str
    """webhook or email"""
    to: str
    """the URL or the address"""
    state: str
    attempts: int
    """since it was first owed, or last replayed"""
    due: datetime | None = None
    """when it is tried next; none: never"""
    status: int | None = None
    """what the receiver answered last, in HTTP's or SMTP's terms"""
    error: str
    created: datetime
    updated: datetime
    replays: int
    test: bool


class DeliveriesShown(Growing):
    deliveries: tuple[DeliveryShown, ...]
    """the last changed first"""
