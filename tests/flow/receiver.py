"""A receiver of webhooks on loopback: it remembers what it was sent, and answers as it is told to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    """What is answered: a status, and headers."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        """Its webhook-id."""
        return self.headers["webhook-id"]


class Receiver:
    """Answers with `answers` in turn, and with the last one from there on; `before` is called ahead of each answer."""

    def __init__(self, *answers: Answer) -> None:
        self.told: list[Told] = []
        self.answers = list(answers or (Answer(),))
        self.before: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def host(self) -> str:
        """Host and port, as an allow-list has them."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """Where it takes webhooks."""
        return f"http://{self.host}/hook"

    def ids(self) -> list[str]:
        """The webhook-ids so far, in order."""
        return [told.id for told in self.told]

    @contextmanager
    def listening(self) -> Iterator["Receiver"]:
        """Listen for the length of the block."""
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()

    def _take(self, told: Told) -> Answer:
        with self._lock:
            self.told.append(told)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.before()
        return answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = receiver._take(Told(self.path, headers, body))
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing: pytest shows enough."""

        return Handler
