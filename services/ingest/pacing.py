"""Ask one host one thing at a time, with a pause between, and not at all while it asks to be left alone."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from services.guard import is_allowed

# A host that wants a longer silence than this is not waited for; whoever asks is told, and comes back later.
_LONGEST_WAIT = 5.0


@dataclass(frozen=True)
class Turn:
    """One's turn at a host; `wait_until`, in seconds from now, if the host asked not to be asked before."""

    wait_until: float | None = None


@dataclass
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    silent_until: float = 0.0


class Pacing:
    """Turns at hosts. Hosts on the allow-list are our own: they are asked as fast as they answer."""

    def __init__(
        self,
        pause: float,
        allowed: frozenset[str] = frozenset(),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pause = pause
        self._allowed = allowed
        self._sleep = sleep
        self._clock = clock
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[Turn]:
        """Wait for the host to be free; then it is the caller's until the block ends."""
        host = self._host(url)
        if self._silence(host) > _LONGEST_WAIT:
            yield Turn(self._silence(host))
            return
        if self._is_ours(url):
            await self._sleep(max(0.0, self._silence(host)))
            yield Turn()
            return
        async with host.lock:
            silence = self._silence(host)
            if silence > _LONGEST_WAIT:
                yield Turn(silence)
                return
            await self._sleep(max(0.0, silence, host.free_at - self._clock()))
            try:
                yield Turn()
            finally:
                host.free_at = self._clock() + self._pause

    def pause(self, url: str, seconds: float) -> None:
        """The host asked to be left alone for so long."""
        host = self._host(url)
        host.silent_until = max(host.silent_until, self._clock() + seconds)

    def _host(self, url: str) -> _Host:
        return self._hosts.setdefault(urlsplit(url).netloc.lower(), _Host())

    def _silence(self, host: _Host) -> float:
        return host.silent_until - self._clock()

    def _is_ours(self, url: str) -> bool:
        parts = urlsplit(url)
        return is_allowed(parts.hostname or "", parts.port or 0, self._allowed)
