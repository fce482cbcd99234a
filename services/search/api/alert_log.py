"""The last alerts in the order of their topic, kept for streams that resume."""

from schemas import wire
from schemas.alert import Alert
from schemas.topics import ALERTS
from services.search.api.topic_log import TopicLog
from services.search.settings import SearchSettings
from services.telemetry import get_log

log = get_log("api")

AlertLog = TopicLog[Alert]


def alert_log(settings: SearchSettings) -> AlertLog:
    """The log of alerts, not begun yet."""
    return TopicLog(ALERTS, settings, settings.kept_alerts, _alerts)


def _alerts(value: bytes | None, headers: list[tuple[str, bytes]]) -> list[Alert]:
    try:
        message = wire.decode(ALERTS, value, headers)
    except wire.Undecodable as error:
        log.warning("alert cannot be read, passed over", reason=str(error)[:300])
        return []
    assert isinstance(message, Alert)
    return [message]
