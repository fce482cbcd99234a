"""Say how often a saved search would have fired: the alerter's own code over stored articles, as they came."""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from schemas.alert import Alert
from schemas.saved_search import SavedSearch
from schemas.story import Development, StorySoFar
from services.search.alert import Told, raise_for
from services.search.criteria import Criteria
from services.search.matcher import Matcher
from services.search.query import Clause, to_query
from services.search.reading import Reading
from services.search.saved_searches import Watch
from services.search.stored import Document, enriched_of

TOLD_OF = ["id", "seen", "outlet", "story", "developments", "repeats"]
"""Fields of a document by which its story's support is counted."""

COUNTED = [*TOLD_OF, "url", "title", "language", "published", "revision", "story_title", "position", "novelty"]
COUNTED += ["merged", "duplicate_of"]
"""Fields by which an article counts that is known to answer."""

ANSWERED = [*COUNTED, "text", "entities", "places", "stances", "shown"]
"""Fields by which it can be said whether an article answers."""

_REMEMBERED = 1_000_000


def candidates(criteria: Criteria, start: datetime, end: datetime) -> Clause:
    """The query for all that may answer: exactly that, unless the question reckons from now, which was another then."""
    seen: Clause = {"range": {"seen": {"gte": start.isoformat(), "lt": end.isoformat()}}}
    return {"bool": {"filter": [seen] if criteria.reckons_from_now else [to_query(criteria), seen]}}


class Support:
    """Which outlets told what by when, of some stories: all articles are taken first, and asked for in their order."""

    def __init__(self) -> None:
        self._told: dict[str, list[tuple[str, str, str, tuple[str, ...]]]] = defaultdict(list)
        self._kinds: dict[str, Development] = {}
        self._counted: Counter[str] = Counter()
        self._outlets: dict[str, Counter[str]] = defaultdict(Counter)
        self._by: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))

    def take(self, document: Document) -> None:
        """Count an article with what it tells, for the first time or again."""
        new = [Development(**_own(one)) for one in document.get("developments", ())]
        self._kinds.update({one.id: one for one in new if one.id not in self._kinds})
        tells = (*(one.id for one in new), *document.get("repeats", ()))
        insort(self._told[document["story"]], (document["seen"], document["id"], document["outlet"]["domain"], tells))

    def so_far(self, document: Document) -> StorySoFar:
        """The story with this article, as far as is known from the articles that were taken."""
        story, until = document["story"], (document["seen"], document["id"])
        outlets, told = self._outlets[story], self._by[story]
        for seen, article, outlet, tells in islice(self._told[story], self._counted[story], None):
            if (seen, article) > until:
                break
            self._counted[story] += 1
            outlets[outlet] += 1
            for one in tells:
                told[one][outlet] = None
        times = {"published": document["published"], "seen": document["seen"]}
        return StorySoFar.model_validate(
            {
                "version": document["position"],
                "title": document.get("story_title", ""),
                **{f"{end}_{name}": moment for name, moment in times.items() for end in ("first", "last")},
                "articles": max(1, outlets.total()),
                "outlets": [{"domain": domain, "articles": articles} for domain, articles in outlets.items()],
                "developments": [
                    {
                        **self._kinds[one].model_dump(include={"id", "kind", "reason", "score", "subject"}),
                        "article": document["id"],
                        "published": document["published"],
                        "outlets": tuple(by),
                    }
                    for one, by in told.items()
                    if one in self._kinds
                ],
            }
        )


class Backtest:
    """A saved search held against stored articles, in the order they were seen; snoozes and ends are left out."""

    def __init__(self, search: SavedSearch) -> None:
        search = search.model_copy(update={"snoozed_until": None, "expires": None})
        criteria = Criteria.model_validate(search.criteria)
        self.needs_all = criteria.reckons_from_now
        self.needs_support = search.min_outlets > 1
        self.answering = 0
        self._told = Told(_REMEMBERED)
        self._searches = Matcher()
        # What the index found answers; only where it could not be asked it is said here.
        self._searches.put(search.id, Watch(search, criteria if self.needs_all else Criteria()))

    @property
    def fields(self) -> list[str]:
        """The fields of a document that `take` needs."""
        return ANSWERED if self.needs_all else COUNTED

    def take(self, document: Mapping[str, Any], support: Support | None = None) -> list[Alert]:
        """The alerts that this article would have raised, just after it was seen."""
        if not self.needs_all:
            document = {name: value for name, value in document.items() if name in COUNTED}
        enriched = enriched_of(document, support.so_far(document) if support else None)
        if self.needs_all and not self._searches.matching(Reading(enriched)):
            return []
        self.answering += 1
        raised = raise_for(enriched, self._searches, enriched.article.seen, self._told)
        self._told.add(*raised)
        return raised


def by_day(alerts: Iterable[datetime]) -> dict[str, int]:
    """How many on each day that had any, in UTC."""
    return dict(sorted(Counter(moment.date().isoformat() for moment in alerts).items()))


def _own(development: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in development.items() if name in Development.model_fields}
