"""What every message on the river has in common: frozen, growing only, and pointing at the words it speaks of."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator


class Fact(BaseModel):
    """A frozen value that keeps the fields it does not know.

    Unknown fields survive a round trip, so that an old service can pass on what a newer one wrote.
    """

    model_config = ConfigDict(frozen=True, extra="allow", ser_json_inf_nan="strings", allow_inf_nan=False)


class Message(Fact):
    """A fact that travels alone on a topic of its own."""


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


UtcDatetime = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment with a zone, kept in UTC."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]
"""A number from 0 to 1: a probability, a confidence, a salience."""

CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""ISO 3166-1 alpha-2, upper case."""


class Span(Fact):
    """Where words stand in an article's text: `text[start:end]`, in Python characters, end exclusive."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a span ends after it starts, not {self.start}:{self.end}")
        return self

    def of(self, text: str) -> str:
        """The words themselves."""
        return text[self.start : self.end]
