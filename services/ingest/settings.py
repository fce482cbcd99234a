"""What ingest is told from outside."""

from pathlib import Path

from pydantic import Field

from services.settings import Settings


class IngestSettings(Settings):
    """Read once, in ingest's `__main__` or by the command that replays files; frozen after that."""

    data: Path = Field(default=Path(".dateline"), description="where ingest remembers what it has published")
    feeds: Path | None = Field(
        default=None, description="the list of feeds to follow: .toml, .json, or plain text with one URL a line"
    )
    feed: str = Field(default="", description="further feeds to follow: URLs, comma-separated")
    contact: str = Field(
        default="", description="an address or page that publishers can turn to; part of the User-Agent"
    )
    allow_hosts: str = Field(
        default="",
        description="hosts (host or host:port, comma-separated) that may have private addresses and need no pacing",
    )
    feed_seconds_min: float = Field(default=60, gt=0, description="a feed is asked no more often than this")
    feed_seconds_max: float = Field(default=1800, gt=0, description="a feed is asked at least this often")
    host_pause: float = Field(default=1.0, ge=0, description="seconds between two requests to one host")
    fetch_seconds: float = Field(default=30, gt=0, description="a request that takes longer is cut off")
    feed_bytes: int = Field(default=10_000_000, gt=0, description="a longer feed is cut off and refused")
    page_bytes: int = Field(default=5_000_000, gt=0, description="a longer page is cut off and refused")
    visits_at_once: int = Field(default=16, gt=0, description="feeds visited at the same time")
    robots: bool = Field(default=True, description="obey robots.txt")
    push_host: str = Field(default="127.0.0.1", description="where POST /articles listens")
    push_port: int = Field(default=8081, ge=0, le=65535, description="its port; 0 for no push")
    push_bytes: int = Field(default=32_000_000, gt=0, description="a longer push is refused with 413")
    metrics_port: int = Field(
        default=9101, ge=0, le=65535, description="where /metrics is served on loopback; 0 for nowhere"
    )

    @property
    def memory(self) -> Path:
        """The file in which ingest remembers; one for each namespace, since each has topics of its own."""
        return self.data.expanduser() / "ingest" / f"seen{self.namespace and '-' + self.namespace}.sqlite"

    @property
    def allowed(self) -> frozenset[str]:
        """The allow-list as a set."""
        return frozenset(part.strip().lower() for part in self.allow_hosts.split(",") if part.strip())
