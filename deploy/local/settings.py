"""Where the local stack keeps its things, and the ports it listens on."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class LocalSettings(BaseSettings):
    """Read once by whoever starts the local servers, from the environment (`DATELINE_…`); frozen after that."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", frozen=True, extra="ignore")

    cache: Path = Field(
        default=Path("~/.cache/dateline"),
        description="what is fetched or compiled once: jars, the launcher, the analyzers; safe to delete",
    )
    data: Path = Field(
        default=Path(".dateline"), description="the local servers' data and logs; `make clean` removes it"
    )
    kafka_port: int = Field(default=19092, ge=1, le=65535, description="the local Kafka broker's port, on loopback")
    kafka_controller_port: int = Field(
        default=19093, ge=1, le=65535, description="the local Kafka controller's port, on loopback"
    )
    elasticsearch_port: int = Field(
        default=19200, ge=1, le=65535, description="the local Elasticsearch's HTTP port, on loopback"
    )
    elasticsearch_transport_port: int = Field(
        default=19300, ge=1, le=65535, description="the local Elasticsearch's node-to-node port, on loopback"
    )
    metrics_base: int = Field(
        default=9100, ge=1, le=65000, description="the services serve /metrics on the ports after this one, on loopback"
    )
    samples_port: int = Field(default=8082, ge=1, le=65535, description="where the sample news is served, on loopback")

    @property
    def cache_folder(self) -> Path:
        """The cache with `~` written out, absolute: the servers run in folders of their own."""
        return self.cache.expanduser().absolute()

    @property
    def data_folder(self) -> Path:
        """The data folder with `~` written out, absolute: the servers run in folders of their own."""
        return self.data.expanduser().absolute()
