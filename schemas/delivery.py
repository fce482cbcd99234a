"""That an alert is owed to somebody, written down before it is sent, and what came of sending it."""

import hashlib
from typing import Literal

from pydantic import Field

from schemas.alert import Alert
from schemas.message import Message, UtcDatetime
from schemas.saved_search import Destination

State = Literal["pending", "failed", "sent", "dead"]


class Delivery(Message):
    """One alert to one destination: `pending` until it is first tried, `failed` until it is tried again at `due`,
    `sent` once it was taken there, `dead` when nobody will try again unless asked to.

    The id is derived (see `delivery_id`), and is the webhook's id. `revision` grows with every change, so that of two
    words on one delivery the later is known.
    """

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    revision: int = Field(default=1, ge=1)
    alert: Alert
    destination: Destination
    state: State = "pending"
    attempts: int = Field(default=0, ge=0, description="since it was first owed, or last replayed")
    due: UtcDatetime = Field(description="not to be sent before")
    status: int | None = Field(default=None, description="what the receiver answered last, in HTTP's or SMTP's terms")
    error: str = Field(default="", description="why the last attempt failed")
    created: UtcDatetime
    updated: UtcDatetime
    replays: int = Field(default=0, ge=0)
    test: bool = Field(default=False, description="sent to try the destination; nothing has happened")

    @property
    def is_open(self) -> bool:
        """Whether it is still to be sent."""
        return self.state in ("pending", "failed")


def delivery_id(alert: str, destination: str) -> str:
    """The same alert at the same destination is the same delivery, whichever crash or repeat brought it."""
    return hashlib.sha256("\x1f".join((alert, destination)).encode()).hexdigest()[:32]
