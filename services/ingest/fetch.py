"""Fetch a page or a feed as a publisher would have it: paced, conditional, within limits, under our own name."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from services import VERSION
from services.guard import GuardedTransport, Refused
from services.ingest.pacing import Pacing
from services.ingest.seen import FeedState
from services.ingest.settings import IngestSettings
from services.telemetry import timed

__all__ = ["Away", "Fetched", "Fetcher", "Gone", "NotModified", "Refused", "TooBig"]

_MOST_REDIRECTS = 5
# A publisher that says "in a week" has made a mistake that we should notice sooner.
_LONGEST_RETRY_AFTER = 24 * 3600.0
# 408, 425 and 429 say "not now"; so does every 5xx. All other refusals are for good.
_NOT_NOW = frozenset({408, 425, 429})


class Away(Exception):
    """The server cannot answer now; try again, after `retry_after` seconds if it said so."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Gone(Exception):
    """The server says that there is nothing for us at this URL."""


class TooBig(ValueError):
    """The answer is longer than we take; `start` is what was read of it."""

    def __init__(self, reason: str, start: bytes) -> None:
        super().__init__(reason)
        self.start = start


class NotModified(Exception):
    """The server says that nothing is new since last time."""


@dataclass(frozen=True)
class Fetched:
    """What a server answered: the URL after redirects, the bytes unpacked, and how to ask again."""

    url: str
    content: bytes
    content_type: str
    state: FeedState


class Fetcher:
    """One for the process: it knows which host was asked when. Close it at the end."""

    def __init__(
        self,
        settings: IngestSettings,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._pacing = Pacing(settings.host_pause, settings.allowed, sleep)
        self._client = httpx.AsyncClient(
            transport=transport or GuardedTransport(settings.allowed),
            headers={
                "User-Agent": user_agent(settings.contact),
                "Accept": "text/html, application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5",
                # Only what _unpacked can unpack within a limit.
                "Accept-Encoding": "gzip, deflate",
            },
            timeout=httpx.Timeout(settings.fetch_seconds, connect=min(10.0, settings.fetch_seconds)),
            follow_redirects=True,
            max_redirects=_MOST_REDIRECTS,
            trust_env=False,
        )

    async def fetch(self, url: str, *, at_most: int, state: FeedState | None = None) -> Fetched:
        """Fetch one URL; `state` asks for it only if it changed.

        Raises `NotModified`, `Away` (later), `Gone`, `Refused`, `TooBig` (never).
        """
        wanted = {}
        if state is not None and state.etag:
            wanted["If-None-Match"] = state.etag
        if state is not None and state.last_modified:
            wanted["If-Modified-Since"] = state.last_modified
        async with self._pacing.turn(url) as turn:
            if turn.wait_until is not None:
                raise Away("the host asked not to be asked yet", turn.wait_until)
            with timed("ingest", "fetch"):
                try:
                    # The client's time-outs are for each read; this one is for a server that sends a byte a second.
                    async with asyncio.timeout(self._settings.fetch_seconds):
                        return await self._get(url, wanted, at_most)
                except Away as error:
                    if error.retry_after is not None:
                        self._pacing.pause(url, error.retry_after)
                    raise
                except TimeoutError as error:
                    raise Away(f"not done within {self._settings.fetch_seconds} s") from error
                except httpx.TooManyRedirects as error:
                    raise Gone(f"more than {_MOST_REDIRECTS} redirects") from error
                except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
                    raise Gone(f"redirected to no URL: {error}") from error
                except httpx.HTTPError as error:
                    raise Away(f"{type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _get(self, url: str, wanted: dict[str, str], at_most: int) -> Fetched:
        async with self._client.stream("GET", url, headers=wanted) as answer:
            # A 304 to a question without a condition says nothing: it is one of the answers that hold no page.
            if answer.status_code == httpx.codes.NOT_MODIFIED and wanted:
                raise NotModified(url)
            if answer.status_code in _NOT_NOW or answer.is_server_error:
                raise Away(f"HTTP {answer.status_code}", _retry_after(answer.headers.get("Retry-After")))
            if not answer.is_success:
                raise Gone(f"HTTP {answer.status_code}")
            content = b""
            async for piece in _unpacked(answer, at_most):
                content += piece
                if len(content) > at_most:
                    raise TooBig(f"more than {at_most} bytes", content[:at_most])
            return Fetched(
                url=str(answer.url),
                content=content,
                content_type=answer.headers.get("Content-Type", ""),
                state=FeedState(_sendable(answer.headers.get("ETag")), _sendable(answer.headers.get("Last-Modified"))),
            )


def user_agent(contact: str) -> str:
    """Who we are, and whom to turn to."""
    ours = f"Dateline/{VERSION}"
    return f"{ours} (+{contact})" if contact else f"{ours} (news reader)"


async def _unpacked(answer: httpx.Response, at_most: int) -> AsyncIterator[bytes]:
    """The body, unpacked no further than one byte beyond the limit: httpx's own unpacking knows no limit."""
    coding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if coding in {"", "identity"}:
        async for piece in answer.aiter_raw():
            yield piece
        return
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise Gone(f"packed as {coding!r}, which we did not ask for")
    # 47: gzip or zlib, whichever it is; some servers send raw deflate, which none of the big ones do.
    unpacker, left = zlib.decompressobj(47), at_most + 1
    try:
        async for packed in answer.aiter_raw():
            piece = unpacker.decompress(packed, left)
            left -= len(piece)
            yield piece
            if left <= 0:
                return
    except zlib.error as error:
        raise Gone(f"packed as {coding}, but broken: {error}") from error


def _sendable(words: str | None) -> str | None:
    """What can be sent back as a header: a server's word in another alphabet cannot, and is not asked with."""
    return words if words and words.isascii() else None


def _retry_after(words: str | None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> float | None:
    if not words:
        return None
    if words.strip().isdecimal():
        seconds = float(words)
    else:
        try:
            seconds = (parsedate_to_datetime(words) - now()).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return None
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER)
