"""What every service is told from outside; each adds its own in a subclass."""

from typing import Literal, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class WrongSetting(ValueError):
    """A setting has a value that cannot be used; the message names it and says what is expected."""


class Settings(BaseSettings):
    """Read once, in a service's `__main__`, from the environment (`DATELINE_…`); frozen after that."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", frozen=True, extra="ignore")

    kafka: str = Field(default="127.0.0.1:19092", description="Kafka's bootstrap servers, comma-separated")
    elasticsearch: str = Field(default="http://127.0.0.1:19200", description="Elasticsearch's address")
    namespace: str = Field(
        default="",
        pattern=r"^[a-z0-9.-]{0,40}$",
        description="put before every topic, index and consumer group, so that installations can share servers",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    log_json: bool = Field(default=True, description="one JSON object a line; false for people")
    metrics_port: int = Field(default=0, ge=0, le=65535, description="where /metrics is served; 0 for nowhere")
    metrics_host: str = Field(default="127.0.0.1", description="the address that /metrics is served on")


Read = TypeVar("Read", bound=BaseSettings)


def read_settings(kind: type[Read]) -> Read:
    """What the environment says; raises `WrongSetting`, which names each setting that is wrong."""
    try:
        return kind()
    except ValidationError as error:
        wrong = (f"DATELINE_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise WrongSetting("a setting cannot be used: " + "; ".join(wrong)) from None
