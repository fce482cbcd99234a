from datetime import UTC, datetime
from typing import Any

from dateline_client import Criteria, SearchAsked, asks
from dateline_client.asks import Ask
from dateline_client.searches import SearchShown

ASKED = SearchAsked(name="Pacts", criteria=Criteria(q="pact", country=("KE",)), cooldown=60)


def test_the_same_request_is_the_same_value() -> None:
    assert asks.articles({"q": "pact", "size": 5}) == asks.articles({"q": "pact", "size": 5})
    assert asks.articles({"q": "pact"}) != asks.articles({"q": "talks"})


def test_a_cursor_goes_alone_for_it_knows_its_question() -> None:
    assert asks.articles({"q": "pact"}).at("further").params == (("cursor", "further"),)


def test_an_id_cannot_lead_elsewhere() -> None:
    assert asks.article("../searches?x#").path == "/articles/..%2Fsearches%3Fx%23"
    assert asks.explain("a/b", "c").path == "/searches/a%2Fb/explain/c"


def test_only_what_was_said_of_a_search_is_sent() -> None:
    assert asks.create_search(ASKED).body == {
        "name": "Pacts",
        "criteria": {"q": "pact", "country": ["KE"]},
        "cooldown": 60,
    }


def test_a_saved_search_is_sent_back_as_it_is_but_for_the_changes() -> None:
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    shown = SearchShown.model_validate(
        {
            "name": "Pacts",
            "criteria": {"q": "pact", "mood": "glad"},
            "id": "p",
            "version": 3,
            "created": moment,
            "tone": 1,
        }
    )
    assert asks.put_search("p", shown.asked(min_outlets=2)).body == {
        "name": "Pacts",
        "criteria": {"q": "pact", "mood": "glad"},
        "tone": 1,
        "min_outlets": 2,
    }


def test_what_may_have_been_done_is_not_asked_again() -> None:
    once: list[Ask[Any]] = [asks.create_search(ASKED), asks.delete_search("p")]
    again: list[Ask[Any]] = [asks.put_search("p", ASKED), asks.backtest(ASKED, 7), asks.articles({})]
    assert [ask.repeatable for ask in (*once, *again)] == [False, False, True, True, True]
