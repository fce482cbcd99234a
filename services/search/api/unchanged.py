"""Answer a reader who has this already with 304 alone: an ETag from what is said, for whatever can be kept."""

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_GOES_ALONG = {"etag", "cache-control", "vary", "x-request-id", "date", "expires"}
"""What a 304 repeats (RFC 9110, 15.4.5)."""


class Unchanged:
    """Plain ASGI; only a `GET`'s whole answer is held until it is known, never a stream."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; a whole 200 gets a weak tag, or becomes a 304 where the reader has it."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        has = Headers(scope=scope).getlist("if-none-match")
        start: Message | None = None

        async def hold(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _can_be_kept(message):
                start = message
                return
            if start is not None:
                held, start = start, None
                if not message.get("more_body"):
                    held, message = _tagged(held, message, has)
                await send(held)
            await send(message)

        await self._app(scope, receive, hold)


def _can_be_kept(start: Message) -> bool:
    """Whether this begins a whole answer: a stream does not say how long it will be."""
    headers = Headers(raw=start["headers"])
    whole = "content-length" in headers and "etag" not in headers
    return start["status"] == 200 and whole and "no-store" not in headers.get("cache-control", "")


def _tagged(start: Message, body: Message, has: list[str]) -> tuple[Message, Message]:
    tag = f'W/"{hashlib.sha256(body.get("body", b"")).hexdigest()[:32]}"'
    headers = MutableHeaders(raw=list(start["headers"]))
    headers["ETag"] = tag
    # It may be another answer at any time, and another reader's key may not be for it.
    headers.setdefault("Cache-Control", "private, no-cache")
    if not _matches(tag, has):
        return {**start, "headers": headers.raw}, body
    kept = [(name, value) for name, value in headers.raw if name.decode("latin-1").lower() in _GOES_ALONG]
    return {**start, "status": 304, "headers": kept}, {**body, "body": b""}


def _matches(tag: str, has: list[str]) -> bool:
    """Compare weakly, as a GET may."""
    told = [one.strip() for line in has for one in line.split(",")]
    return "*" in told or tag.removeprefix("W/") in {one.removeprefix("W/") for one in told}
