"""Keys on the real topic: made by the command, held to their scopes, and closed at once when they are revoked (G15)."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from services.search.settings import SearchSettings
from tests.flow.conftest import ROOT, environment_for
from tests.flow.eventually import eventually
from tests.flow.servers import Servers
from tests.flow.serving import serving

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

WITHIN = 30.0
Keys = Callable[..., subprocess.CompletedProcess[str]]
SAVED = {"name": "Water", "criteria": {"q": "water"}}


@pytest.fixture
def keys(servers: Servers, namespace: str, tmp_path: Path) -> Keys:
    """`dateline keys …`, as a person runs it."""
    told = {**os.environ, **environment_for(servers, namespace, tmp_path)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "deploy.cli", "keys", *arguments]
        return subprocess.run(command, env=told, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False)

    return run


@pytest.fixture
def api(servers: Servers, namespace: str) -> Iterator[httpx.Client]:
    """The API as one that is not bound to loopback takes it: nobody comes in without a key."""
    yield from _api(SearchSettings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, namespace=namespace))


def _api(settings: SearchSettings) -> Iterator[httpx.Client]:
    with serving(settings.model_copy(update={"api_host": "0.0.0.0", "heartbeat": 0.3})) as client:
        yield client


def made(keys: Keys, *scopes: str) -> tuple[str, dict[str, str]]:
    """A new key's id, and the header that shows it."""
    ended = keys("create", "--name", "test", "--json", *(part for scope in scopes for part in ("--scope", scope)))
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    return told["id"], {"Authorization": f"Bearer {told['key']}"}


def test_a_key_is_made_used_and_revoked(api: httpx.Client, keys: Keys) -> None:
    assert api.get("/searches").status_code == 401
    key, headers = made(keys, "alert")
    eventually(lambda: api.get("/searches", headers=headers).status_code == 200, within=WITHIN)
    path = api.post("/searches", json=SAVED, headers=headers).headers["Location"]
    listed = keys("list")
    assert key in listed.stdout
    assert headers["Authorization"].rpartition("_")[2] not in listed.stdout + keys("list", "--json").stdout
    assert "argon2" not in listed.stdout

    ended = threading.Event()

    def listen() -> None:
        with api.stream("GET", "/alerts/stream", headers=headers) as stream:
            assert stream.status_code == 200
            assert "Content-Encoding" not in stream.headers, "what is compressed waits for more"
            opened.set()
            for _ in stream.iter_raw():
                pass
        ended.set()

    opened = threading.Event()
    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    assert opened.wait(WITHIN)
    assert keys("revoke", key).returncode == 0
    assert ended.wait(WITHIN), "a stream under way ends too"
    eventually(lambda: api.get(path, headers=headers).status_code == 401, within=WITHIN)
    refused = api.get(path, headers=headers)
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="dateline", error="invalid_token"'
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "revoked" in keys("list").stdout
    assert "already" in keys("revoke", key).stdout
    assert keys("revoke", "nosuchkey000").returncode == 1


def test_who_may_read_writes_nothing(api: httpx.Client, keys: Keys) -> None:
    _, writes = made(keys, "admin")
    _, reads = made(keys)
    eventually(lambda: api.get("/searches", headers=reads).status_code == 200, within=WITHIN)
    path = api.post("/searches", json=SAVED, headers=writes).headers["Location"]
    before = api.get("/searches", headers=writes).json()
    for method, where in (("POST", "/searches"), ("PUT", path), ("DELETE", path), ("POST", f"{path}/test")):
        body = SAVED | {"name": "Mine"} if method != "DELETE" and where != f"{path}/test" else None
        refused = api.request(method, where, json=body, headers=reads)
        assert refused.status_code == 403, (method, where)
        assert 'scope="alert"' in refused.headers["WWW-Authenticate"]
    # The method that counts is the one that the request has, whatever it says of itself.
    for trick in ({"X-HTTP-Method-Override": "PUT"}, {"X-Original-URL": "/healthz"}, {"Host": "a/unsubscribe/"}):
        assert api.delete(path, headers={**reads, **trick}).status_code in (400, 403), trick
    assert api.get("/searches", headers=writes).json() == before


def test_what_was_answered_is_answered_shortly_while_it_stands(api: httpx.Client, keys: Keys) -> None:
    _, headers = made(keys, "alert")
    eventually(lambda: api.get("/searches", headers=headers).status_code == 200, within=WITHIN)
    first = api.get("/searches", headers=headers)
    has = {**headers, "If-None-Match": first.headers["ETag"]}
    again = api.get("/searches", headers=has)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["RateLimit"].startswith('"default";r=')
    for number in range(20):
        api.post("/searches", json=SAVED | {"name": f"Water {number}"}, headers=headers)
    changed = api.get("/searches", headers=has)
    assert changed.status_code == 200
    assert changed.headers["Content-Encoding"] == "gzip"
    assert len(changed.json()["searches"]) == 20


def test_keys_are_known_again_after_a_restart(servers: Servers, namespace: str, keys: Keys, api: httpx.Client) -> None:
    _, headers = made(keys)
    eventually(lambda: api.get("/searches", headers=headers).status_code == 200, within=WITHIN)
    settings = SearchSettings(kafka=servers.kafka, elasticsearch=servers.elasticsearch, namespace=namespace)
    for another in _api(settings):
        # Ready means that the keys have been read: nobody's is refused because it is not known yet.
        assert another.get("/searches", headers=headers).status_code == 200
