"""Say whether an article answers a question, in memory: yes exactly when the index finds it by the same question."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from schemas.story import EnrichedArticle
from services.search.asked import Ask, Named, Novelty, OneOf, OneOfField
from services.search.criteria import Criteria
from services.search.facts import any_stance, is_inside, is_near
from services.search.language.read import read
from services.search.reading import Reading
from services.search.tree_match import Test, every, published_between, test_of
from services.search.trees import settled


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
    asks = (_settled_q(criteria.q) if criteria.q else None, settled(criteria.query) if criteria.query else None)
    tests = (*_tests_of_fields(criteria), *(test_of(ask) for ask in asks if ask is not None))
    return tests[0] if len(tests) == 1 else every(tests)


def _tests_of_fields(criteria: Criteria) -> Iterator[Test]:
    given: dict[OneOfField, tuple[str, ...]] = {
        "outlet": criteria.outlet,
        "source_country": criteria.outlet_country,
        "lang": criteria.language,
        "story": criteria.story,
        "kind": criteria.development,
        "country": criteria.country,
    }
    for field, values in given.items():
        if values:
            yield test_of(OneOf(field=field, values=values))
    if criteria.novelty_min is not None:
        yield test_of(Novelty(low=criteria.novelty_min))
    if criteria.published_from is not None or criteria.published_to is not None:
        yield published_between(criteria.published_from, criteria.published_to)
    for name in criteria.entity:
        yield test_of(Named(who=name))
    if (stance := criteria.stance) is not None:
        yield lambda reading, now: any_stance(stance, reading)
    if (near := criteria.near) is not None:
        yield lambda reading, now: any(is_near(near, *point) for point in reading.points)
    if (box := criteria.box) is not None:
        yield lambda reading, now: any(is_inside(box, *point) for point in reading.points)


# As many as a reader's questions of a busy minute; each is a few words.
@lru_cache(maxsize=10_000)
def _settled_q(q: str) -> Ask | None:
    return settled(read(q))
