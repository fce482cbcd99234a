"""Putting dead letters back, as far as it needs no broker: what cannot be put back is said before anything is."""

from datetime import UTC, datetime

import pytest

from deploy.dead_letters import NotReplayable, replay
from schemas.dead_letter import DeadLetter
from services.publish import Publisher
from services.settings import Settings

GOOD = DeadLetter.of(
    topic="articles.v1",
    partition=2,
    offset=7,
    key=b"key",
    value=b"{}",
    headers=[("schema", b"Article")],
    service="annotate",
    step="decode",
    error=ValueError("no article"),
    now=datetime(2026, 3, 3, tzinfo=UTC),
)
# Its first message would go to a broker that is not there, and be waited for without end.
PUBLISHER = Publisher(Settings(kafka="127.0.0.1:1"))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"topic": "https://a.example/one"}, "is no topic"),
        ({"bytes_base64": None}, "holds no bytes; what it is about is at offset 7 of partition 2"),
    ],
)
def test_a_letter_that_cannot_be_put_back_keeps_all_where_they_are(changed: dict[str, object], reason: str) -> None:
    with pytest.raises(NotReplayable, match=reason):
        replay([GOOD, GOOD.model_copy(update=changed)], PUBLISHER, "")
