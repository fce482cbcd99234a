"""What an article says: who and what it names, where that is, and who is for or against whom."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from schemas.article import Article
from schemas.message import CountryCode, Fact, Message, Share, Span

EntityKind = Literal["person", "organization", "location", "other"]
FeatureClass = Literal["country", "division", "city", "area", "water", "terrain", "spot"]
PlaceUse = Literal["name", "demonym", "embedded"]
"""How a name stands for its place: as itself, as an adjective or people ("Russian"), inside a longer name."""

Act = Literal[
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "COOPERATE",
    "AID",
    "YIELD",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
]
"""What one actor does to another, in the terms of PLOVER, which analysts of political events code in."""

Quad = Literal["verbal cooperation", "material cooperation", "verbal conflict", "material conflict"]
"""PLOVER's four classes of acts."""

OUTLET_AS_HOLDER = "outlet"
"""The holder of an article's own tone: whoever published it."""


class Role(Fact):
    """As what the article speaks of someone: "President", "foreign minister"; and of which country, if it says so."""

    text: str = Field(min_length=1)
    span: Span
    country: CountryCode | None = None


class Entity(Fact):
    """One person, organization, location or other thing that the article names, with all its mentions.

    `id` is the Wikidata id where one is known, otherwise a stable local one made from kind and canonical name.
    """

    id: str = Field(min_length=1)
    name: str = Field(min_length=1, description="canonical name")
    kind: EntityKind
    spans: tuple[Span, ...] = Field(min_length=1)
    demonyms: tuple[Span, ...] = Field(
        default=(),
        description="those of the spans that name its people, or say as an adjective that something is of it",
    )
    wikidata: str | None = Field(default=None, pattern=r"^Q[1-9][0-9]*$")
    country: CountryCode | None = Field(default=None, description="the country that it is, or acts for")
    confidence: Share = 1.0
    salience: Share = 0.0
    roles: tuple[Role, ...] = Field(default=(), description="titles and offices that the article gives it")
    references: tuple[Span, ...] = Field(
        default=(), description='where it is spoken of by what it is, without its name: "the North Korean leader"'
    )


class Place(Fact):
    """A location that the article names, put on the map, with the reason and the runner-up.

    `approximate` says that the point is that of the town around it, as for a street.
    """

    name: str = Field(min_length=1)
    spans: tuple[Span, ...] = Field(min_length=1)
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    geonames: int | None = None
    country: CountryCode | None = None
    admin1: str | None = Field(default=None, description="name of the first-level division")
    feature: FeatureClass
    confidence: Share
    runner_up: str | None = None
    reason: str
    used_as: PlaceUse = "name"
    metonyms: tuple[Span, ...] = Field(
        default=(), description="those of the spans where the name stands for a government, team or people"
    )
    approximate: bool = False
    capital: bool = Field(default=False, description="the seat of a country's government")


class Focus(Fact):
    """The one place and country that the article is about."""

    country: CountryCode | None = None
    name: str
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    geonames: int | None = None
    confidence: Share


class Stance(Fact):
    """A directed stance: the holder is for (towards +1) or against (towards -1) the target, in these words.

    `holder` and `target` are entity ids of the same article; the holder may be "outlet".
    """

    holder: str = Field(min_length=1)
    holder_name: str
    target: str = Field(min_length=1)
    target_name: str
    polarity: Annotated[float, Field(ge=-1.0, le=1.0)]
    confidence: Share
    evidence: tuple[Span, ...] = Field(min_length=1)
    quoted: bool = False
    act: Act | None = Field(default=None, description="what the holder does to the target, where the words are clear")
    quad: Quad | None = Field(default=None, description="the class of that act")
    holder_side: CountryCode | None = Field(default=None, description="the country that the holder acts for")
    target_side: CountryCode | None = Field(default=None, description="the country that the target acts for")


class Written(Fact):
    """What an article says of its own writing, apart from what it tells: dateline, byline and credits.

    `place`, `date` and `agency` are the dateline's words, as "PYONGYANG", "June 19" and "Reuters"; `apart` holds all
    stretches of the text that speak of its writing: who is named only there plays no part in the story.
    """

    place: Span | None = None
    date: Span | None = None
    agency: Span | None = None
    authors: tuple[Span, ...] = ()
    editors: tuple[Span, ...] = ()
    apart: tuple[Span, ...] = Field(min_length=1)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every place in the text that this points at."""
        single = (span for span in (self.place, self.date, self.agency) if span is not None)
        return (*single, *self.authors, *self.editors, *self.apart)


FigureUnit = Literal["count", "money", "percent", "votes", "magnitude"]
FigureBound = Literal["", "least", "about"]
"""As it stands, "more than 30", or "about 30"."""

DeedTelling = Literal["news", "earlier", "undone"]
"""As done and as news; as done before; or as planned, denied or feared."""


class Figure(Fact):
    """One number of an article, what it counts, and where it stands.

    `of` is what is counted: "dead", "injured", "missing", "arrested", "evacuated", "rescued", "trapped", "infected"
    or "at large" for people, else the noun ("vehicle"); empty for money, shares, votes and magnitudes, and for a
    number that stands alone ("seven, and not ten"). Money is in what currency it is told. A vote
    of 61 to 38 has the value 61.0038.
    """

    value: float
    unit: FigureUnit
    of: str = ""
    bound: FigureBound = ""
    span: Span
    headline: bool = Field(default=False, description="the span is into the headline, and not into the text")


class Deed(Fact):
    """What somebody did, whoever it was: the class of the deed, its kind of act, and the verb that says so."""

    name: str = Field(min_length=1, description='class of the deed: "arrest", "sign", "withdraw"')
    act: Act
    told: DeedTelling
    span: Span
    headline: bool = Field(default=False, description="the span is into the headline, and not into the text")


class AnnotatedArticle(Message):
    """The article whole, and what was found in it.

    `annotated` is false where no model was made for the article's language: it then goes on unread, and says so.
    `enrichment` grows whenever what is found could change; with the revision it orders versions of a document.
    """

    article: Article
    annotated: bool = True
    entities: tuple[Entity, ...] = ()
    places: tuple[Place, ...] = ()
    allusions: tuple[Place, ...] = Field(
        default=(), description="places named only by an adjective or inside another name: nothing happens there"
    )
    focus: Focus | None = None
    stances: tuple[Stance, ...] = ()
    figures: tuple[Figure, ...] = Field(default=(), description="of its headline and its first 4,000 characters")
    deeds: tuple[Deed, ...] = Field(default=(), description="of its headline and its first 4,000 characters")
    written: Written | None = Field(default=None, description="what it says of where and by whom it was written")
    vector: tuple[float, ...] = Field(
        default=(), description="embedding of title and lede, unit length, 384 numbers; empty if none"
    )
    enrichment: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _spans_lie_in_the_text(self) -> Self:
        length = len(self.article.text)
        pointed = [
            *(span for entity in self.entities for span in (*entity.spans, *entity.references)),
            *(role.span for entity in self.entities for role in entity.roles),
            *(span for place in (*self.places, *self.allusions) for span in (*place.spans, *place.metonyms)),
            *(span for stance in self.stances for span in stance.evidence),
            *(self.written.spans if self.written is not None else ()),
            *(figure.span for figure in self.figures if not figure.headline),
            *(deed.span for deed in self.deeds if not deed.headline),
        ]
        for span in pointed:
            if span.end > length:
                raise ValueError(f"span {span.start}:{span.end} lies outside a text of {length} characters")
        return self

    @model_validator(mode="after")
    def _stances_are_between_entities(self) -> Self:
        known = {entity.id for entity in self.entities}
        for stance in self.stances:
            if stance.target not in known or stance.holder not in known | {OUTLET_AS_HOLDER}:
                raise ValueError(
                    f"a stance from {stance.holder!r} to {stance.target!r} names an entity that is not there"
                )
        return self
