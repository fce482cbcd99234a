"""Carrying to the broker, with a fake one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from schemas.dead_letter import DeadLetter
from schemas.message import Message
from schemas.topics import ANNOTATED, Topic
from services.enrich.carry import Carrier, Made, Origin, TooManyBuried, attempted
from services.publish import TooLarge
from tests.enrich.reading import PACT, article, read

NOW = datetime(2026, 3, 3, tzinfo=UTC)


class Broker:
    """Keeps what it is sent; refuses what has a title that is too large for it."""

    def __init__(self, *, refuses: str = "", largest_letter: int = 10_000) -> None:
        self.sent: list[Message] = []
        self.letters: list[DeadLetter] = []
        self._refuses = refuses
        self._largest_letter = largest_letter

    def publish_all(self, topic: Topic, messages: Sequence[Message]) -> None:
        if any(self._refuses and self._refuses in message.model_dump_json() for message in messages):
            raise TooLarge("too large")
        self.sent.extend(messages)

    def bury(self, letter: DeadLetter) -> None:
        if len(letter.bytes_base64 or "") > self._largest_letter:
            raise TooLarge("too large in base64")
        self.letters.append(letter)


def origin(offset: int, value: bytes = b"bytes") -> Origin:
    return Origin("articles.v1", 2, offset, b"key", value, (("schema", b"Article"),))


def made(offset: int, title: str = "A") -> Made:
    return Made(origin(offset), "annotated", read(article(title, PACT)))


def buried(offset: int, value: bytes = b"bytes") -> Made:
    return Made(origin(offset, value), "buried", error=ValueError("not ours"))


def test_messages_go_on_in_order_and_failures_go_aside_with_their_bytes() -> None:
    broker = Broker()
    Carrier("annotate", broker, ANNOTATED, 5, lambda: NOW).carry([made(0, "A"), buried(1), made(2, "B")])
    assert [message.article.title for message in broker.sent if hasattr(message, "article")] == ["A", "B"]
    [letter] = broker.letters
    assert (letter.value, letter.key, letter.partition, letter.offset) == (b"bytes", b"key", 2, 1)
    assert (letter.service, letter.error, letter.reason) == ("enrich", "ValueError", "not ours")


def test_what_is_too_large_is_buried_and_the_others_are_sent() -> None:
    broker = Broker(refuses="Vast")
    Carrier("annotate", broker, ANNOTATED, 5, lambda: NOW).carry([made(0, "A"), made(1, "Vast"), made(2, "B")])
    assert len(broker.sent) == 2
    assert [(letter.offset, letter.step, letter.error) for letter in broker.letters] == [(1, "publish", "TooLarge")]


def test_a_letter_too_large_to_carry_leaves_its_bytes_where_they_stand() -> None:
    broker = Broker(largest_letter=10)
    Carrier("annotate", broker, ANNOTATED, 5, lambda: NOW).carry([buried(7, b"x" * 100)])
    [letter] = broker.letters
    assert (letter.value, letter.offset) == (None, 7)
    assert "left where they stood" in letter.reason


def test_too_many_in_a_row_stop_it_before_the_next_is_buried() -> None:
    broker = Broker()
    carrier = Carrier("annotate", broker, ANNOTATED, 3, lambda: NOW)
    carrier.carry([buried(0), buried(1), made(2), buried(3), buried(4), buried(5)])
    with pytest.raises(TooManyBuried, match="3 messages in a row"):
        carrier.carry([buried(6)])
    assert [letter.offset for letter in broker.letters] == [0, 1, 3, 4, 5]


def test_a_step_is_tried_three_times_and_its_last_error_given() -> None:
    failures = iter([ValueError("one"), ValueError("two"), ValueError("three"), ValueError("four")])

    def step() -> str:
        raise next(failures)

    assert str(attempted(step)) == "three"
    assert attempted(lambda: "well") == "well"
