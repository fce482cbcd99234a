"""Each message gets its fate, and one that breaks a step takes no other with it."""

from collections.abc import Sequence

import pytest

from schemas.message import Message
from services.publish import NeverTaken
from services.search.fates import TRIES, Done, Fate, Halt, Later, Refused, Unavailable, judge
from tests.search.reports import report

NEWS = [report(number) for number in range(3)]


def test_a_message_that_breaks_the_step_is_found_and_refused_alone() -> None:
    calls: list[int] = []

    def breaks_on_the_second(messages: Sequence[Message]) -> list[Fate]:
        calls.append(len(messages))
        if NEWS[1] in messages:
            raise KeyError("no such field")
        return [Done("indexed")] * len(messages)

    first, second, third = judge(breaks_on_the_second, NEWS, "index")
    assert first == third == Done("indexed")
    assert isinstance(second, Refused)
    assert (str(second.error), second.attempts) == ("'no such field'", TRIES)
    assert calls == [3, 1, *[1] * TRIES, 1]


def test_what_is_away_leaves_every_message_for_later() -> None:
    def away(messages: Sequence[Message]) -> list[Fate]:
        raise Unavailable("refused the connection")

    assert judge(away, NEWS, "index") == [Later("refused the connection")] * 3


def test_what_goes_away_in_between_is_asked_no_further() -> None:
    asked = []

    def goes_away(messages: Sequence[Message]) -> list[Fate]:
        asked.append(len(messages))
        if len(messages) > 1:
            raise KeyError("together")
        if len(asked) > 2:
            raise Unavailable("gone")
        return [Done("indexed")]

    assert judge(goes_away, NEWS, "index") == [Done("indexed"), Later("gone"), Later("gone")]
    assert asked == [3, 1, 1]


@pytest.mark.parametrize("halt", [Halt("the index is another's"), NeverTaken("no right to the topic")])
@pytest.mark.parametrize("together", [True, False])
def test_a_halt_is_no_message_s_fate(halt: Exception, together: bool) -> None:
    def halts(messages: Sequence[Message]) -> list[Fate]:
        raise halt if together or len(messages) == 1 else KeyError("together")

    with pytest.raises(type(halt)):
        judge(halts, NEWS, "index")


def test_a_step_must_tell_the_fate_of_each() -> None:
    with pytest.raises(RuntimeError, match="3 messages and told the fate of 1"):
        judge(lambda messages: [Done("indexed")], NEWS, "index")
