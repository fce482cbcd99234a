"""A backtest says what the alerter would have said, article by article, at the time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from schemas.alert import Alert
from schemas.saved_search import SavedSearch
from schemas.story import Development, EnrichedArticle, StoryOutlet, ToldDevelopment
from services.search.alert import Told, raise_for
from services.search.backtest import Backtest, Support, by_day, candidates
from services.search.criteria import Criteria
from services.search.document import document
from services.search.match import match
from services.search.saved_searches import Watch
from tests.search.reports import NOON, held, report, so_far

OPENS = Development(id="d-1", kind="new_story", reason="A new story.", score=1.0)
TOLL = Development(id="d-2", kind="new_figure", reason="40 people is a new figure.", score=0.7, subject="40 people")


def saved(criteria: dict[str, Any] | None = None, **changes: Any) -> SavedSearch:
    return SavedSearch(id="backtest", name="S", criteria=criteria or {"q": "water"}, created=NOON, **changes)


def tried(search: SavedSearch, articles: Sequence[EnrichedArticle]) -> list[Alert]:
    """What the backtest raises over the articles that the index would give it."""
    test, criteria = Backtest(search), Criteria.model_validate(search.criteria)
    documents = [document(one) for one in articles]
    support = Support() if test.needs_support else None
    for one in documents:
        if support:
            support.take(one)
    asked = [one for one in articles if test.needs_all or match(criteria, one)]
    return [alert for one in asked for alert in test.take(document(one), support)]


def live(search: SavedSearch, articles: Sequence[EnrichedArticle]) -> list[Alert]:
    told = Told(99)
    raised: list[Alert] = []
    for one in articles:
        found = raise_for(one, held(Watch(search, Criteria.model_validate(search.criteria))), one.article.seen, told)
        told.add(*found)
        raised += found
    return raised


def told_by(number: int, outlets: Sequence[str], **changes: Any) -> EnrichedArticle:
    """A report of a story whose toll these outlets have told so far, this one last."""
    story = so_far(
        number,
        outlets=tuple(StoryOutlet(domain=domain, articles=1) for domain in outlets),
        developments=(
            ToldDevelopment(
                **TOLL.model_dump(include={"id", "kind", "reason", "score", "subject"}),
                article="a",
                published=NOON,
                outlets=tuple(outlets),
            ),
        ),
    )
    new = {"developments": (TOLL,)} if len(outlets) == 1 else {"developments": (), "repeats": (TOLL.id,)}
    seen = NOON + timedelta(hours=number)
    outlet = report().article.outlet.model_copy(update={"domain": outlets[-1]})
    return report(number, position=number, so_far=story, published=seen, seen=seen, outlet=outlet, **{**new, **changes})


ARTICLES = [
    report(1, developments=(OPENS,)),
    report(2, title="Mars", text="Nothing else.", developments=(OPENS,)),
    report(3, developments=(OPENS, TOLL), seen=NOON + timedelta(hours=2)),
    report(4, developments=(TOLL,), seen=NOON + timedelta(hours=3)),
]


def test_it_raises_what_the_alerter_would_have_raised() -> None:
    for search in (
        saved(),
        saved(on="any"),
        saved(on="first"),
        saved(kinds=("new_figure",)),
        saved(cooldown=86_400),
        saved({"q": "water seen:>now-1m"}),
        saved(min_novelty=0.8),
    ):
        assert [one.id for one in tried(search, ARTICLES)] == [one.id for one in live(search, ARTICLES)], search


def test_a_snooze_and_an_end_are_left_out() -> None:
    quiet = saved(snoozed_until=NOON + timedelta(days=900), expires=NOON)
    assert (len(tried(quiet, ARTICLES)), live(quiet, ARTICLES)) == (2, [])


def test_support_is_counted_as_it_was_then_and_not_as_it_came_to_be() -> None:
    articles = [told_by(number, ("a.example", "b.example", "c.example")[:number]) for number in (1, 2, 3)]
    search = saved(min_outlets=2)
    raised = tried(search, articles)
    assert [one.article for one in raised] == [articles[1].article.id]
    assert [one.id for one in raised] == [one.id for one in live(search, articles)]


def test_what_reckons_from_now_is_asked_of_every_article_of_the_time() -> None:
    start, end = NOON - timedelta(days=7), NOON
    (window,) = candidates(Criteria(q="water published:>now-1d"), start, end)["bool"]["filter"]
    assert list(window) == ["range"]
    assert len(candidates(Criteria(q="water"), start, end)["bool"]["filter"]) == 2


def test_days_are_counted_in_utc() -> None:
    assert by_day([NOON, NOON + timedelta(hours=1), NOON + timedelta(days=2)]) == {
        NOON.date().isoformat(): 2,
        (NOON + timedelta(days=2)).date().isoformat(): 1,
    }
