"""Say whether an article answers a question, in memory: yes exactly when the index finds it by the same question."""

from datetime import datetime

from schemas.story import EnrichedArticle
from services.search.criteria import Criteria
from services.search.reading import Reading
from services.search.tree_match import Test, every, test_of


def match(criteria: Criteria, enriched: EnrichedArticle, now: datetime | None = None) -> bool:
    """Say whether the article meets every part of the question; `query.to_query` asks the same of the index.

    What the question reckons from now (`published:>now-7d`) is reckoned from when the article was seen, or from `now`.
    """
    return meets(criteria, Reading(enriched), now)


def meets(criteria: Criteria, reading: Reading, now: datetime | None = None) -> bool:
    """Say whether the article that was read meets every part."""
    return test_of_criteria(criteria)(reading, now or reading.enriched.article.seen)


def test_of_criteria(criteria: Criteria) -> Test:
    """The test that an article meets every part that is given; cheap parts are asked first."""
    tests = tuple(map(test_of, criteria.every_ask))
    return tests[0] if len(tests) == 1 else every(tests)
