"""The parameters of `GET /stances` and `GET /stances/network`, with both servers away."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from services.search.api.app import create_app
from services.search.settings import SearchSettings


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    # Nothing listens on port 1 of loopback.
    nowhere = SearchSettings(kafka="127.0.0.1:1", elasticsearch="http://127.0.0.1:1")
    app, here = create_app(nowhere), ("127.0.0.1", 1)
    with TestClient(app, "http://127.0.0.1", raise_server_exceptions=False, client=here) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "parameter", "expected"),
    [
        ("/stances", "holder", "a holder, a target or both"),
        ("/stances?holder=", "holder", "at least 1 character"),
        ("/stances?target=country:Kenya", "target", "country:RU"),
        ("/stances?holder=country:", "holder", "country:RU"),
        ("/stances?holder=KE&interval=year", "interval", "'hour', 'day', 'week' or 'month'"),
        ("/stances?holder=KE&time_zone=Nairobi", "time_zone", "Asia/Tokyo"),
        ("/stances?holder=KE&from=soon", "from", "a date"),
        ("/stances?holder=KE&from=0001-01-01&time_zone=%2B14:00", "from", "a date"),
        ("/stances?holder=KE&from=2026-03-02&to=2026-03-01", "from", "from must be before to"),
        ("/stances?holder=KE&outlet_country=Kenya", "outlet_country", "as in KP"),
        ("/stances?holder=KE&quoted=maybe", "quoted", "boolean"),
        ("/stances?holder=KE&act=HUG", "act", "'SANCTION'"),
        ("/stances?holder=KE&by=author", "by", "'outlet_country'"),
        ("/stances?holder=KE&holder=ET", "holder", "once only"),
        ("/stances?holders=KE", "holders", "did you mean holder?"),
        ("/stances?holder=KE&size=1", "size", "no such parameter"),
        ("/stances/network?country=Kenya", "country", "as in KP"),
        ("/stances/network?min_count=0", "min_count", "greater than or equal to 1"),
        ("/stances/network?size=501", "size", "less than or equal to 500"),
        ("/stances/network?holder=KE", "holder", "no such parameter"),
        ("/stances/network?to=then", "to", "a date"),
        ("/articles?stance_holder=country:Kenya", "stance_holder", "country:RU"),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_named(
    client: TestClient, path: str, parameter: str, expected: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 422, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    (fault,) = answer.json()["errors"]
    assert fault["parameter"] == parameter
    assert expected in fault["detail"]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/stances", {"holder": "country:ke", "target": "Q115", "interval": "week", "time_zone": "Africa/Nairobi"}),
        ("/stances", {"target": "outlet", "from": "2026-03-01", "to": "2026-03-01", "by": "outlet_country"}),
        ("/stances/network", {}),
        (
            "/stances/network",
            {"country": "KE,ET", "quoted": "true", "act": "aid,accuse", "outlet": ["a.example", "b.example"]},
        ),
    ],
)
def test_a_question_that_can_be_meant_is_taken_to_the_index(
    client: TestClient, path: str, asked: dict[str, Any]
) -> None:
    answer = client.get(path, params=asked)
    assert answer.status_code == 503
    assert "the index cannot be reached" in answer.json()["detail"]
