"""The values that a question is made of, each read in the forms in which people write it: names, codes, points."""

import re
import struct
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from schemas.annotations import OUTLET_AS_HOLDER, Act
from schemas.story import DevelopmentKind
from services.search.sides import Name, SideName

MOST_VALUES = 50
"""Values of one repeatable field: each is a clause of the query."""

HALF_THE_EQUATOR_KM = 20_037.5
"""No two points on Earth are further apart, so a larger radius asks nothing."""


def fold(name: str) -> str:
    """The form in which two spellings of a name are the same: no case, accents, hyphens or doubled spaces.

    Both the document's `entity_names` and a reader's question go through here, so that they meet.
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[-\u2010-\u2015]", " ", bare.casefold()).split())


def float32(number: float) -> float:
    """The number in 32 bits, as the index keeps it."""
    single: float = struct.unpack("f", struct.pack("f", number))[0]
    return single


def unsigned(number: float) -> float:
    """The number, or zero where 32 bits make it one: the index tells a negative zero apart, and no reader does."""
    return number if float32(number) else 0.0


class Asked(BaseModel):
    """A frozen part of a question; an unknown key is refused, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _to_the_centimetre(degrees: float) -> float:
    # The index keeps steps of about a centimetre; finer edges are rounded there in ways that differ by direction.
    # Adding zero makes a negative zero plain.
    return round(degrees, 7) + 0.0


Degrees = Annotated[float, AfterValidator(_to_the_centimetre)]
"""Degrees of latitude or longitude, no finer than the index keeps them."""


class Near(Asked):
    """Within so many kilometres of a point, along the Earth's surface."""

    lat: Degrees = Field(ge=-90, le=90)
    lon: Degrees = Field(ge=-180, le=180)
    km: float = Field(gt=0, le=HALF_THE_EQUATOR_KM)


class Box(Asked):
    """Between two latitudes and two longitudes, edges included; a west greater than its east crosses the date line."""

    north: Degrees = Field(ge=-90, le=90)
    south: Degrees = Field(ge=-90, le=90)
    east: Degrees = Field(ge=-180, le=180)
    west: Degrees = Field(ge=-180, le=180)

    @model_validator(mode="after")
    def _north_is_above_south(self) -> Self:
        if self.north < self.south:
            raise ValueError(f"north ({self.north}) must not be below south ({self.south})")
        return self


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _once_each(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


Acts = Annotated[
    tuple[Annotated[Act, BeforeValidator(lambda v: v.upper() if isinstance(v, str) else v)], ...],
    BeforeValidator(_several),
    AfterValidator(_once_each),
    Field(max_length=MOST_VALUES),
]
"""Kinds of acts, in PLOVER's terms."""


class StanceAsk(Asked):
    """One and the same stance: who, toward whom, how much for (+1) or against (-1), in whose words; bounds included."""

    holder: SideName | None = Field(
        default=None,
        description="id or name, `country:RU` for all who act for a country, `outlet` for the article's own tone",
    )
    target: SideName | None = Field(default=None, description="entity id or name, or `country:RU`")
    polarity_min: float = Field(default=-1.0, ge=-1, le=1)
    polarity_max: float = Field(default=1.0, ge=-1, le=1)
    act: Acts = Field(default=(), description="of one of these kinds")
    quoted: bool | None = Field(default=None, description="only in quotation marks, or only in the outlet's words")

    @field_validator("holder")
    @classmethod
    def _outlet_is_a_word(cls, holder: str | None) -> str | None:
        return OUTLET_AS_HOLDER if holder is not None and holder.casefold() == OUTLET_AS_HOLDER else holder

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.polarity_min > self.polarity_max:
            raise ValueError(f"polarity_min ({self.polarity_min}) must not be above polarity_max ({self.polarity_max})")
        return self


def moment_of(value: Any, *, end_of_day: bool) -> datetime:
    """A bare date is the day in UTC, from its first moment or to its last; a moment without a zone is in UTC."""
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            day = date.fromisoformat(value) + timedelta(days=1 if end_of_day else 0)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        # The index keeps milliseconds; a bound that is whole ones compares with any moment alike there and in memory.
        return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)
    except (ValueError, TypeError, OverflowError):
        raise ValueError("a date (2026-11-22) or a moment (2026-11-22T14:00:00Z) is expected") from None


Names = Annotated[
    tuple[Name, ...], BeforeValidator(_several), AfterValidator(_once_each), Field(max_length=MOST_VALUES)
]
_Upper = Annotated[str, BeforeValidator(lambda v: v.upper() if isinstance(v, str) else v)]
_Lower = Annotated[str, BeforeValidator(lambda v: v.lower() if isinstance(v, str) else v)]
Countries = Annotated[
    tuple[Annotated[_Upper, Field(pattern=r"^[A-Z]{2}$")], ...],
    BeforeValidator(_several),
    AfterValidator(_once_each),
    Field(max_length=MOST_VALUES),
]
Domains = Annotated[
    tuple[Annotated[_Lower, Field(min_length=1, max_length=253)], ...],
    BeforeValidator(_several),
    AfterValidator(_once_each),
    Field(max_length=MOST_VALUES),
]
Languages = Annotated[
    tuple[Annotated[_Lower, Field(pattern=r"^[a-z]{2,3}$")], ...],
    BeforeValidator(_several),
    AfterValidator(_once_each),
    Field(max_length=MOST_VALUES),
]
Stories = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=200)], ...],
    BeforeValidator(_several),
    AfterValidator(_once_each),
    Field(max_length=MOST_VALUES),
]
Kinds = Annotated[
    tuple[DevelopmentKind, ...], BeforeValidator(_several), AfterValidator(_once_each), Field(max_length=MOST_VALUES)
]
