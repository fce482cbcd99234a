"""What counts for a saved search, how long a story stays quiet after an alert, and what is remembered of it."""

from datetime import timedelta
from typing import Any

import pytest

from schemas import wire
from schemas.saved_search import SavedSearch
from schemas.story import Development, EnrichedArticle, StoryOutlet, StorySoFar, ToldDevelopment
from services.search.alert import Told, raise_for
from services.search.saved_searches import Watch
from tests.search.reports import NOON, held, report, so_far, watch

OPENS = Development(kind="new_story", reason="A new story.", score=1.0, id="d-1")
FORTY = Development(kind="new_figure", reason="40 dead; the story had 12.", score=0.9, subject="40", id="d-2")


def asked(**changes: Any) -> Watch:
    plain = watch()
    return Watch(plain.search.model_copy(update=changes), plain.criteria)


def raised(enriched: EnrichedArticle, search: Watch, told: Told | None = None, after: float = 0.0) -> list[str]:
    told = told if told is not None else Told(1_000)
    alerts = raise_for(enriched, held(search), NOON + timedelta(seconds=after), told)
    told.add(*alerts)
    return [alert.reason for alert in alerts]


def told_by(*outlets: str) -> StorySoFar:
    """The story with its figure told by these outlets."""
    figure = ToldDevelopment(
        id="d-2",
        kind="new_figure",
        reason=FORTY.reason,
        score=0.9,
        subject="40",
        article=report(1).article.id,
        published=NOON,
        outlets=outlets,
    )
    return so_far(
        2, developments=(figure,), outlets=tuple(StoryOutlet(domain=domain, articles=1) for domain in outlets)
    )


def test_only_developments_of_the_chosen_kinds_count() -> None:
    figures = asked(kinds=("new_figure",))
    assert raised(report(developments=(OPENS, FORTY)), figures) == [FORTY.reason]
    assert raised(report(developments=(OPENS,)), figures) == []


def test_what_is_less_novel_than_asked_does_not_count() -> None:
    assert raised(report(novelty=0.4), asked(on="first", min_novelty=0.5)) == []
    assert raised(report(novelty=0.5), asked(on="first", min_novelty=0.5)) != []
    assert raised(report(developments=(OPENS, FORTY)), asked(min_novelty=0.95)) == [OPENS.reason]


def test_an_article_that_repeats_a_development_confirms_it_however_little_is_new_in_it() -> None:
    again = report(2, novelty=0.1, developments=(), repeats=("d-2",), so_far=told_by("a.example", "b.example"))
    assert raised(again, asked(min_outlets=2, min_novelty=0.8)) == [FORTY.reason]


def test_a_development_counts_once_as_many_outlets_tell_it_as_were_asked_for_and_then_no_more() -> None:
    two, told = asked(min_outlets=2), Told(1_000)
    first = report(1, developments=(FORTY,), so_far=told_by("a.example"))
    second = report(2, developments=(), repeats=("d-2",), so_far=told_by("a.example", "b.example"))
    third = report(3, developments=(), repeats=("d-2",), so_far=told_by("a.example", "b.example", "c.example"))
    assert [raised(one, two, told) for one in (first, second, third)] == [[], [FORTY.reason], []]


def test_the_first_of_a_story_is_told_and_nothing_after_it() -> None:
    first, told = asked(on="first"), Told(1_000)
    (reason,) = raised(report(1), first, told)
    assert reason == "The first article of its story to answer the search. A new story."
    assert raised(report(2, developments=(FORTY,)), first, told) == []
    assert len(raised(report(3, story="other"), first, told)) == 1


def test_the_first_of_a_story_may_wait_for_its_outlets() -> None:
    first, told = asked(on="first", min_outlets=2), Told(1_000)
    assert raised(report(1, so_far=told_by("a.example")), first, told) == []
    assert len(raised(report(2, so_far=told_by("a.example", "b.example")), first, told)) == 1


def test_any_match_is_told_once_for_each_article_copies_too() -> None:
    every, told = asked(on="any"), Told(1_000)
    assert len(raised(report(1, developments=()), every, told)) == 1
    assert raised(report(1, developments=()), every, told) == [], "the same article again, or revised"
    assert len(raised(report(2, developments=(), duplicate_of=report(1).article.id), every, told)) == 1


def test_an_article_that_does_not_answer_is_told_to_nobody() -> None:
    mars = watch(q="mars")
    for on in ("any", "first", "development"):
        assert raised(report(), Watch(mars.search.model_copy(update={"on": on}), mars.criteria)) == []


def test_a_story_is_quiet_while_it_cools_down_whichever_article_raised_the_alert() -> None:
    hourly, told = asked(cooldown=3600), Told(1_000)
    assert raised(report(1, developments=(OPENS,)), hourly, told, after=0) == [OPENS.reason]
    assert raised(report(2, developments=(FORTY,)), hourly, told, after=3599) == []
    assert len(raised(report(3, story="other"), hourly, told, after=3599)) == 1
    assert raised(report(4, developments=(FORTY,)), hourly, told, after=3600) == [FORTY.reason]


def test_a_cool_down_is_known_again_from_the_alerts_themselves() -> None:
    class Record:
        offset, headers = 0, ()

        def __init__(self, value: bytes) -> None:
            self.value = value

    hourly, again = asked(cooldown=3600), Told(1_000)
    (alert,) = raise_for(report(1), held(hourly), NOON, Told(9))
    again.take(Record(wire.encode(alert)))
    assert raised(report(2, developments=(FORTY,)), hourly, again, after=60) == []


def test_what_could_not_be_told_cools_nothing_down() -> None:
    hourly, told = asked(cooldown=3600), Told(1_000)
    alerts = raise_for(report(1), held(hourly), NOON, told)
    told.add(*alerts)
    told.forget(*alerts)
    assert raised(report(1), hourly, told, after=1) != []


@pytest.mark.parametrize(
    ("asleep", "seconds", "is_told"),
    [
        ({"snoozed_until": NOON + timedelta(hours=1)}, 3599, False),
        ({"snoozed_until": NOON + timedelta(hours=1)}, 3600, True),
        ({"expires": NOON + timedelta(hours=1)}, 3599, True),
        ({"expires": NOON + timedelta(hours=1)}, 3600, False),
    ],
)
def test_a_search_that_sleeps_or_has_expired_raises_nothing(
    asleep: dict[str, Any], seconds: float, is_told: bool
) -> None:
    assert bool(raised(report(), asked(**asleep), after=seconds)) is is_told


def test_what_counts_is_told_in_the_id_and_never_twice_after_a_restart() -> None:
    for on in ("first", "any", "development"):
        (alert,) = raise_for(report(1), held(asked(on=on)), NOON, Told(9))
        told = Told(9)
        told.add(alert)
        assert raise_for(report(1), held(asked(on=on)), NOON + timedelta(days=1), told) == []


def test_an_older_saved_search_counts_developments_as_it_did() -> None:
    old = SavedSearch.model_validate({"id": "old", "name": "Old", "criteria": {}, "created": NOON.isoformat()})
    assert (old.on, old.kinds, old.min_novelty, old.min_outlets, old.cooldown) == ("development", (), 0.0, 1, 0)


def test_two_developments_of_one_kind_and_subject_are_both_told() -> None:
    dead, injured = (
        Development(id=f"d-{number}", kind="new_figure", reason=f"17 {what}.", score=0.7, subject="17")
        for number, what in enumerate(("dead", "injured"))
    )
    told = Told(9)
    for one in (dead, injured):
        (alert,) = raise_for(report(developments=(one,)), held(asked()), NOON, told)
        told.add(alert)
    assert raise_for(report(2, developments=(injured,)), held(asked()), NOON, told) == []


def test_what_was_told_of_a_story_is_told_of_the_one_that_it_became_part_of() -> None:
    told = Told(9)
    told.add(*raise_for(report(1, story="quake"), held(asked(on="first")), NOON, told))
    merged = report(2, story="pact", so_far=so_far(2, merged=("quake",)))
    assert raise_for(merged, held(asked(on="first")), NOON, told) == []
    assert raise_for(report(3, story="pact"), held(asked(on="first")), NOON, told) != []
