"""What a site's robots.txt allows us (RFC 9309), read once and kept for a while."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from services.ingest.fetch import Away, Fetcher, Gone, TooBig

_OUR_NAME = "Dateline"
# RFC 9309: no longer than a day.
_KEPT_SECONDS = 12 * 3600.0
# RFC 9309: at least 500 KiB must be read; what is longer is cut there.
_MOST_BYTES = 512 * 1024


class Robots:
    """Asks each site for its robots.txt and answers out of it."""

    def __init__(self, fetcher: Fetcher, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._read: dict[str, tuple[float, Protego]] = {}

    async def allow(self, url: str) -> bool:
        """Whether we may fetch the URL. Raises `Away` while the site cannot say: RFC 9309 has us wait then."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        kept = self._read.get(site)
        if kept is None or kept[0] < self._clock():
            kept = (self._clock() + _KEPT_SECONDS, Protego.parse(await self._rules(f"{site}/robots.txt")))
            self._read[site] = kept
        return bool(kept[1].can_fetch(url, _OUR_NAME))

    async def _rules(self, url: str) -> str:
        try:
            fetched = await self._fetcher.fetch(url, at_most=_MOST_BYTES)
        except Gone:
            # No robots.txt (any 4xx) allows everything, says the RFC.
            return ""
        except TooBig as error:
            return error.start.decode("utf-8", "replace")
        except Away as error:
            raise Away(f"robots.txt: {error}", error.retry_after) from error
        return fetched.content.decode("utf-8", "replace")
