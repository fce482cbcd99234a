"""Where a stream is, and when it is taken up again: one logic for both clients, which only read and wait."""

import json
from typing import Generic

from httpx_sse import ServerSentEvent
from pydantic import ValidationError

from dateline_client.alerts import Gap
from dateline_client.asks import Event, Follow
from dateline_client.problem import Problem, Unreachable, Unreadable

RECONNECT = 2.0
"""Seconds before a stream is taken up again, where the server did not say."""

SHORTEST_PAUSE = 0.1
LONGEST_PAUSE = 30.0
"""Seconds between two tries while nobody answers, at least and at most."""

PASSES = {429, 502, 503, 504}
"""What a server says while it restarts, or a proxy in front of it."""


class Reading(Generic[Event]):
    """What one reader has had of a stream."""

    def __init__(self, follow: Follow[Event], last_event_id: str | int | None, patience: float) -> None:
        """`patience` is how many seconds in a row are waited for a server that is away."""
        self.follow = follow
        self.last_event_id = None if last_event_id is None else str(last_event_id)
        self._patience = patience
        self._reconnect = RECONNECT
        self._failures = 0
        self._waited = 0.0

    @property
    def headers(self) -> dict[str, str]:
        """What asks for a stream, and takes it up where it is."""
        asked = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        return asked if self.last_event_id is None else {**asked, "Last-Event-ID": self.last_event_id}

    def heard(self, event: ServerSentEvent) -> Event | Gap | None:
        """What this event tells; none where it only moves the place. Raises Unreadable."""
        self._failures, self._waited = 0, 0.0
        self.last_event_id = event.id or self.last_event_id
        if event.retry is not None:
            self._reconnect = max(event.retry / 1000, SHORTEST_PAUSE)
        if not event.data:
            return None
        id = self.last_event_id or ""
        try:
            if event.event == "gap":
                return Gap(id=id, **json.loads(event.data))
            # Other kinds are of a later version, and for readers who know them.
            return self.follow.event(id, event.data) if event.event == self.follow.kind else None
        except (ValidationError, ValueError, TypeError) as error:
            raise Unreadable(f"event {event.event} {id}: {error}") from error

    def pause(self, failure: Problem | Unreachable) -> float:
        """Seconds until it is taken up again after this. Raises what does not pass, and when patience is at its end."""
        if isinstance(failure, Problem) and failure.status not in PASSES:
            raise failure
        asked = failure.retry_after if isinstance(failure, Problem) else None
        seconds = max(min(self._reconnect * 2.0 ** min(self._failures, 10), LONGEST_PAUSE), asked or 0.0)
        if self._waited + seconds > self._patience:
            raise failure
        self._failures, self._waited = self._failures + 1, self._waited + seconds
        return seconds
