"""A saved search as a reader asks for it, and as it is shown: what counts, when it is quiet, and where it tells."""

import re
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

from schemas.message import UtcDatetime
from schemas.saved_search import Counts, Destination, Digest, EarlierVersion, SavedSearch
from schemas.story import DevelopmentKind
from services.guard import is_allowed, is_public
from services.search.api.problems import Fault
from services.search.criteria import Criteria
from services.search.results import Shown
from services.search.zones import NotAZone, zone_of

MOST_DESTINATIONS = 10
A_YEAR = 366 * 24 * 3600

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]+\.[^\s@<>()\[\],;:\\\".]+")
_LOCAL = re.compile(r"(?:.*\.)?(?:localhost|local|internal|lan|home)\.?", re.IGNORECASE)


class AskedPart(BaseModel):
    """A part of a saved search; an unknown key is refused, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class WebhookAsked(AskedPart):
    """Told by POST, signed as Standard Webhooks has it."""

    url: str = Field(max_length=2_000, description="https; http where the installation allows the host")
    secret: str = Field(pattern=r"^[a-z0-9_-]{1,64}$", description="what the installation calls the signing secret")

    @field_validator("url")
    @classmethod
    def _is_a_url(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            port_is_one = parts.port is None or parts.port > 0
        except ValueError:
            parts, port_is_one = urlsplit(""), False
        plain = url.isascii() and not re.search(r"[\s\x00-\x1f\x7f]", url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_one or not plain:
            raise ValueError("a URL as in https://newsroom.example/hook is expected")
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise ValueError("a URL without a user, a password or a fragment is expected")
        return url


class EmailAsked(AskedPart):
    """Told by e-mail: each alert, or those of an hour or a day together."""

    address: str = Field(max_length=254)
    digest: Digest = "none"
    at: str = Field(default="07:00", description="when a daily digest is sent, as in 07:30")
    zone: str = Field(default="UTC", description="the time zone of `at`, as in Asia/Tokyo or +09:00")

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, address: str) -> str:
        if not address.isascii() or not _ADDRESS.fullmatch(address):
            raise ValueError("an address as in desk@newsroom.example is expected")
        return address

    @field_validator("at")
    @classmethod
    def _is_a_time_of_day(cls, at: str) -> str:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", at, re.ASCII):
            raise ValueError("a time of day as in 07:30 is expected")
        return at

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, zone: str) -> str:
        try:
            zone_of(zone)
        except NotAZone as error:
            raise ValueError(str(error)) from None
        return zone


class DestinationAsked(AskedPart):
    """Where to tell: a webhook or an e-mail address."""

    webhook: WebhookAsked | None = None
    email: EmailAsked | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.webhook is None) == (self.email is None):
            raise ValueError("exactly one of webhook and email is expected")
        return self

    def meant(self) -> Destination:
        """The destination as the saved search keeps it."""
        return Destination.model_validate(self.model_dump(exclude_none=True))


class SearchAsked(AskedPart):
    """What a reader wants to be told of, by the fields that `GET /articles` asks by, and what counts as news there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Pacts of North Korea", "criteria": {"q": "pact", "country": ["KP"]}},
                {
                    "name": "Tolls in Nepal",
                    "criteria": {"country": ["NP"]},
                    "kinds": ["new_figure"],
                    "min_outlets": 2,
                    "cooldown": 3600,
                    "deliver": [{"webhook": {"url": "https://newsroom.example/hook", "secret": "newsroom"}}],
                },
            ]
        },
    )

    name: str = Field(min_length=1, max_length=200)
    criteria: Criteria
    everything: bool = Field(default=False, description="criteria without a single field ask for everything: say so")
    on: Counts = Field(
        default="development",
        description="what counts: what is new in its story, the `first` of a story to answer, or `any` that does",
    )
    kinds: tuple[DevelopmentKind, ...] = Field(default=(), description="kinds of developments that count; none: all")
    min_novelty: float = Field(
        default=0.0, ge=0, le=1, description="the development's score, or else the article's novelty"
    )
    min_outlets: int = Field(
        default=1,
        ge=1,
        le=1000,
        description="outlets that must tell the development, or else the story, before it counts",
    )
    cooldown: int = Field(
        default=0,
        ge=0,
        le=A_YEAR,
        description="seconds after an alert in which its story raises no other; what comes then is not told later",
    )
    snoozed_until: AwareDatetime | None = Field(default=None, description="no alerts before; none are told later")
    expires: AwareDatetime | None = Field(default=None, description="no alerts from then on")
    deliver: tuple[DestinationAsked, ...] = Field(
        default=(), max_length=MOST_DESTINATIONS, description="where to tell, beside the streams and feeds"
    )

    @model_validator(mode="after")
    def _kinds_are_of_developments(self) -> Self:
        if self.kinds and self.on != "development":
            raise ValueError(f"kinds are of developments, and what counts here is {self.on}")
        return self

    @model_validator(mode="after")
    def _tells_each_place_once(self) -> Self:
        keys = [one.meant().key for one in self.deliver]
        if len(keys) != len(set(keys)):
            raise ValueError("deliver names the same place twice")
        return self

    def kept(self) -> dict[str, Any]:
        """Its fields as a saved search keeps them."""
        own = self.model_dump(exclude={"criteria", "deliver"})
        criteria = self.criteria.model_dump(mode="json", exclude_defaults=True)
        return {**own, "criteria": criteria, "deliver": tuple(one.meant() for one in self.deliver)}

    def asks_for_nothing(self, pointer: str) -> list[Fault]:
        """What is wrong with criteria without a field, unless everything is meant."""
        if self.everything or self.criteria.model_dump(exclude_defaults=True):
            return []
        said = "criteria: without a field they ask for everything; give one, or say everything: true"
        return [Fault(pointer=pointer, detail=said, suggestion="everything")]

    def faults(self, allowed: frozenset[str], is_secret: Any, *, has_mail: bool) -> list[Fault]:
        """What cannot be meant here; `is_secret` says whether there is a secret of that name."""
        faults = self.asks_for_nothing("#/criteria")
        for number, one in enumerate(self.deliver):
            at = f"#/deliver/{number}"
            if one.webhook is not None:
                if why := _unreachable(one.webhook.url, allowed):
                    faults.append(Fault(pointer=f"{at}/webhook/url", detail=f"deliver: {why}"))
                if not is_secret(one.webhook.secret):
                    said = f"deliver: there is no secret {one.webhook.secret} in DATELINE_WEBHOOK_SECRETS"
                    faults.append(Fault(pointer=f"{at}/webhook/secret", detail=said))
            elif not has_mail:
                said = "deliver: this installation sends no e-mail (DATELINE_SMTP_HOST)"
                faults.append(Fault(pointer=f"{at}/email", detail=said))
        return faults


class SearchShown(SearchAsked, Shown):
    """A saved search."""

    id: str
    version: int = Field(description="grows with each change; an alert says which one raised it")
    created: UtcDatetime
    changed: UtcDatetime | None = Field(default=None, description="when this version was saved; none for the first")
    warnings: tuple[str, ...] = Field(
        default=(), description="told when it is saved: that it asks for very much, with the share that answers"
    )

    @classmethod
    def of(cls, search: SavedSearch, warnings: tuple[str, ...] = ()) -> "SearchShown":
        """The saved search as it is shown."""
        own = {"id": search.id, "version": search.version, "created": search.created, "changed": search.changed}
        own |= {"warnings": warnings}
        return cls.model_validate({**asked_of(search), **own})


class VersionShown(Shown):
    """A saved search as it was in one version: what was asked for, as `PUT` takes it."""

    version: int
    asked: dict[str, JsonValue]
    replaced: UtcDatetime | None = Field(default=None, description="none: it is the version now")

    @classmethod
    def of(cls, earlier: EarlierVersion) -> "VersionShown":
        """An earlier version as it is shown."""
        return cls(version=earlier.version, asked=earlier.asked, replaced=earlier.replaced)


def asked_of(search: SavedSearch) -> dict[str, Any]:
    """What was asked for, as `PUT` takes it; what this version of Dateline does not know is left out."""
    told = search.model_dump(mode="json", exclude_defaults=True, include=set(SearchAsked.model_fields))
    if search.deliver:
        destinations = [
            {name: _known(value, kind) for name, kind in _KINDS.items() if (value := one.get(name))}
            for one in told["deliver"]
        ]
        told["deliver"] = [one for one in destinations if one]
    return told


_KINDS: dict[str, type[AskedPart]] = {"webhook": WebhookAsked, "email": EmailAsked}


def _known(value: dict[str, Any], kind: type[AskedPart]) -> dict[str, Any]:
    return {name: field for name, field in value.items() if name in kind.model_fields}


def _unreachable(url: str, allowed: frozenset[str]) -> str | None:
    """Why nothing may be posted there, as far as the URL itself says; names are looked up at each attempt."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_allowed(host, parts.port or (443 if parts.scheme == "https" else 80), allowed):
        return None
    if parts.scheme != "https":
        return "https is expected"
    is_address = ":" in host or host.replace(".", "").isdecimal()
    if _LOCAL.fullmatch(host) or (is_address and not is_public(host)):
        return f"{host} is not a public address"
    return None
