"""The one door to `articles.v1`: recognise what is known, publish what is new, and only then remember it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from threading import Lock
from typing import Literal, Protocol

from schemas.article import Article
from schemas.dead_letter import DeadLetter
from schemas.message import Message
from schemas.topics import ARTICLES, LARGEST_MESSAGE, Topic
from services.ingest.identity import content_hash
from services.ingest.seen import Known, Seen
from services.telemetry import count_outcome, get_log, timed

log = get_log("ingest")

Taken = Literal["published", "revised", "unchanged", "duplicate"]
"""New; known with another text; known with this text; twice in one delivery."""

# What base64 makes of this many bytes, with the rest of the letter, still fits a message.
_MOST_BYTES_BURIED = LARGEST_MESSAGE * 5 // 8


class Closed(RuntimeError):
    """Nothing more is taken in; what was offered has not been published and will be offered again."""


class Publishes(Protocol):
    """What ingest needs of `services.publish.Publisher`."""

    def publish_all(self, topic: Topic, messages: Iterable[Message]) -> None:
        """Return once the broker has them all."""

    def bury(self, letter: DeadLetter) -> None:
        """Return once the broker has the letter."""


class Intake:
    """Takes articles in from watch, push and replay alike; safe to call from several threads."""

    def __init__(self, publisher: Publishes, seen: Seen) -> None:
        self._publisher = publisher
        self._seen = seen
        # One delivery at a time, so that two of the same article cannot both be its first.
        self._one_at_a_time = Lock()
        self._closed = False

    def take(self, articles: Sequence[Article]) -> list[Taken]:
        """What became of each article; returns once the broker has acknowledged all that were new."""
        with self._one_at_a_time, timed("ingest", "take"):
            self._refuse_if_closed()
            with self._seen.alone():
                outcomes, new, latest = _sort_out(articles, self._seen.known(article.id for article in articles))
                self._seen.remember(latest)
            if new:
                self._publisher.publish_all(ARTICLES, new)
                self._seen.acknowledge(latest)
        for article, outcome in zip(articles, outcomes, strict=True):
            count_outcome("ingest", outcome)
            log.debug(outcome, article=article.id, url=article.url, outlet=article.outlet.domain)
        return outcomes

    def bury(
        self,
        *,
        source: str,
        position: int | None,
        value: bytes,
        step: str,
        error: Exception,
        outcome: str,
        now: datetime,
    ) -> None:
        """Put what cannot be read aside with its bytes and the reason, and count it; `source` is its URL or file."""
        kept = value[:_MOST_BYTES_BURIED]
        letter = DeadLetter.of(
            topic=source,
            partition=None,
            offset=position,
            key=None,
            value=kept,
            headers=[("source", source.encode()), ("bytes", f"{len(kept)} of {len(value)}".encode())],
            service="ingest",
            step=step,
            error=error,
            now=now,
        )
        with self._one_at_a_time:
            self._refuse_if_closed()
            self._publisher.bury(letter)
        count_outcome("ingest", outcome)
        log.warning("buried", source=source, position=position, outcome=outcome, reason=str(error)[:200])

    def close(self, within: float) -> bool:
        """Take nothing more; True once nothing is on its way, False if something still is after so many seconds."""
        if not self._one_at_a_time.acquire(timeout=within):
            return False
        self._closed = True
        self._one_at_a_time.release()
        return True

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise Closed("ingest is stopping")


def _sort_out(articles: Sequence[Article], known: dict[str, Known]) -> tuple[list[Taken], list[Article], list[Known]]:
    """Each article's outcome; those to publish, with their revisions; and what to remember of them."""
    outcomes: list[Taken] = []
    new: list[Article] = []
    latest: dict[str, Known] = {}
    for article in articles:
        text_hash = content_hash(article.title, article.text)
        before = latest.get(article.id) or known.get(article.id)
        if before is not None and before.hash == text_hash and (before.acknowledged or article.id in latest):
            outcomes.append("duplicate" if article.id in latest else "unchanged")
            continue
        if before is None:
            revision = 1
        elif before.hash == text_hash:
            # Claimed before a crash, and perhaps never sent: the same text keeps the number it was given.
            revision = before.revision
        else:
            revision = before.revision + 1
        outcomes.append("published" if revision == 1 else "revised")
        new.append(article.model_copy(update={"revision": revision}))
        latest[article.id] = Known(article.id, text_hash, revision, acknowledged=False)
    return outcomes, new, list(latest.values())
