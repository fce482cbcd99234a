"""The last developments in the order of their topic, kept for streams that resume."""

from schemas import wire
from schemas.story import EnrichedArticle
from schemas.topics import ENRICHED
from services.search.api.topic_log import TopicLog
from services.search.development_results import New, developments_told
from services.search.settings import SearchSettings
from services.telemetry import get_log

log = get_log("api")

KEPT = 1_000
"""Developments that are kept of each partition, and articles that are read back at the start: some 30 kB each."""

DevelopmentLog = TopicLog[New]


def development_log(settings: SearchSettings) -> DevelopmentLog:
    """The log of developments, not begun yet."""
    return TopicLog(ENRICHED, settings, KEPT, _developments)


def _developments(value: bytes | None, headers: list[tuple[str, bytes]]) -> list[New]:
    try:
        message = wire.decode(ENRICHED, value, headers)
    except wire.Undecodable as error:
        log.warning("article cannot be read, passed over", reason=str(error)[:300])
        return []
    assert isinstance(message, EnrichedArticle)
    return list(developments_told(message))
