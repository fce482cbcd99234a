"""Weigh how well articles answer against how old they are: a question's score, halved for every week of age."""

from datetime import datetime

from services.search.query import Clause

HALVED_EACH = "7d"
"""A week: what answers twice as well stands beside what is a week younger, and a month-old article still comes up."""


def weighed_by_age(query: Clause, now: datetime) -> Clause:
    """The query with its score halved for each week that an article was published before now."""
    halved = {"origin": now.isoformat(timespec="milliseconds"), "scale": HALVED_EACH, "decay": 0.5}
    return {"function_score": {"query": query, "functions": [{"exp": {"published": halved}}], "boost_mode": "multiply"}}
