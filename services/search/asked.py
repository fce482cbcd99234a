"""What is asked, as a tree: the query language is read into it, and programs may write it as JSON by themselves."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from services.search import english, values
from services.search.moments import Bound, is_from_now, meant
from services.search.sides import Name
from services.search.values import Asked

MOST_PARTS = 500
"""Parts of one list; `trees.affordable` counts what is in them."""

SHORTEST_PREFIX = 3
"""Characters before `*`: two letters begin so many words that they say nothing, and cost much."""

LONGEST_PHRASE = 4_000

TextField = Literal["both", "title", "body"]
OneOfField = Literal["country", "outlet", "lang", "source_country", "story", "kind"]
NameKind = Literal["entity", "person", "org", "place"]
TimeField = Literal["published", "seen"]


class Node(Asked):
    """A part of what is asked; `ask` says which, and is always written."""

    ask: str

    @model_serializer(mode="wrap")
    def _with_its_kind(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # `exclude_defaults` would leave out the very word by which it is read again.
        return {"ask": self.ask, **handler(self)}


class All(Node):
    """Every part must be met."""

    ask: Literal["all"] = "all"
    of: tuple["Ask", ...] = Field(min_length=1, max_length=MOST_PARTS)


class AnyOf(Node):
    """At least one part must be met."""

    ask: Literal["any"] = "any"
    of: tuple["Ask", ...] = Field(min_length=1, max_length=MOST_PARTS)


class Not(Node):
    """The part must not be met."""

    ask: Literal["not"] = "not"
    of: "Ask"


def _is_plain(text: str) -> str:
    if any("\ufdd0" <= c <= "\ufdef" for c in text):
        raise ValueError("a character that is none (U+FDD0 to U+FDEF) stands in it")
    return text


def _is_one_word(text: str) -> str:
    if len(text.split()) != 1 or text != text.strip():
        raise ValueError("one word is expected; several are a phrase, or parts of their own")
    return text


def _in_one_line(text: str) -> str:
    if not (text := " ".join(text.split())):
        raise ValueError("at least one word is expected")
    return text


def _begins_one_term(text: str) -> str:
    if len(text) < SHORTEST_PREFIX:
        raise ValueError(f"at least {SHORTEST_PREFIX} characters are expected before *")
    if english.tokens(text) != [text]:
        raise ValueError("letters and digits of one word are expected before *")
    return text


class Word(Node):
    """A word in title or text, in any inflection; one that the analyzer drops (the, of, to …) asks nothing."""

    ask: Literal["word"] = "word"
    text: Annotated[str, Field(max_length=1_000), AfterValidator(_is_plain), AfterValidator(_is_one_word)]
    field: TextField = "both"


class Phrase(Node):
    """Words that stand together, whole in the title or whole in the text."""

    ask: Literal["phrase"] = "phrase"
    text: Annotated[str, Field(max_length=LONGEST_PHRASE), AfterValidator(_is_plain), AfterValidator(_in_one_line)]
    field: TextField = "both"


class Prefix(Node):
    """A term that begins so, or the word itself. Terms are stems: `polic*` finds policy, police and policies."""

    ask: Literal["prefix"] = "prefix"
    text: Annotated[str, Field(max_length=100), AfterValidator(_begins_one_term)]
    field: TextField = "both"


class Named(Node):
    """Somebody or something named in the article, by id or by name: of any kind, or a person, organization or place."""

    ask: Literal["named"] = "named"
    kind: NameKind = "entity"
    who: Name


_VALUES: Mapping[str, TypeAdapter[tuple[str, ...]]] = {
    "country": TypeAdapter(values.Countries),
    "outlet": TypeAdapter(values.Domains),
    "lang": TypeAdapter(values.Languages),
    "source_country": TypeAdapter(values.Countries),
    "story": TypeAdapter(values.Stories),
    "kind": TypeAdapter(values.Kinds),
}


class OneOf(Node):
    """One of these values: the country of a place, the outlet, its country, the language, the story or one that became
    part of it, the kind of a development.
    """

    ask: Literal["one_of"] = "one_of"
    field: OneOfField
    values: tuple[str, ...] = Field(min_length=1, max_length=values.MOST_VALUES)

    @field_validator("values")
    @classmethod
    def _are_of_the_field(cls, given: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        adapter = _VALUES.get(info.data.get("field", ""))
        return given if adapter is None else adapter.validate_python(given)


def _open_ends_are_in_it(given: Any) -> Any:
    """Where there is no bound, it is nothing to say that it is left out: one question, one tree."""
    if not isinstance(given, Mapping):
        return given
    ends = {f"{bound}_included" for bound in ("low", "high") if given.get(bound) is None}
    return {name: value for name, value in given.items() if name not in ends}


class When(Node):
    """Published, or first seen, in this time; a day as a bound counts whole, and a bound may be reckoned from now."""

    ask: Literal["when"] = "when"
    field: TimeField = "published"
    low: Bound | None = None
    high: Bound | None = None
    low_included: bool = True
    high_included: bool = True

    _open_ends = model_validator(mode="before")(_open_ends_are_in_it)

    @model_validator(mode="after")
    def _time_runs_forward(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("at least one bound is expected")
        if self.low and self.high and not (is_from_now(self.low) or is_from_now(self.high)):
            start, end = self.at(datetime(2000, 1, 1, tzinfo=UTC))
            if start and end and start >= end:
                raise ValueError(f"no moment lies between {self.low} and {self.high}")
        return self

    def at(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """From which moment on, and before which."""
        start = None if self.low is None else meant(self.low, now)[0 if self.low_included else 1]
        end = None if self.high is None else meant(self.high, now)[1 if self.high_included else 0]
        return start, end


_New = Annotated[float, Field(ge=0, le=1)]


class Novelty(Node):
    """So new in its story: 0 to 1."""

    ask: Literal["novelty"] = "novelty"
    low: _New | None = None
    high: _New | None = None
    low_included: bool = True
    high_included: bool = True

    _open_ends = model_validator(mode="before")(_open_ends_are_in_it)

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("at least one bound is expected")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"{self.low} must not be above {self.high}")
        return self


class Near(Node, values.Near):
    """A place of the article within so many kilometres of a point; `name` is what the point was found by."""

    ask: Literal["near"] = "near"
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class Box(Node, values.Box):
    """A place of the article between two latitudes and two longitudes."""

    ask: Literal["box"] = "box"


class Stance(Node, values.StanceAsk):
    """One and the same stance of the article."""

    ask: Literal["stance"] = "stance"


Text = Word | Phrase | Prefix
Ask = Annotated[
    All | AnyOf | Not | Word | Phrase | Prefix | Named | OneOf | When | Novelty | Near | Box | Stance,
    Field(discriminator="ask"),
]
"""A whole question, or a part of one."""

for node in (All, AnyOf, Not):
    node.model_rebuild()

NODE_KINDS = frozenset(
    ("all", "any", "not", "word", "phrase", "prefix", "named", "one_of", "when", "novelty", "near", "box", "stance")
)
"""What `ask` may say."""
