"""Let in who may come in: by a key and for what it may do, or without one from this machine to this machine."""

import asyncio
import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.key import Key
from schemas.key import Scope as May
from services.search.api.allowance import Allowance, Turn
from services.search.api.nearness import is_from_here, who
from services.search.api.parts import Parts
from services.search.api.problems import Problem, away, shown
from services.search.keys import Keys
from services.search.settings import SearchSettings
from services.telemetry import get_log

log = get_log("api")

MOST_BODY = 1_000_000
"""Bytes of a request's body: the longest question there may be is a tenth of it."""

UNCOUNTED = frozenset({"/healthz", "/readyz"})
_OPEN = re.compile(r"/|/healthz|/readyz|/docs|/docs/parts/.*|/openapi\.json|/unsubscribe/.*", re.DOTALL)
_QUESTION = re.compile(r"/articles(/.*)?|/searches/backtest", re.DOTALL)
_BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE)

MAY: dict[May, frozenset[May]] = {
    "read": frozenset({"read"}),
    "alert": frozenset({"read", "alert"}),
    "push": frozenset({"push"}),
    "admin": frozenset({"read", "alert", "push", "admin"}),
}
"""What each scope allows."""


class Revoked(Exception):
    """The key of a stream under way opens nothing any more."""


def needed(method: str, path: str) -> May | None:
    """What a key must be allowed for this; none where no key is needed. What is not known changes something."""
    if _OPEN.fullmatch(path):
        return None
    asks = method in ("GET", "HEAD") or (method == "POST" and _QUESTION.fullmatch(path))
    return "read" if asks else "alert"


def declare_keys(described: dict[str, Any]) -> None:
    """Say in the API's description which path needs which scope, and that on loopback it may go without a key."""
    told = "A key as `dateline keys create` shows it. From this machine to an API on loopback none is needed."
    described["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "bearerFormat": "dl_<id>_<secret>", "description": told}
    }
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            may = needed(method.upper(), path)
            operation["security"] = [] if may is None else [{"key": [may]}, {}]


class Access:
    """Plain ASGI, before everything that reads a body or looks something up."""

    def __init__(self, app: ASGIApp, settings: SearchSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._bound_to = settings.api_host
        self._origins = settings.origins
        self._keyless = settings.api_keyless
        self._allowance = Allowance(settings.api_requests_a_minute, clock)
        self._checking = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if it may come in, and say what is left to its sender; a problem says why it may not."""
        if scope["type"] != "http" or scope["path"] in UNCOUNTED:
            await self._app(scope, receive, send)
            return
        request, entry = Request(scope), _Entry(send)
        try:
            await self._admit(request, entry)
            receive = await _whole(request, receive)
        except Problem as refused:
            await shown(request, refused)(scope, receive, entry.send)
            return
        try:
            await self._app(scope, receive, entry.send)
        except* Revoked:
            log.info("cut off, its key is revoked", key=entry.key.id if entry.key else "")
            if entry.is_endless:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            # What has an end is left without it, so that the server breaks the connection off: half is not the whole.

    async def _admit(self, request: Request, entry: "_Entry") -> None:
        """Raise the problem for which the request stays outside."""
        parts: Parts = request.app.state.parts
        # Not the URL's path: that is read with the `Host` before it, which says what its sender likes.
        may = needed(request.method, request.scope["path"])
        given = request.headers.getlist("authorization")
        is_free = self._keyless and not given and is_from_here(request, self._bound_to, self._origins)
        if may is None or is_free:
            self._count(entry, f"address {who(request)}")
            return
        if not given:
            self._count(entry, f"address {who(request)}")
            raise _unknown("a key is needed: Authorization: Bearer dl_…; `dateline keys create` makes one")
        if not parts.keys.wait(0):
            raise away("the list of keys")
        key = await self._key(given, parts.keys, request, entry)
        self._count(entry, f"key {key.id}")
        entry.keys, entry.key = parts.keys, key
        request.state.key = key.id
        if not any(may in MAY[scope] for scope in key.scopes):
            raise Problem(
                HTTPStatus.FORBIDDEN,
                f"this key may {', '.join(key.scopes)}; this needs {may}",
                headers={"WWW-Authenticate": f'Bearer realm="dateline", error="insufficient_scope", scope="{may}"'},
            )

    async def _key(self, given: list[str], keys: Keys, request: Request, entry: "_Entry") -> Key:
        """The key that was shown; what was not known to be right before counts against the address that shows it."""
        found = _BEARER.fullmatch(given[0].strip()) if len(given) == 1 else None
        text = found[1] if found else ""
        key = keys.candidate(text)
        good = None if key is None else keys.remembered(key, text)
        if key is not None and good:
            return key
        self._count(entry, f"address {who(request)}")
        if key is not None and good is None:
            # One at a time: each takes 19 MiB and a core for 50 ms, and whoever guesses must not take them all.
            async with self._checking:
                good = await asyncio.to_thread(keys.check, key, text)
        if key is None or not good or not keys.is_good(key):
            raise _unknown("this is no key, or it was revoked", ', error="invalid_token"')
        return key

    def _count(self, entry: "_Entry", reader: str) -> None:
        entry.turn = self._allowance.take(reader)
        if entry.turn is not None and entry.turn.wait:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"more than {entry.turn.limit} requests a minute; `Retry-After` says when the next is taken",
            )


async def _whole(request: Request, receive: Receive) -> Receive:
    """The body, read before anything is made of it, since there is an end to what is read. Raises a problem."""
    if request.method in ("GET", "HEAD", "OPTIONS", "DELETE"):
        return receive
    messages: list[Message] = []
    size = 0
    while not messages or messages[-1].get("more_body"):
        messages.append(await receive())
        size += len(messages[-1].get("body", b""))
        if size > MOST_BODY:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a body of at most {MOST_BODY:,} bytes is read")
    left = iter(messages)

    async def again() -> Message:
        return next(left, None) or await receive()

    return again


class _Entry:
    """How one request came in, and its way out."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.turn: Turn | None = None
        self.keys: Keys | None = None
        self.key: Key | None = None
        self.is_endless = False

    async def send(self, message: Message) -> None:
        """Send on with what is left to the reader. Raises `Revoked` when a stream's key has been taken back."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(self.turn.headers() if self.turn else {})
            self.is_endless = headers.get("content-type", "").startswith("text/event-stream")
        if message.get("more_body") and self.keys and self.key and not self.keys.is_good(self.key):
            raise Revoked
        await self._send(message)


def _unknown(detail: str, error: str = "") -> Problem:
    return Problem(HTTPStatus.UNAUTHORIZED, detail, headers={"WWW-Authenticate": f'Bearer realm="dateline"{error}'})
