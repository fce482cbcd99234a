"""Publish comes before remember: a crash at any point repeats an article, and never loses or renumbers one."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from schemas.message import Message
from schemas.topics import Topic
from services.ingest.intake import Closed, Intake
from services.ingest.seen import Seen
from services.telemetry import outcomes
from tests.ingest.fakes import NOW, Crash, FakeBroker, article


@pytest.fixture
def seen(tmp_path: Path) -> Seen:
    return Seen(tmp_path / "seen.sqlite")


def test_a_new_article_is_published_and_known_from_then_on(seen: Seen) -> None:
    broker = FakeBroker()
    assert Intake(broker, seen).take([article()]) == ["published"]
    assert Intake(broker, seen).take([article()]) == ["unchanged"]
    assert [one.revision for one in broker.articles] == [1]


def test_a_changed_text_is_the_next_revision_of_the_same_article(seen: Seen) -> None:
    broker = FakeBroker()
    intake = Intake(broker, seen)
    assert [intake.take([article(text=text)])[0] for text in ("One.", "Two.", "Two.", "One.")] == [
        "published",
        "revised",
        "unchanged",
        "revised",
    ]
    assert [(one.text, one.revision) for one in broker.articles] == [("One.", 1), ("Two.", 2), ("One.", 3)]
    assert len({one.id for one in broker.articles}) == 1


def test_twice_in_one_delivery_is_published_once(seen: Seen) -> None:
    broker = FakeBroker()
    assert Intake(broker, seen).take([article(), article(url="https://a.example/two"), article()]) == [
        "published",
        "published",
        "duplicate",
    ]
    assert len(broker.articles) == 2


def test_a_crash_before_the_acknowledgement_loses_nothing(seen: Seen) -> None:
    with pytest.raises(Crash):
        Intake(FakeBroker(crash_before=True), seen).take([article()])
    broker = FakeBroker()
    assert Intake(broker, seen).take([article()]) == ["published"]
    assert [one.revision for one in broker.articles] == [1]


def test_a_crash_after_the_acknowledgement_repeats_the_same_revision(seen: Seen) -> None:
    broker = FakeBroker(crash_after=True)
    with pytest.raises(Crash):
        Intake(broker, seen).take([article()])
    broker.crash_after = False
    Intake(broker, seen).take([article()])
    assert [one.revision for one in broker.articles] == [1, 1]


def test_a_text_that_changed_during_the_crash_does_not_take_the_number_of_the_other(seen: Seen) -> None:
    broker = FakeBroker(crash_after=True)
    with pytest.raises(Crash):
        Intake(broker, seen).take([article(text="One.")])
    broker.crash_after = False
    Intake(broker, seen).take([article(text="Two.")])
    assert [(one.text, one.revision) for one in broker.articles] == [("One.", 1), ("Two.", 2)]


def test_two_processes_that_share_a_memory_give_two_texts_two_numbers(seen: Seen, tmp_path: Path) -> None:
    """As when a file is replayed while ingest follows feeds: the other publishes while the first is about to."""
    other = Intake(FakeBroker(), Seen(tmp_path / "seen.sqlite"))

    class Meanwhile(FakeBroker):
        def publish_all(self, topic: Topic, messages: Iterable[Message]) -> None:
            assert other.take([article(text="Two.")]) == ["revised"]
            super().publish_all(topic, messages)

    assert Intake(Meanwhile(), seen).take([article(text="One.")]) == ["published"]
    last = FakeBroker()
    Intake(last, seen).take([article(text="Three.")])
    assert [one.revision for one in last.articles] == [3]


def test_each_article_is_counted_once_by_its_outcome(seen: Seen) -> None:
    before = outcomes("ingest")
    intake = Intake(FakeBroker(), seen)
    intake.take([article(), article(), article(url="https://a.example/two")])
    intake.take([article()])
    after = outcomes("ingest")
    counted = {name: count - before.get(name, 0) for name, count in after.items() if count != before.get(name, 0)}
    assert counted == {"published": 2, "duplicate": 1, "unchanged": 1}


def test_what_cannot_be_read_is_buried_with_its_bytes_and_cut_where_it_is_too_long(seen: Seen) -> None:
    broker = FakeBroker()
    intake = Intake(broker, seen)
    for value in (b"{", b"x" * 6_000_000):
        intake.bury(
            source="file.jsonl",
            position=3,
            value=value,
            step="replay",
            error=ValueError("broken"),
            outcome="undecodable",
            now=NOW,
        )
    small, large = broker.letters
    assert (small.topic, small.offset, small.value, small.error, small.reason) == (
        "file.jsonl",
        3,
        b"{",
        "ValueError",
        "broken",
    )
    assert len(large.value or b"") < 6_000_000
    assert large.headers["bytes"].endswith("of 6000000")
    assert len(large.model_dump_json()) < 8 * 1024 * 1024


def test_once_closed_it_takes_nothing_more(seen: Seen) -> None:
    intake = Intake(FakeBroker(), seen)
    assert intake.close(within=1)
    with pytest.raises(Closed):
        intake.take([article()])
