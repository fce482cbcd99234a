"""A reader of a stream, who can be cut off and come back."""

import json
import threading
from dataclasses import dataclass
from typing import Any, Self

import httpx


@dataclass(frozen=True)
class Event:
    """One server-sent event that has data."""

    kind: str
    id: str
    data: dict[str, Any]


class Listener:
    """Listens from a thread from the moment it is entered; `last_id` is what a browser would resume from."""

    def __init__(
        self, api: str, *, last_id: str | None = None, search: str | None = None, path: str = "/alerts/stream"
    ) -> None:
        self.events: list[Event] = []
        self.last_id = last_id
        self._url = f"{api}{path}" + (f"?search={search}" if search else "")
        self._closed = threading.Event()
        self._connected = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._connected.wait(10), "the stream did not begin"
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join(10)

    @property
    def ended(self) -> bool:
        """Whether the server has ended the stream."""
        return not self._thread.is_alive()

    def alerts(self) -> list[str]:
        """The ids of the alerts so far."""
        return self.ids("alert")

    def ids(self, kind: str) -> list[str]:
        """The ids of what came as events of this kind so far."""
        return [event.data["id"] for event in self.events if event.kind == kind]

    def _listen(self) -> None:
        headers = {} if self.last_id is None else {"Last-Event-ID": self.last_id}
        fields: dict[str, str] = {}
        try:
            with httpx.stream("GET", self._url, headers=headers, timeout=30) as answer:
                assert answer.status_code == 200, answer.read()
                for line in answer.iter_lines():
                    if self._closed.is_set():
                        return
                    # The first line, a comment at the latest, says that the stream has begun.
                    self._connected.set()
                    name, _, value = line.partition(": ")
                    if line and name:
                        fields[name] = value
                    elif not line:
                        self._take(fields)
                        fields = {}
        except httpx.HTTPError:
            return

    def _take(self, fields: dict[str, str]) -> None:
        if "id" in fields:
            self.last_id = fields["id"]
        if "data" in fields:
            self.events.append(Event(fields.get("event", "message"), self.last_id or "", json.loads(fields["data"])))
