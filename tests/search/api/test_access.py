"""Nobody comes in but by a key that may, or from this machine to this machine; whatever else the request says."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from schemas import wire
from schemas.key import Key, Scope
from schemas.topics import KEYS
from services.search.api.access import Access, needed
from services.search.api.nearness import is_loopback
from services.search.keys import Keys, make
from services.search.settings import SearchSettings
from tests.search.reports import NOON

HERE, ELSEWHERE = ("127.0.0.1", 1), ("192.0.2.7", 1)


class KnownKeys(Keys):
    """Keys that have been read, from no topic."""

    known = True

    def wait(self, timeout: float | None = None) -> bool:
        return self.known

    def learn(self, key: Key) -> None:
        self.take(SimpleNamespace(key=wire.key(KEYS, key), value=wire.encode(key), headers=()))


async def told(request: Request) -> JSONResponse:
    return JSONResponse({"key": getattr(request.state, "key", None)})


class World:
    """An API that answers everything, and keys to it."""

    def __init__(self, **changes: Any) -> None:
        self.settings = SearchSettings(**changes)
        self.keys = KnownKeys(self.settings)
        self.now = 0.0
        methods = ["GET", "POST", "PUT", "DELETE"]
        self.app = Starlette(
            routes=[Route("/stream", self.stream), Route("/{path:path}", told, methods=methods)],
        )
        self.app.state.parts = SimpleNamespace(keys=self.keys)
        self.app.add_middleware(Access, settings=self.settings, clock=lambda: self.now)
        self.meanwhile: Callable[[], None] = lambda: None

    def client(self, client: tuple[str, int] = HERE, base: str = "http://127.0.0.1:8080") -> TestClient:
        return TestClient(self.app, base, client=client)

    def key(self, *scopes: Scope) -> tuple[Key, dict[str, str]]:
        key, shown = make("test", scopes, NOON)
        self.keys.learn(key)
        return key, {"Authorization": f"Bearer {shown}"}

    async def stream(self, request: Request) -> StreamingResponse:
        async def pieces() -> Any:
            yield "first "
            self.meanwhile()
            yield "second"

        return StreamingResponse(pieces(), media_type="text/event-stream")


@pytest.fixture
def world() -> World:
    return World()


def test_on_loopback_nothing_is_asked_for(world: World) -> None:
    assert world.client().get("/articles").json() == {"key": None}
    assert world.client().put("/searches/x").status_code == 200
    assert world.client(("::1", 1), "http://[::1]:8080").get("/articles").status_code == 200
    assert world.client(HERE, "http://localhost:8080").get("/articles").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"X-Real-IP": "127.0.0.1"},
        {"Host": "news.example"},
        {"Host": "127.0.0.1.news.example"},
        {"Host": "127.0.0.1@news.example"},
        {"Host": "news.example/unsubscribe/"},
        {"Host": "news.example?"},
        {"Host": "["},
        {"Host": ""},
        {"Origin": "https://news.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Authorization": ""},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer"},
    ],
)
def test_who_only_seems_to_be_here_needs_a_key(world: World, headers: dict[str, str]) -> None:
    answer = world.client().get("/articles", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_api_s_own_page_and_allowed_sites_are_here() -> None:
    world = World(api_origins="https://desk.example/, https://other.example")
    for origin in ("http://127.0.0.1:8080", "https://desk.example"):
        assert world.client().post("/searches", headers={"Origin": origin}).status_code == 200


def test_allowing_every_site_opens_nothing_without_a_key() -> None:
    assert World(api_origins="*").client().get("/articles", headers={"Origin": "https://a.example"}).status_code == 401


@pytest.mark.parametrize(("bound", "client"), [("127.0.0.1", ELSEWHERE), ("0.0.0.0", HERE), ("::", HERE)])
def test_elsewhere_a_key_is_needed(bound: str, client: tuple[str, int]) -> None:
    world = World(api_host=bound)
    asks = world.client(client)
    assert asks.get("/articles").status_code == 401
    assert asks.get("/nowhere").status_code == 401
    key, headers = world.key("read")
    assert asks.get("/articles", headers=headers).json() == {"key": key.id}
    for path in ("/", "/healthz", "/readyz", "/docs", "/docs/parts/x.js", "/openapi.json", "/unsubscribe/link"):
        assert asks.get(path).status_code == 200, path


@pytest.mark.parametrize(
    ("scope", "may"),
    [
        ("read", {"GET /searches", "POST /articles"}),
        ("alert", {"GET /searches", "POST /articles", "POST /searches", "PUT /searches/x", "DELETE /searches/x"}),
        ("push", set()),
        ("admin", {"GET /searches", "POST /articles", "POST /searches", "PUT /searches/x", "DELETE /searches/x"}),
    ],
)
def test_a_key_may_do_what_it_was_made_for_also_on_loopback(world: World, scope: Scope, may: set[str]) -> None:
    _, headers = world.key(scope)
    for asked in ("GET /searches", "POST /articles", "POST /searches", "PUT /searches/x", "DELETE /searches/x"):
        answer = world.client().request(*asked.split(), headers=headers)
        assert answer.status_code == (200 if asked in may else 403), asked
        if asked not in may:
            assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


def test_a_revoked_key_opens_nothing_at_the_next_request(world: World) -> None:
    key, headers = world.key("read")
    client = world.client()
    assert client.get("/articles", headers=headers).status_code == 200
    world.keys.learn(key.model_copy(update={"revoked": NOON}))
    answer = client.get("/articles", headers=headers)
    assert answer.status_code == 401, "a bad key is refused where none would be needed"
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_stream_ends_when_its_key_is_revoked(world: World) -> None:
    key, headers = world.key("read")
    assert world.client().get("/stream", headers=headers).text == "first second"
    world.meanwhile = lambda: world.keys.learn(key.model_copy(update={"revoked": NOON}))
    assert world.client().get("/stream", headers=headers).text == "first "


def test_a_wrong_secret_or_two_keys_at_once_are_refused(world: World) -> None:
    key, headers = world.key("admin")
    right = headers["Authorization"]
    wrong = [f"Bearer dl_{key.id}_{'x' * 43}", right[:-1], right + "x", right + " x", f"{right}\t,{right}"]
    for one in wrong:
        assert world.client().get("/articles", headers={"Authorization": one}).status_code == 401, one
    twice = [("Authorization", right), ("Authorization", right)]
    assert world.client().get("/articles", headers=twice).status_code == 401


def test_a_key_cannot_be_judged_before_the_keys_are_read(world: World) -> None:
    _, headers = world.key("read")
    world.keys.known = False
    answer = world.client().get("/articles", headers=headers)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert world.client().get("/articles").status_code == 200, "who needs no key waits for none"


def test_each_key_has_its_own_allowance_and_so_has_each_address() -> None:
    world = World(api_requests_a_minute=2)
    first, second = (world.key("read")[1] for _ in range(2))
    client = world.client(("192.0.2.1", 1))
    other = world.client(("192.0.2.2", 1))
    assert [client.get("/articles", headers=first).status_code for _ in range(3)] == [200, 200, 429]
    assert other.get("/articles", headers=second).status_code == 200
    refused = client.get("/articles", headers=first)
    assert int(refused.headers["Retry-After"]) == 30
    assert refused.headers["RateLimit"] == '"default";r=0;t=60'
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert client.get("/healthz").status_code == 200
    world.now += 30
    assert client.get("/articles", headers=first).status_code == 200


def test_who_guesses_is_stopped_before_it_costs_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(api_requests_a_minute=3)
    key, _ = world.key("read")
    checked: list[str] = []

    def opens(_: Key, shown: str) -> bool:
        checked.append(shown)
        return False

    monkeypatch.setattr("services.search.keys.opens", opens)
    client = world.client(ELSEWHERE)
    guesses = [{"Authorization": f"Bearer dl_{key.id}_{letter * 43}"} for letter in "abcde"]
    assert [client.get("/articles", headers=one).status_code for one in guesses] == [401, 401, 401, 429, 429]
    assert len(checked) == 3


def test_an_address_of_ipv6_is_counted_with_its_neighbours() -> None:
    world = World(api_requests_a_minute=1)
    statuses = [world.client((f"2001:db8::{n}", 1)).get("/docs").status_code for n in (1, 2)]
    assert statuses == [200, 429]
    assert world.client(("2001:db8:0:1::1", 1)).get("/docs").status_code == 200


@pytest.mark.parametrize(
    ("host", "is_one"),
    [
        *((host, True) for host in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost")),
        *((host, False) for host in ("0.0.0.0", "::", "10.0.0.1", "localhost.example", "", "1")),
    ],
)
def test_loopback_is_told_by_the_address(host: str, is_one: bool) -> None:
    assert is_loopback(host) is is_one


@pytest.mark.parametrize(
    "path", ["//healthz", "/healthz/", "/docsx", "/docs/x", "/unsubscribe", "/openapi.json/x", "/\n", "", "/Healthz"]
)
def test_only_what_is_named_is_open(path: str) -> None:
    assert needed("GET", path) == "read"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Authorization", "Host", "X-Forwarded-For", "Origin", "X-Request-ID", "X-API-Key"]),
            st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=80)
            | st.sampled_from(
                ["Bearer dl_", "127.0.0.1", "localhost", "Bearer dl_abcdefghijkl_" + "a" * 43, "/healthz"]
            ),
        ),
        max_size=5,
    )
)
def test_no_header_opens_what_is_closed(headers: list[tuple[str, str]]) -> None:
    world = World(api_host="0.0.0.0", api_requests_a_minute=0)
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    answer = world.client(HERE).delete("/searches/x", headers=sent)
    assert answer.status_code == 401
    assert "dl_abc" not in answer.text


def test_where_a_proxy_on_this_machine_speaks_for_others_a_key_is_asked_of_it() -> None:
    assert World().client().get("/articles").status_code == 200
    assert World(api_keyless=False).client().get("/articles").status_code == 401


@pytest.mark.parametrize("told_beforehand", [True, False])
def test_a_body_without_an_end_is_not_read(told_beforehand: bool) -> None:
    content: Any = b"x" * 5_000_000 if told_beforehand else (b"x" * 100_000 for _ in range(50))
    answer = World().client().post("/articles", content=content)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert World().client().post("/articles", content=b"x" * 900_000).status_code == 200
