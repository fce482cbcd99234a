"""A search held against what is stored before it is saved, and an article explained, over the API."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from schemas.story import EnrichedArticle
from services.search.api import backtest_runs
from tests.flow.eventually import eventually
from tests.flow.test_api import Put, api, put, settings
from tests.search.reports import report

__all__ = ["api", "put", "settings"]

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

NOW = datetime.now(UTC)


def water(number: int, **changes: Any) -> EnrichedArticle:
    """A report of the water pact, seen so many hours ago."""
    seen = NOW - timedelta(hours=number)
    return report(number, seen=seen, published=seen, story=f"pact-{number % 3}", **changes)


def asked(**criteria: Any) -> dict[str, Any]:
    return {"search": {"name": "Water", "criteria": criteria}, "days": 7}


def finished(api: httpx.Client, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in (200, 202), answer.text
    told: list[dict[str, Any]] = []

    def is_over() -> bool:
        told.append(api.get(answer.headers["Location"]).json())
        return bool(told[-1]["state"] != "running")

    eventually(is_over, within=60)
    return told[-1]


def test_it_says_how_often_a_search_would_have_fired_and_with_what(
    api: httpx.Client, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backtest_runs, "PAGE", 4)
    put([*(water(number) for number in range(1, 12)), water(12, title="Mars", text="Dust."), water(24 * 9)])
    told = finished(api, api.post("/searches/backtest", json=asked(q="water")))
    # Each of three stories is new once, whatever number of articles tells of it.
    assert (told["state"], told["read"], told["answering"], told["alerts"]) == ("done", 11, 11, 3)
    assert sum(told["alerts_by_day"].values()) == 3
    assert [one["reason"] for one in told["latest"]] == ["A new story."] * 3
    reckoned = finished(api, api.post("/searches/backtest", json=asked(q="water published:>now-1h")))
    assert (reckoned["read"], reckoned["answering"], reckoned["alerts"]) == (12, 11, 3)
    assert api.get("/searches").json() == {"searches": []}


def test_what_too_many_answer_is_refused_in_words(api: httpx.Client, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest_runs, "MOST_READ", 2)
    put([water(number) for number in range(1, 5)])
    told = finished(api, api.post("/searches/backtest", json=asked(q="water")))
    assert (told["state"], "ask for fewer days" in told["failure"]) == ("failed", True)
    assert api.post("/searches/backtest", json=asked()).status_code == 422
    assert api.get(f"/searches/backtests/{'0' * 32}").status_code == 404


def test_an_article_is_explained_part_by_part(api: httpx.Client, put: Put) -> None:
    articles = [water(1), water(2, developments=()), water(3, title="Mars", text="Dust.")]
    put(articles)
    saved = api.post("/searches", json={"name": "Water", "criteria": {"q": "water", "entity": ["Kenya"]}}).json()
    told = [api.get(f"/searches/{saved['id']}/explain/{one.article.id}").json() for one in articles]
    assert [(one["answers"], one["counts"]) for one in told] == [(True, True), (True, False), (False, False)]
    assert told[0]["why"] == "A new story."
    assert [clause["asks"] for clause in told[0]["clauses"]] == ["entity:Kenya", "water"]
    spot = told[0]["clauses"][1]["spots"][0]
    text = articles[0].article.title if spot["field"] == "title" else articles[0].article.text
    assert text[spot["start"] : spot["end"]].lower().startswith("water")
    assert told[2]["why"] == "It does not answer water."
    assert api.get(f"/searches/{saved['id']}/explain/{'0' * 32}").status_code == 404


def test_who_asks_for_very_much_is_told_how_much_that_is(api: httpx.Client, put: Put) -> None:
    put([water(number) for number in range(1, 5)])
    broad = api.post("/searches", json={"name": "No dust", "criteria": {"q": "NOT dust"}})
    assert (broad.status_code, len(broad.json()["warnings"])) == (201, 2)
    assert broad.json()["warnings"][1] == "4 of the 4 articles of the last 7 days answer it (100%)."
    narrow = api.post("/searches", json={"name": "Dust", "criteria": {"q": "dust"}})
    assert "warnings" not in narrow.json()
