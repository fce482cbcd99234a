"""Who is told of what, and that nobody is told twice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from schemas import wire
from schemas.alert import Alert
from schemas.message import Message
from schemas.story import Development
from schemas.topics import Topic
from services.search.alert import Alerter, Told, raise_for
from services.search.fates import Done
from services.search.saved_searches import Watch
from tests.search.reports import NOON, held, report, watch

OPENS = Development(kind="new_story", reason="A new story.", score=1.0)
ODERA = Development(kind="new_actor", reason="Amina Odera is new here.", score=0.8, subject="Q7")
FORTY = Development(kind="new_figure", reason="40 people is a new figure.", score=0.7, subject="40 people")


class PretendedPublisher:
    def __init__(self, failures: int = 0) -> None:
        self.published: list[Message] = []
        self._failures = failures

    def publish_all(self, topic: Topic, messages: Sequence[Message]) -> None:
        if self._failures:
            self._failures -= 1
            raise OSError("no room")
        self.published += messages


def alerter(publisher: Any, *watches: Watch, told: Told | None = None) -> Alerter:
    return Alerter(held(*watches), told or Told(1_000), publisher, now=lambda: NOON)


def test_an_article_alerts_each_search_that_it_meets_with_its_reason() -> None:
    raised = raise_for(
        report(developments=(OPENS, ODERA)), held(watch("water", q="water"), watch("mars", q="mars")), NOON, Told(9)
    )
    (alert,) = raised
    assert (alert.search, alert.story, alert.reason) == ("water", "pact", "A new story. Amina Odera is new here.")
    assert alert.raised == NOON


@pytest.mark.parametrize(
    "changes", [{"developments": ()}, {"duplicate_of": report(7).article.id}], ids=["nothing new", "a copy"]
)
def test_an_article_that_brings_nothing_new_alerts_nobody(changes: dict[str, Any]) -> None:
    assert raise_for(report(**changes), held(watch()), NOON, Told(9)) == []


def test_only_what_was_not_told_before_is_told() -> None:
    publisher = PretendedPublisher()
    fates = alerter(publisher, watch()).judge(
        [report(1, developments=(OPENS, ODERA)), report(2, developments=(ODERA, FORTY)), report(3)]
    )
    assert fates == [Done("alerted"), Done("alerted"), Done("quiet")]
    assert [a.developments for a in publisher.published if isinstance(a, Alert)] == [(OPENS, ODERA), (FORTY,)]


def test_the_same_development_in_another_story_is_another() -> None:
    publisher = PretendedPublisher()
    alerter(publisher, watch()).judge([report(1), report(2, story="other")])
    assert len(publisher.published) == 2


def test_an_alert_has_the_same_id_whichever_article_or_hour_brought_it() -> None:
    def raised(number: int, hour: int, *developments: Development) -> str:
        now = NOON.replace(hour=hour)
        return raise_for(report(number, developments=developments), held(watch()), now, Told(9))[0].id

    assert raised(1, 13, OPENS, ODERA) == raised(2, 23, ODERA, OPENS)
    assert raised(1, 13, OPENS) != raised(1, 13, ODERA)


def test_what_could_not_be_published_was_not_told() -> None:
    publisher = PretendedPublisher(failures=1)
    judging = alerter(publisher, watch())
    with pytest.raises(OSError, match="no room"):
        judging.judge([report()])
    assert judging.judge([report()]) == [Done("alerted")]
    assert len(publisher.published) == 1


def test_a_new_alerter_learns_from_the_alerts_what_was_told() -> None:
    class Record:
        offset = 0
        headers = ()

        def __init__(self, value: bytes) -> None:
            self.value = value

    (alert,) = raise_for(report(developments=(OPENS, ODERA)), held(watch()), NOON, Told(9))
    told = Told(9)
    told.take(Record(wire.encode(alert)))
    told.take(Record(b"not an alert"))
    assert raise_for(report(2, developments=(ODERA,)), held(watch()), datetime.now(NOON.tzinfo), told) == []


def test_what_is_remembered_is_bounded_and_the_oldest_is_forgotten() -> None:
    told = Told(2)
    for story in ("first", "second", "third"):
        told.add(*raise_for(report(story=story), held(watch()), NOON, told))
    assert [("water", 1, story, "new_story:") in told for story in ("first", "second", "third")] == [False, True, True]
