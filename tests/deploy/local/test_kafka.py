from pathlib import Path

from deploy.local.kafka import properties
from schemas.topics import LARGEST_MESSAGE


def settings() -> dict[str, str]:
    return dict(line.split("=", 1) for line in properties(Path("data"), 19092, 19093).splitlines())


def test_the_broker_listens_on_loopback_only() -> None:
    assert settings()["listeners"] == "PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:19093"


def test_the_broker_takes_the_largest_message_that_a_topic_may_have() -> None:
    assert int(settings()["message.max.bytes"]) >= LARGEST_MESSAGE


def test_no_topic_comes_into_being_by_a_slip_of_the_pen() -> None:
    assert settings()["auto.create.topics.enable"] == "false"
