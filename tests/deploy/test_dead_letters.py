"""Putting dead letters back, as far as it needs no broker: what cannot be put back is said before anything is."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

import deploy.dead_letters
import deploy.listening
import services.publish
from deploy.cli import app
from deploy.dead_letters import NotReplayable, readable, replay
from schemas import wire
from schemas.dead_letter import DeadLetter
from services.publish import NeverTaken, Publisher
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


FROM_A_PAGE = GOOD.model_copy(update={"id": "ingest/page", "topic": "https://a.example/one"})
WITHOUT_BYTES = GOOD.model_copy(update={"id": "index/large", "bytes_base64": None})


class FakePublisher:
    """Remembers the letters that were put back."""

    def __init__(self, _settings: Settings) -> None:
        put_back.clear()

    def replay(self, letter: DeadLetter) -> None:
        put_back.append(letter.id)

    def close(self) -> None:
        """Nothing is open."""


put_back: list[str] = []


@pytest.fixture
def _kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy.listening, "accepts", lambda _address: True)
    monkeypatch.setattr(services.publish, "Publisher", FakePublisher)
    monkeypatch.setattr(deploy.dead_letters, "dead_letters", lambda _: iter([FROM_A_PAGE, GOOD, WITHOUT_BYTES]))


@pytest.mark.usefixtures("_kept")
def test_who_asks_for_all_gets_what_can_be_put_back_and_is_told_of_the_rest() -> None:
    result = CliRunner().invoke(app, ["dlq", "replay", "--all"])
    assert result.exit_code == 0, result.output
    assert put_back == [GOOD.id]
    assert "1 put back, 1 left: they never stood on a topic; give them to `dateline ingest` again" in result.output
    assert "1 left: they hold no bytes" in result.output


@pytest.mark.usefixtures("_kept")
def test_who_names_a_letter_that_cannot_be_put_back_is_told_why() -> None:
    result = CliRunner().invoke(app, ["dlq", "replay", GOOD.id, FROM_A_PAGE.id])
    assert result.exit_code == 1
    assert "which is no topic" in result.output
    assert put_back == []


@pytest.mark.usefixtures("_kept")
def test_what_kafka_never_takes_back_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(publisher: FakePublisher, letter: DeadLetter) -> None:
        raise NeverTaken("Kafka has no topic articles.v1")

    monkeypatch.setattr(FakePublisher, "replay", refuses)
    result = CliRunner().invoke(app, ["dlq", "replay", GOOD.id])
    assert (result.exit_code, result.output) == (1, "dateline: Kafka has no topic articles.v1\n")


@dataclass(frozen=True)
class Record:
    offset: int
    value: bytes | None
    headers: list[tuple[str, bytes]] = field(default_factory=list)
    partition: int = 0


def test_what_is_no_letter_is_passed_over_with_its_place_and_the_others_come() -> None:
    letter = Record(0, wire.encode(GOOD), wire.headers(GOOD))
    passed_over: list[str] = []
    records = [letter, Record(1, b"{"), Record(2, None), letter]
    assert list(readable(records, say=passed_over.append)) == [GOOD, GOOD]
    assert [line.split(",")[0] for line in passed_over] == [
        "passed over offset 1 of partition 0",
        "passed over offset 2 of partition 0",
    ]
