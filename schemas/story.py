"""What an article adds: the story that it joins, and what in it is new."""

from typing import Literal

from pydantic import Field

from schemas.annotations import AnnotatedArticle
from schemas.article import Article
from schemas.message import Fact, Message, Share, Span

DevelopmentKind = Literal[
    "new_story", "new_actor", "new_place", "new_figure", "new_act", "stance_shift", "correction", "surge"
]


class Development(Fact):
    """One thing that is new in its story, with its reason in a plain sentence and the words that carry it."""

    kind: DevelopmentKind
    reason: str = Field(min_length=1)
    score: Share
    subject: str = Field(
        default="", description="what is new: an entity id, a place, a figure; empty for the story itself"
    )
    spans: tuple[Span, ...] = ()


class StoryMoment(Fact):
    """Where an article stands in its story: position 1 opens it."""

    story: str = Field(min_length=1)
    title: str = ""
    position: int = Field(ge=1)
    novelty: Share
    duplicate_of: str | None = None
    developments: tuple[Development, ...] = ()


class EnrichedArticle(Message):
    """The annotated article whole, and its moment in its story."""

    annotated: AnnotatedArticle
    moment: StoryMoment

    @property
    def article(self) -> Article:
        """The article itself, as it was published."""
        return self.annotated.article

    @property
    def version(self) -> int:
        """A number that grows with (revision, enrichment): the external version of the document in the index."""
        return self.article.revision * 1_000_000 + self.annotated.enrichment
