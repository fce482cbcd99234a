"""What may be asked of the news: one value for both looking back (`query`) and looking forward (`match`)."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from schemas.annotations import OUTLET_AS_HOLDER, Act
from schemas.story import DevelopmentKind
from services.search.sides import Name, SideName

LONGEST_WORDS = 1_000
"""Characters of `q`: a long paragraph; more is a document, and each of its words a clause."""

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


class Words(Asked):
    """What `q` says: words that must all stand in title or text together, and phrases each whole in one of them."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


_OPENS = {'"': '"', "“": "”", "„": "“”"}
_OPERATOR = re.compile(r"AND|OR|NOT|&&|\|\||[-+!]\w.*|.*\*.*|\w+~\d*")
_FIELD = re.compile(r"(q|title|body|entity|person|org|place|country|near|box|stance|outlet|lang|language|story):\S+")


def words_of(q: str) -> Words:
    """The words and quoted phrases of `q`; raises `ValueError` for what would otherwise be silently ignored."""
    words: list[str] = []
    phrases: list[str] = []
    rest = q
    while rest:
        at = min((place for quote in _OPENS if (place := rest.find(quote)) >= 0), default=-1)
        plain = rest if at < 0 else rest[:at]
        words += [_plain_word(word) for word in plain.split()]
        if at < 0:
            break
        closes = _OPENS[rest[at]]
        end = next((n for n, c in enumerate(rest[at + 1 :], at + 1) if c in closes), -1)
        if end < 0:
            raise ValueError(f"a quotation mark is opened at character {len(q) - len(rest) + at + 1} and never closed")
        if not (phrase := " ".join(rest[at + 1 : end].split())):
            raise ValueError("there is nothing between two quotation marks")
        phrases.append(phrase)
        rest = rest[end + 1 :]
    return Words(words=tuple(words), phrases=tuple(phrases))


def _plain_word(word: str) -> str:
    if _OPERATOR.fullmatch(word):
        raise ValueError(
            f"{word!r} would be an operator: words must all be there, and phrases stand in quotation marks"
        )
    if found := _FIELD.fullmatch(word):
        raise ValueError(
            f"{word!r} asks of a field: {found[1]!r} does not stand in q, fields are parameters of their own"
        )
    return word


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


def _says_something(q: str) -> bool:
    # U+FFFD stands where bytes were no text.
    return any(c.isalnum() or (unicodedata.category(c) == "So" and c != "\ufffd") for c in q)


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


class Criteria(Asked):
    """A question: an article answers it when it meets every field that is given; none given asks for everything.

    Of `entity`, all must be named in the article; of `country`, `outlet`, `outlet_country`, `language`, `development`
    and `story`, any one is enough. A story's articles also answer to the ids of those that had become part of it when
    they came. `near` and `box` ask for a place of the article inside. Numbers compare as 32-bit floats, as the index
    keeps them. `published_from` is included and `published_to` is not; a bare date there means the end of that day.
    Words of `q` that the analyzer drops (the, of, to …) ask nothing.
    """

    q: str | None = Field(default=None, max_length=LONGEST_WORDS)
    entity: Names = ()
    country: Countries = ()
    near: Near | None = None
    box: Box | None = None
    stance: StanceAsk | None = None
    outlet: Domains = ()
    outlet_country: Countries = ()
    language: Languages = ()
    published_from: AwareDatetime | None = None
    published_to: AwareDatetime | None = None
    novelty_min: float | None = Field(default=None, ge=0, le=1)
    development: Kinds = ()
    story: Stories = ()

    @field_validator("q")
    @classmethod
    def _q_can_be_read(cls, q: str | None) -> str | None:
        if q is None:
            return None
        if not _says_something(q := " ".join(q.split())):
            raise ValueError("at least one word is expected")
        words_of(q)
        return q

    @field_validator("published_from", mode="before")
    @classmethod
    def _day_begins(cls, value: Any) -> Any:
        return None if value is None else moment_of(value, end_of_day=False)

    @field_validator("published_to", mode="before")
    @classmethod
    def _day_ends(cls, value: Any) -> Any:
        return None if value is None else moment_of(value, end_of_day=True)

    @model_validator(mode="after")
    def _time_runs_forward(self) -> Self:
        if self.published_from and self.published_to and self.published_from >= self.published_to:
            raise ValueError("published_from must be before published_to")
        return self

    @property
    def words(self) -> Words:
        """What `q` says; nothing where it was not given."""
        return words_of(self.q) if self.q else Words()
