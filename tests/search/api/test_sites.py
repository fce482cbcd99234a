"""Pages of the sites that are named may use the API, with a key; those of no other may."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from services.search.api.app import create_app
from services.search.settings import SearchSettings

NOWHERE = "127.0.0.1:1"
SITE, OTHER = "https://desk.example", "https://other.example"
ASKS = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}


def client_of(origins: str) -> TestClient:
    settings = SearchSettings(kafka=NOWHERE, elasticsearch=f"http://{NOWHERE}", api_origins=origins, api_host="0.0.0.0")
    return TestClient(create_app(settings), raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with client_of(f" {SITE}/ ,https://news.example") as client:
        yield client


def test_a_named_site_may_ask_and_read_what_it_is_told(client: TestClient) -> None:
    before = client.options("/searches/x", headers={"Origin": SITE, **ASKS})
    assert (before.status_code, before.headers["Access-Control-Allow-Origin"]) == (200, SITE)
    assert "PUT" in before.headers["Access-Control-Allow-Methods"]
    refused = client.put("/searches/x", headers={"Origin": SITE})
    assert refused.status_code == 401, "it may ask, and needs a key like everybody"
    assert refused.headers["Access-Control-Allow-Origin"] == SITE
    assert "RateLimit" in refused.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in refused.headers


def test_another_site_may_not(client: TestClient) -> None:
    for origin in (OTHER, "null", f"{SITE}.other.example", "http://desk.example"):
        assert client.options("/searches/x", headers={"Origin": origin, **ASKS}).status_code == 400
        assert "Access-Control-Allow-Origin" not in client.get("/docs", headers={"Origin": origin}).headers


def test_none_may_where_none_is_named() -> None:
    with client_of("") as client:
        assert client.options("/searches/x", headers={"Origin": SITE, **ASKS}).status_code == 401
        assert "Access-Control-Allow-Origin" not in client.get("/docs", headers={"Origin": SITE}).headers
