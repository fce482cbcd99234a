"""The river: each topic as a value, in the order an article meets it.

Creating topics, publishing, consuming and the README's table all read these, so that they cannot disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from schemas.alert import Alert
from schemas.annotations import AnnotatedArticle
from schemas.article import Article
from schemas.dead_letter import DeadLetter
from schemas.delivery import Delivery
from schemas.key import Key
from schemas.message import Message
from schemas.saved_search import SavedSearch
from schemas.story import EnrichedArticle

LARGEST_MESSAGE = 8 * 1024 * 1024
"""Bytes of one message on any topic: the longest article with its annotations, in base64 in a dead letter."""


@dataclass(frozen=True)
class Topic:
    """A topic: what it carries, how it is keyed, kept and split, who writes it and who reads it.

    `retention` None keeps for ever; a topic that is compacted too keeps the last message of a key for that long.
    `key_of` gives the message's key as text.
    """

    name: str
    message: type[Message]
    key: str
    key_of: Callable[..., str]
    partitions: int
    retention: timedelta | None
    compacted: bool
    writer: str
    readers: tuple[str, ...]

    def named(self, namespace: str = "") -> str:
        """Its name on a broker that several installations or tests share."""
        return namespace + self.name


ARTICLES = Topic(
    name="articles.v1",
    message=Article,
    key="article id",
    key_of=lambda article: article.id,
    partitions=6,
    retention=timedelta(days=30),
    compacted=False,
    writer="ingest",
    readers=("enrich (annotate)",),
)
ANNOTATED = Topic(
    name="articles.annotated.v1",
    message=AnnotatedArticle,
    key="article id",
    key_of=lambda annotated: annotated.article.id,
    # One on purpose: following a story needs all its articles in one order (docs/adr).
    partitions=1,
    retention=timedelta(days=7),
    compacted=False,
    writer="enrich (annotate)",
    readers=("enrich (follow)",),
)
ENRICHED = Topic(
    name="articles.enriched.v1",
    message=EnrichedArticle,
    key="story id",
    key_of=lambda enriched: enriched.moment.story,
    partitions=6,
    retention=timedelta(days=30),
    compacted=False,
    writer="enrich (follow)",
    readers=("search (index)", "search (alert)", "search (api)"),
)
ALERTS = Topic(
    name="alerts.v1",
    message=Alert,
    key="saved search id",
    key_of=lambda alert: alert.search,
    # One, so that an alert's offset is its place in the stream that readers resume from.
    partitions=1,
    retention=timedelta(days=30),
    compacted=False,
    writer="search (alert)",
    readers=("search (deliver)", "search (api)"),
)
DELIVERIES = Topic(
    name="deliveries.v1",
    message=Delivery,
    key="delivery id",
    key_of=lambda delivery: delivery.id,
    partitions=1,
    # As long as the alerts: whoever reads those once more finds here what came of each.
    retention=timedelta(days=30),
    compacted=True,
    writer="search (deliver), search (api)",
    readers=("search (deliver)", "search (api)"),
)
SAVED_SEARCHES = Topic(
    name="saved-searches.v1",
    message=SavedSearch,
    key="saved search id",
    key_of=lambda search: search.id,
    partitions=1,
    retention=None,
    compacted=True,
    writer="search (api)",
    readers=("search (alert)", "search (deliver)", "search (api)"),
)
KEYS = Topic(
    name="keys.v1",
    message=Key,
    key="key id",
    key_of=lambda key: key.id,
    partitions=1,
    retention=None,
    compacted=True,
    writer="dateline keys",
    readers=("search (api)", "dateline keys"),
)
DEAD_LETTERS = Topic(
    name="dead-letters.v1",
    message=DeadLetter,
    key="dead letter id",
    key_of=lambda letter: letter.id,
    partitions=1,
    retention=timedelta(days=90),
    compacted=False,
    writer="every service",
    readers=("dateline dlq",),
)

TOPICS: tuple[Topic, ...] = (ARTICLES, ANNOTATED, ENRICHED, ALERTS, DELIVERIES, SAVED_SEARCHES, KEYS, DEAD_LETTERS)


def readme_table() -> str:
    """The topics as the README shows them, in Markdown."""
    rows = ["| topic | message | key | partitions | kept | written by | read by |", "|---|---|---|---|---|---|---|"]
    for topic in TOPICS:
        kept = "for ever" if topic.retention is None else f"{topic.retention.days} days"
        kept += ", compacted" if topic.compacted else ""
        rows.append(
            f"| `{topic.name}` | {topic.message.__name__} | {topic.key} | {topic.partitions} | {kept} "
            f"| {topic.writer} | {', '.join(topic.readers)} |"
        )
    return "\n".join(rows)
