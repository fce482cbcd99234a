"""What search is told from outside: the indexer, the alerter, the deliverer and the API alike."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from services.settings import Settings


class SearchSettings(Settings):
    """Read once, in `__main__`; frozen after that."""

    shards: int = Field(default=1, ge=1, le=64, description="primary shards of an index that is made anew")
    replicas: int = Field(default=0, ge=0, le=5, description="copies of each shard; 0 suits one machine only")
    search_batch: int = Field(default=500, ge=1, le=5000, description="articles taken from Kafka at once")
    bulk_bytes: int = Field(
        default=5_000_000, ge=100_000, le=50_000_000, description="bytes of articles sent to Elasticsearch at once"
    )
    elasticsearch_timeout: float = Field(
        default=30.0, gt=0, le=120, description="seconds to wait for one answer of Elasticsearch"
    )
    search_most_buried: int = Field(
        default=50, ge=1, description="dead letters without one success between, after which a consumer stops"
    )
    search_longest_pause: float = Field(
        default=10.0, gt=0, le=120, description="seconds at most between two tries while a server is away"
    )
    # Of so many deliveries it is remembered too that they are done: a topic is read back later than it was written.
    told_alerts: int = Field(
        default=100_000,
        ge=1_000,
        description="alerts remembered, so that a restart or a replay raises none of them again",
    )
    api_host: str = Field(default="127.0.0.1", description="where the API listens")
    api_port: int = Field(default=8080, ge=1, le=65535, description="where the API listens")
    api_requests_a_minute: int = Field(
        default=6000,
        ge=0,
        le=10_000_000,
        description="requests a minute that a key, or an address without one, may make; 0: any",
    )
    api_keyless: bool = Field(
        default=True,
        description="ask no key of this machine where the API is on loopback; false behind a proxy on this machine",
    )
    api_origins: str = Field(
        default="",
        description="web sites whose pages may use the API (https://a.example, comma-separated): CORS",
    )
    cursor_key: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="signs the cursors of the API, one for all its processes; made anew at each start where not given",
    )
    cursor_minutes: int = Field(
        default=5, ge=1, le=60, description="minutes a cursor lasts without being used; the index keeps what it needs"
    )
    kept_alerts: int = Field(
        default=10_000, ge=1, le=1_000_000, description="alerts the API keeps for streams that resume; older are a gap"
    )
    heartbeat: float = Field(
        default=15.0, gt=0, le=120, description="seconds of silence after which an alert stream sends a comment"
    )
    delivery_schedule: str = Field(
        default="0,5,300,1800,7200,18000,36000,50400,72000,86400",
        pattern=r"^\d{1,7}(\.\d+)?(,\d{1,7}(\.\d+)?){0,49}$",
        description="seconds before each attempt to deliver, comma-separated; after the last one it is dead",
    )
    deliveries_at_once: int = Field(default=32, ge=1, le=1000, description="deliveries on their way at the same time")
    deliveries_owed: int = Field(
        default=10_000, ge=1, description="deliveries that one destination may be owed; more are dead at once"
    )
    kept_deliveries: int = Field(
        default=10_000, ge=1, le=1_000_000, description="deliveries the API keeps for the log of each search"
    )
    webhook_secrets: Path | None = Field(
        default=None, description="TOML of webhook secrets by name; read anew whenever it changes"
    )
    webhook_allow_hosts: str = Field(
        default="",
        description="hosts (host or host:port, comma-separated) whose webhooks may be private, and need no https",
    )
    webhook_seconds: float = Field(default=15.0, gt=0, le=120, description="a webhook that takes longer has failed")
    smtp_host: str = Field(default="", description="the server that sends e-mail; none: no e-mail is sent")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="its port")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="starttls, tls from the start, or none (a server on this machine)"
    )
    smtp_user: str = Field(default="", description="who signs in there; nobody where it is empty")
    smtp_password: SecretStr | None = Field(default=None, description="with which password")
    smtp_from: str = Field(default="", description="whom e-mail is from, as in Dateline <alerts@newsroom.example>")
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s?#]+[^\s?#/])?$",
        description="where readers reach the API: e-mail links there",
    )
    link_key: SecretStr | None = Field(
        default=None, min_length=16, description="signs the links in e-mail, one for API and deliverer"
    )

    @property
    def origins(self) -> tuple[str, ...]:
        """The web sites of CORS one by one, as browsers write them."""
        return tuple(part.strip().rstrip("/").lower() for part in self.api_origins.split(",") if part.strip())

    @property
    def has_mail(self) -> bool:
        """Whether e-mail can be sent: with a server, a sender, and links by which it can be ended."""
        return bool(self.smtp_host and self.smtp_from and self.public_url and self.link_key)

    @property
    def delivery_pauses(self) -> tuple[float, ...]:
        """The schedule as numbers."""
        return tuple(map(float, self.delivery_schedule.split(",")))

    @property
    def webhooks_allowed(self) -> frozenset[str]:
        """The webhooks' allow-list as a set."""
        return frozenset(part.strip().lower() for part in self.webhook_allow_hosts.split(",") if part.strip())
