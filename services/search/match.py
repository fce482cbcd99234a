"""Say whether an article answers a question, in memory: yes exactly when the index finds it by the same question."""

from datetime import datetime
from functools import lru_cache

from schemas.story import EnrichedArticle
from services.search.asked import Ask
from services.search.criteria import Criteria
from services.search.facts import any_of, any_stance, is_inside, is_near
from services.search.language.read import read
from services.search.reading import Reading
from services.search.tree_match import Test, test_of
from services.search.trees import settled
from services.search.values import float32, fold


def match(criteria: Criteria, enriched: EnrichedArticle, now: datetime | None = None) -> bool:
    """Say whether the article meets every part of the question; `query.to_query` asks the same of the index.

    What the question reckons from now (`published:>now-7d`) is reckoned from when the article was seen, or from `now`.
    """
    return meets(criteria, Reading(enriched), now)


def meets(criteria: Criteria, reading: Reading, now: datetime | None = None) -> bool:
    """Say whether the article that was read meets every part."""
    return test_of_criteria(criteria)(reading, now or reading.enriched.article.seen)


def test_of_criteria(criteria: Criteria) -> Test:
    """The test that an article meets every part; cheap parts are asked first."""
    asks = (_settled_q(criteria.q) if criteria.q else None, settled(criteria.query) if criteria.query else None)
    tests = [test_of(ask) for ask in asks if ask is not None]
    return lambda reading, now: _meets_fields(criteria, reading) and all(test(reading, now) for test in tests)


def _meets_fields(criteria: Criteria, reading: Reading) -> bool:
    article, moment = reading.enriched.article, reading.enriched.moment
    return (
        any_of(criteria.outlet, (article.outlet.domain,))
        and any_of(criteria.outlet_country, (article.outlet.country,) if article.outlet.country else ())
        and any_of(criteria.language, (article.language,))
        and any_of(criteria.story, (moment.story, *(moment.so_far.merged if moment.so_far else ())))
        and any_of(criteria.development, (development.kind for development in moment.developments))
        and (criteria.novelty_min is None or float32(moment.novelty) >= float32(criteria.novelty_min))
        and (criteria.published_from is None or article.published >= criteria.published_from)
        and (criteria.published_to is None or article.published < criteria.published_to)
        and any_of(criteria.country, reading.countries)
        and all(name in reading.entity_ids or fold(name) in reading.entity_names for name in criteria.entity)
        and (criteria.stance is None or any_stance(criteria.stance, reading))
        and (criteria.near is None or any(is_near(criteria.near, *point) for point in reading.points))
        and (criteria.box is None or any(is_inside(criteria.box, *point) for point in reading.points))
    )


# As many as a reader's questions of a busy minute; each is a few words.
@lru_cache(maxsize=10_000)
def _settled_q(q: str) -> Ask | None:
    return settled(read(q))
