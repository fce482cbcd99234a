"""Put enriched articles and their stories into Elasticsearch: a repeat overwrites, and an older version never does."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from schemas.message import Message
from schemas.story import EnrichedArticle
from services.search.document import Document, document
from services.search.fates import Done, Fate, Halt, Later, Refused, Unavailable
from services.search.mapping import ARTICLES, SHELVES, STORIES, Shelf, disagreements, index_settings
from services.search.settings import SearchSettings
from services.search.story_document import story_documents
from services.telemetry import get_log, timed

log = get_log("index")

REJECTED = {400}
"""The mapping will not have this document, now or ever. Everything else that is no success may pass."""

GONE = 404
TOO_LARGE = 413
ALREADY_EXISTS = "resource_already_exists_exception"


class MappingDisagrees(Halt):
    """The index that is there keeps other fields than this code writes."""


class _Rejected(ValueError):
    """Elasticsearch refuses this document: it does not fit the mapping."""


def connect(settings: SearchSettings) -> Elasticsearch:
    """A client that tries once: waiting out and trying again is the consumer's, who keeps Kafka's heartbeats going."""
    return Elasticsearch(
        settings.elasticsearch, request_timeout=settings.elasticsearch_timeout, max_retries=0, retry_on_timeout=False
    )


@dataclass(frozen=True)
class _Write:
    """One document as it is to stand."""

    shelf: Shelf
    version: int
    document: Document

    @property
    def key(self) -> tuple[str, str]:
        """Which document it is."""
        return self.shelf.name, self.document["id"]


class Index:
    """The indices of articles and stories, each behind its alias; made when they are not there."""

    def __init__(self, client: Elasticsearch, settings: SearchSettings) -> None:
        self._client = client
        self._settings = settings
        self._there = False

    def ensure(self) -> None:
        """Make the indices and their aliases where they are missing. Raises `MappingDisagrees`, `Unavailable`."""
        try:
            for shelf in SHELVES:
                self._ensure(shelf)
        except TransportError as error:
            raise Unavailable(f"elasticsearch: {error!r}"[:300]) from error
        except ApiError as error:
            raise Unavailable(f"elasticsearch answers {error.status_code}: {error}"[:300]) from error
        self._there = True

    def add(self, messages: Sequence[Message]) -> list[Fate]:
        """Each article's fate: indexed with its story, already there as new, refused by the mapping, or to be tried
        later. Of the documents that several articles bring of one story, only the newest is sent.
        """
        if not self._there:
            self.ensure()
        brought = [list(_writes(message)) for message in messages]
        newest: dict[tuple[str, str], _Write] = {}
        for write in (write for writes in brought for write in writes):
            if write.key not in newest or write.version > newest[write.key].version:
                newest[write.key] = write
        fates = dict(zip(newest, self._send(newest.values()), strict=True))
        return [_together([_own(write, newest[write.key], fates[write.key]) for write in writes]) for writes in brought]

    def _ensure(self, shelf: Shelf) -> None:
        alias = shelf.alias(self._settings.namespace)
        if not self._client.indices.exists_alias(name=alias):
            self._create(shelf)
        for name, found in self._client.indices.get_mapping(index=alias).items():
            if differing := disagreements(shelf.mapping, found["mappings"]):
                raise MappingDisagrees(
                    f"index {name} was made by another version: {'; '.join(differing[:5])}. "
                    "Delete it and read the enriched topic again, or use another DATELINE_NAMESPACE."
                )

    def _create(self, shelf: Shelf) -> None:
        name, alias = shelf.index(self._settings.namespace), shelf.alias(self._settings.namespace)
        try:
            self._client.indices.create(
                index=name,
                mappings=shelf.mapping,
                settings=index_settings(self._settings.shards, self._settings.replicas),
                aliases={alias: {"is_write_index": True}},
            )
        except ApiError as error:
            if error.error != ALREADY_EXISTS:
                raise
            # Another indexer was quicker, or the alias alone was lost.
            self._client.indices.put_alias(index=name, name=alias, is_write_index=True)
        else:
            log.info("made index", index=name, alias=alias)

    def _send(self, writes: Iterable[_Write]) -> list[Fate]:
        fates: list[Fate] = []
        operations = [_operation(write, self._settings.namespace) for write in writes]
        for chunk in _chunks(operations, self._settings.bulk_bytes):
            if fates and isinstance(fates[-1], Later):
                fates += [fates[-1]] * len(chunk)
            else:
                fates += self._bulk(chunk)
        return fates

    def _bulk(self, chunk: list[tuple[bytes, bytes]]) -> list[Fate]:
        try:
            with timed("index", "bulk"):
                # `require_alias`: without it a lost alias would make an index of that name, with guessed fields.
                # Lines go as they are: the client's type does not say so, its serializer does.
                lines = cast("list[dict[str, Any]]", [line for pair in chunk for line in pair])
                answer = self._client.bulk(operations=lines, require_alias=True)
        except TransportError as error:
            return [Later(f"elasticsearch: {error!r}"[:300])] * len(chunk)
        except ApiError as error:
            return self._whole_refused(chunk, error)
        items = [item["index"] for item in answer["items"]]
        # Somebody deleted the index under us: it is made again before the next try.
        self._there = all(item["status"] != GONE for item in items)
        return [_fate(item) for item in items]

    def _whole_refused(self, chunk: list[tuple[bytes, bytes]], error: ApiError) -> list[Fate]:
        self._there = error.status_code != GONE
        if error.status_code not in {TOO_LARGE, *REJECTED}:
            return [Later(f"elasticsearch answers {error.status_code}: {error}"[:300])] * len(chunk)
        if len(chunk) == 1:
            reason = str(error)[:2000]
            if error.status_code == TOO_LARGE:
                reason = f"{len(chunk[0][1])} bytes are more than Elasticsearch takes"
            return [Refused(_Rejected(reason), "bulk")]
        # One that cannot even be sent (an id of a thousand letters) takes the others with it: it is looked for.
        half = len(chunk) // 2
        return self._bulk(chunk[:half]) + self._bulk(chunk[half:])


def _writes(message: Message) -> Iterator[_Write]:
    """The article's document first, and then what it says of its story."""
    assert isinstance(message, EnrichedArticle)
    yield _Write(ARTICLES, message.version, document(message))
    for version, found in story_documents(message.moment):
        yield _Write(STORIES, version, found)


def _operation(write: _Write, namespace: str) -> tuple[bytes, bytes]:
    action = {
        "_index": write.shelf.alias(namespace),
        "_id": write.document["id"],
        "version": write.version,
        "version_type": "external",
    }
    return _line({"index": action}), _line(write.document)


def _own(write: _Write, newest: _Write, fate: Fate) -> Fate:
    """What the fate of the newest document means for a write that may be older."""
    if write.version == newest.version:
        return fate
    if isinstance(fate, Refused):
        # Its article is put aside; this one is no worse for it, and comes without it the next time.
        return Later(f"a newer {' '.join(write.key)} was refused")
    return Done("already") if isinstance(fate, Done) else fate


def _together(fates: list[Fate]) -> Fate:
    """An article is done when all its writes are: what must wait goes first, then what is refused; else its own."""
    for worst in (Later, Refused):
        for fate in fates:
            if isinstance(fate, worst):
                return fate
    return fates[0]


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _chunks(operations: Iterable[tuple[bytes, bytes]], at_most: int) -> Iterator[list[tuple[bytes, bytes]]]:
    """The operations in order, in chunks of so many bytes; one that is larger goes alone."""
    chunk: list[tuple[bytes, bytes]] = []
    size = 0
    for action, source in operations:
        if chunk and size + len(source) > at_most:
            yield chunk
            chunk, size = [], 0
        chunk.append((action, source))
        size += len(source)
    if chunk:
        yield chunk


def _fate(item: dict[str, Any]) -> Fate:
    status = item["status"]
    if status in (200, 201):
        return Done("indexed")
    if status == 409:
        # With external versions this says: what is stored is as new, or newer.
        return Done("already")
    error = item.get("error", {})
    reason = f"{error.get('type')}: {error.get('reason')}"
    if cause := error.get("caused_by"):
        reason += f" ({cause.get('reason')})"
    if status in REJECTED:
        return Refused(_Rejected(reason[:2000]), "bulk")
    return Later(f"elasticsearch answers {status}: {reason}"[:300])
