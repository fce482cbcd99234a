"""What a reader asked to be told of, what counts as news there, and where the reader is told."""

import hashlib
from typing import Literal

from pydantic import Field, JsonValue

from schemas.message import Fact, Message, Share, UtcDatetime
from schemas.story import DevelopmentKind

Counts = Literal["development", "first", "any"]
"""What of an article that answers a search raises an alert: what is new in its story, that it is the story's first to
answer, or that it answers at all."""

Digest = Literal["none", "hourly", "daily"]


class Webhook(Fact):
    """Told by POST, as Standard Webhooks has it; `secret` names what it is signed with, and is never the secret."""

    url: str = Field(min_length=1, max_length=2_000)
    secret: str = Field(pattern=r"^[a-z0-9_-]{1,64}$", description="a name in the file of webhook secrets")


class Email(Fact):
    """Told by e-mail, one for each alert or what came in an hour or a day together."""

    address: str = Field(min_length=3, max_length=254)
    digest: Digest = "none"
    at: str = Field(
        default="07:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="when a daily digest is sent, in `zone`"
    )
    zone: str = Field(default="UTC", max_length=64, description="a time zone, as in Asia/Tokyo or +09:00")


class Destination(Fact):
    """Where a reader is told: exactly one of these is given, and a kind that is not known here is told nothing."""

    webhook: Webhook | None = None
    email: Email | None = None

    @property
    def key(self) -> str:
        """The same for the same place, whatever else about it is changed."""
        if self.webhook is not None:
            return _short("webhook", self.webhook.url)
        return _short("email", self.email.address.casefold()) if self.email is not None else ""

    @property
    def kind(self) -> str:
        """What it is, in a word."""
        return "webhook" if self.webhook is not None else "email" if self.email is not None else "unknown"

    @property
    def place(self) -> str:
        """Its URL or address."""
        return self.webhook.url if self.webhook is not None else self.email.address if self.email is not None else ""


class EarlierVersion(Fact):
    """A saved search as it was before a change; `asked` is what was saved, as the API took it."""

    version: int = Field(ge=1)
    asked: dict[str, JsonValue]
    replaced: UtcDatetime


class SavedSearch(Message):
    """A search that runs forwards: `criteria` is what `GET /articles` takes, and search alone reads it.

    The version grows with each change, so that an alert says which wording raised it; `earlier` keeps the last ones.
    `deleted` is written before the tombstone, for readers that keep state.
    """

    id: str = Field(pattern=r"^[0-9a-z-]{1,64}$")
    version: int = Field(default=1, ge=1)
    name: str = Field(min_length=1, max_length=200)
    criteria: dict[str, JsonValue]
    created: UtcDatetime
    deleted: bool = False
    everything: bool = Field(default=False, description="criteria that ask for everything are meant so")
    on: Counts = "development"
    kinds: tuple[DevelopmentKind, ...] = Field(default=(), description="of developments; none named: all count")
    min_novelty: Share = Field(default=0.0, description="the development's score, or else the article's novelty")
    min_outlets: int = Field(
        default=1, ge=1, description="outlets that tell it: the development, or else the story, before it counts"
    )
    cooldown: int = Field(default=0, ge=0, description="seconds after an alert in which its story raises no other here")
    snoozed_until: UtcDatetime | None = None
    expires: UtcDatetime | None = None
    deliver: tuple[Destination, ...] = ()
    earlier: tuple[EarlierVersion, ...] = Field(default=(), description="oldest first")
    changed: UtcDatetime | None = Field(default=None, description="when this version was saved; none for the first")


def _short(kind: str, place: str) -> str:
    return hashlib.sha256(f"{kind}\x1f{place}".encode()).hexdigest()[:16]
