"""What may be asked of the news: one value for both looking back (`query`) and looking forward (`match`)."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Self

from pydantic import AwareDatetime, Field, field_validator, model_validator

from services.search import asked, english
from services.search.asked import All, Ask, Named, Novelty, OneOf, OneOfField, Text, When
from services.search.language.read import read, with_points
from services.search.language.scan import NotUnderstood
from services.search.moments import is_from_now
from services.search.trees import affordable, leaves, payable, settled, texts, with_stories
from services.search.values import (
    Asked,
    Box,
    Countries,
    Domains,
    Kinds,
    Languages,
    Names,
    Near,
    StanceAsk,
    Stories,
    moment_of,
)


class Criteria(Asked):
    """A question: an article answers it when it meets every field that is given; none given asks for everything.

    Of `entity`, all must be named in the article; of `country`, `outlet`, `outlet_country`, `language`, `development`
    and `story`, any one is enough. A story's articles also answer to the ids of those that had become part of it when
    they came. `near` and `box` ask for a place of the article inside. Numbers compare as 32-bit floats, as the index
    keeps them. `published_from` is included and `published_to` is not; a bare date there means the end of that day.
    `q` is a question in the query language, and `query` one as a tree; both must be met beside the fields. A place in
    `q` is kept with the point that was found for it. Words that the analyzer drops (the, of, to …) ask nothing.
    """

    q: str | None = Field(default=None, description="a question in the query language")
    query: Ask | None = Field(default=None, description="the same as a tree, for programs")
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
        if not english.tokens(q):
            raise NotUnderstood("at least one word is expected", 0)
        return with_points(q)

    @field_validator("query")
    @classmethod
    def _query_is_affordable(cls, query: Ask | None) -> Ask | None:
        return None if query is None else affordable(query)

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

    @model_validator(mode="after")
    def _both_can_be_paid(self) -> Self:
        payable(*self.asks)
        return self

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What `q` and `query` ask, without what asks nothing; each must be met."""
        given = (None if self.q is None else _read_and_settled(self.q), self.query and settled(self.query))
        return tuple(ask for ask in given if ask is not None)

    @property
    def every_ask(self) -> tuple[Ask, ...]:
        """All that must be met, each field as a part of the tree; a moment without a name is to the millisecond."""
        one_of: dict[OneOfField, tuple[str, ...]] = {
            "outlet": self.outlet,
            "source_country": self.outlet_country,
            "lang": self.language,
            "story": self.story,
            "kind": self.development,
            "country": self.country,
        }
        # Made without being read again: stories may have more ids than a reader may ask for.
        fields: list[Ask] = [
            OneOf.model_construct(ask="one_of", field=field, values=values)
            for field, values in one_of.items()
            if values
        ]
        if self.novelty_min is not None:
            fields.append(Novelty(low=self.novelty_min))
        if self.published_from is not None or self.published_to is not None:
            low, high = (
                None if moment is None else moment.isoformat(timespec="milliseconds")
                for moment in (self.published_from, self.published_to)
            )
            fields.append(When(low=low, high=high, high_included=False))
        fields += [Named(who=name) for name in self.entity]
        if self.stance is not None:
            fields.append(asked.Stance(**self.stance.model_dump()))
        if self.near is not None:
            fields.append(asked.Near(**self.near.model_dump()))
        if self.box is not None:
            fields.append(asked.Box(**self.box.model_dump()))
        return (*fields, *self.asks)

    @property
    def reckons_from_now(self) -> bool:
        """Does it ask for a time that is another one tomorrow?"""
        times = (leaf for ask in self.asks for leaf in leaves(ask) if isinstance(leaf, When))
        return any(bound is not None and is_from_now(bound) for leaf in times for bound in (leaf.low, leaf.high))

    @property
    def texts(self) -> tuple[Text, ...]:
        """The words, phrases and prefixes that an article is found by."""
        return tuple(text for ask in self.asks for text in texts(ask))

    @property
    def stories(self) -> tuple[str, ...]:
        """The stories that it asks for anywhere."""
        inside = (leaf for ask in self.asks for leaf in leaves(ask) if isinstance(leaf, OneOf))
        named = (story for leaf in inside if leaf.field == "story" for story in leaf.values)
        return tuple(dict.fromkeys((*self.story, *named)))

    def with_stories(self, ids: Mapping[str, Sequence[str]]) -> Self:
        """The same with every id under which the stories' articles may stand."""
        if not ids:
            return self
        story = tuple(dict.fromkeys(each for story in self.story for each in ids.get(story, (story,))))
        asks = tuple(with_stories(ask, ids) for ask in self.asks)
        query = asks[0] if len(asks) == 1 else All(of=asks) if asks else None
        return self.model_copy(update={"story": story, "q": None, "query": query})


# As few as the language remembers, and for the same reason.
@lru_cache(maxsize=200)
def _read_and_settled(q: str) -> Ask | None:
    return settled(read(q))
