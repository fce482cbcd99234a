"""Put enriched articles into Elasticsearch, so that a repeat overwrites and an older version never does."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from schemas.message import Message
from schemas.story import EnrichedArticle
from services.search.document import document
from services.search.fates import Done, Fate, Halt, Later, Refused, Unavailable
from services.search.mapping import MAPPING, alias, disagreements, index_name, index_settings
from services.search.settings import SearchSettings
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


class Index:
    """The articles' index behind its alias; made when it is not there."""

    def __init__(self, client: Elasticsearch, settings: SearchSettings) -> None:
        self._client = client
        self._settings = settings
        self._alias = alias(settings.namespace)
        self._there = False

    def ensure(self) -> None:
        """Make the index and its alias where they are missing. Raises `MappingDisagrees`, `Unavailable`."""
        try:
            if not self._client.indices.exists_alias(name=self._alias):
                self._create()
            for name, found in self._client.indices.get_mapping(index=self._alias).items():
                if differing := disagreements(MAPPING, found["mappings"]):
                    raise MappingDisagrees(
                        f"index {name} was made by another version: {'; '.join(differing[:5])}. "
                        "Delete it and read the enriched topic again, or use another DATELINE_NAMESPACE."
                    )
        except TransportError as error:
            raise Unavailable(f"elasticsearch: {error!r}"[:300]) from error
        except ApiError as error:
            raise Unavailable(f"elasticsearch answers {error.status_code}: {error}"[:300]) from error
        self._there = True

    def add(self, messages: Sequence[Message]) -> list[Fate]:
        """Each article's fate: indexed, already there as new, refused by the mapping, or to be tried later."""
        if not self._there:
            self.ensure()
        fates: list[Fate] = []
        for chunk in _chunks([_operation(message) for message in messages], self._settings.bulk_bytes):
            if fates and isinstance(fates[-1], Later):
                fates += [fates[-1]] * len(chunk)
            else:
                fates += self._bulk(chunk)
        return fates

    def _create(self) -> None:
        name = index_name(self._settings.namespace)
        try:
            self._client.indices.create(
                index=name,
                mappings=MAPPING,
                settings=index_settings(self._settings.shards, self._settings.replicas),
                aliases={self._alias: {"is_write_index": True}},
            )
        except ApiError as error:
            if error.error != ALREADY_EXISTS:
                raise
            # Another indexer was quicker, or the alias alone was lost.
            self._client.indices.put_alias(index=name, name=self._alias, is_write_index=True)
        else:
            log.info("made index", index=name, alias=self._alias)

    def _bulk(self, chunk: list[tuple[bytes, bytes]]) -> list[Fate]:
        try:
            with timed("index", "bulk"):
                # `require_alias`: without it a lost alias would make an index of that name, with guessed fields.
                # Lines go as they are: the client's type does not say so, its serializer does.
                lines = cast("list[dict[str, Any]]", [line for pair in chunk for line in pair])
                answer = self._client.bulk(index=self._alias, operations=lines, require_alias=True)
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
        if error.status_code != TOO_LARGE:
            return [Later(f"elasticsearch answers {error.status_code}: {error}"[:300])] * len(chunk)
        if len(chunk) == 1:
            return [Refused(_Rejected(f"{len(chunk[0][1])} bytes are more than Elasticsearch takes"), "bulk")]
        half = len(chunk) // 2
        return self._bulk(chunk[:half]) + self._bulk(chunk[half:])


def _operation(message: Message) -> tuple[bytes, bytes]:
    assert isinstance(message, EnrichedArticle)
    action = {"index": {"_id": message.article.id, "version": message.version, "version_type": "external"}}
    return _line(action), _line(document(message))


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
