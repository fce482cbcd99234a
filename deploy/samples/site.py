"""Serve the sample news over HTTP, all at once or one article after the other: `python -m deploy.samples.site`."""

import contextlib
import json
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Annotated

import typer

from deploy.samples.collection import SampleArticle, SampleOutlet, sample_articles, sample_outlets
from deploy.samples.feeds import feed, feed_path, sample_feeds
from deploy.samples.pages import article_page, front_page, outlet_page

DEFAULT_PORT = 8082
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What the site says to one request."""

    status: HTTPStatus
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """The sample news as of `started`; with a drip, `first` articles are there and one more comes every `drip` seconds.

    Publishing times count back from the full hour, so that a site started twice within it says the same. A drip begins
    with `drips_from`, and until that is known nothing is added: nobody should miss the news because they started late.
    """

    base_url: str
    started: datetime
    drip: float = 0
    first: int = 8
    drips_from: datetime | None = None

    @property
    def anchor(self) -> datetime:
        """The moment from which the articles' ages are counted back."""
        return self.started.replace(minute=0, second=0, microsecond=0)

    def visible(self, now: datetime) -> tuple[SampleArticle, ...]:
        """The articles that have appeared by `now`, oldest first."""
        if not self.drip:
            return sample_articles()
        dripped = max(0.0, (now - self.drips_from).total_seconds()) / self.drip if self.drips_from else 0
        return sample_articles()[: self.first + int(dripped)]

    def appeared(self, article: SampleArticle) -> datetime:
        """When the article came onto the site, to the second, as HTTP tells it."""
        late = max(0, sample_articles().index(article) + 1 - self.first) * self.drip
        since = self.drips_from if late and self.drips_from else self.started
        return (since + timedelta(seconds=late)).replace(microsecond=0)

    def answer(self, path: str, headers: Mapping[str, str], now: datetime) -> Answer:
        """Answer GET `path`: 200, 304 where the client has it already, 301 to a folder's slash, or 404.

        The names of headers are in title case.
        """
        path = path.partition("?")[0]
        if path.strip("/") in sample_outlets() and not path.endswith("/"):
            return Answer(HTTPStatus.MOVED_PERMANENTLY, headers={"Location": f"{self.base_url}{path}/"})
        found = self._find(path, now)
        if found is None:
            return Answer(HTTPStatus.NOT_FOUND, b"<h1>Not found</h1>\n", {"Content-Type": HTML})
        body, kind, modified = found
        validators = {
            "ETag": f'"{sha256(body).hexdigest()[:20]}"',
            "Last-Modified": format_datetime(modified, usegmt=True),
            "Cache-Control": "max-age=0",
        }
        if _unchanged(headers, validators["ETag"], modified):
            return Answer(HTTPStatus.NOT_MODIFIED, headers=validators)
        return Answer(HTTPStatus.OK, body, {"Content-Type": kind, **validators})

    def _find(self, path: str, now: datetime) -> tuple[bytes, str, datetime] | None:
        started = self.started.replace(microsecond=0)
        if path == "/":
            return front_page(sample_outlets().values(), self.base_url).encode(), HTML, started
        if path == "/robots.txt":
            return b"User-agent: *\nAllow: /\n", "text/plain; charset=utf-8", started
        if path == "/feeds.json":
            feeds = [asdict(spec) for spec in sample_feeds(self.base_url)]
            return json.dumps(feeds, indent=1, ensure_ascii=False).encode(), "application/json", started
        for outlet in sample_outlets().values():
            if path.startswith(f"/{outlet.slug}/"):
                return self._find_of(outlet, path, now)
        return None

    def _find_of(self, outlet: SampleOutlet, path: str, now: datetime) -> tuple[bytes, str, datetime] | None:
        articles = [article for article in self.visible(now) if article.outlet is outlet]
        updated = max((self.appeared(article) for article in articles), default=self.started.replace(microsecond=0))
        if path == f"/{outlet.slug}/":
            return outlet_page(outlet, articles, self.base_url).encode(), HTML, updated
        if path == feed_path(outlet):
            body = feed(outlet, articles, self.anchor, updated, self.base_url)
            return body, f"application/{outlet.feed}+xml; charset=utf-8", updated
        for position, article in enumerate(articles):
            if path == f"/{article.path}":
                # Older ones only: they are always there, so the page never changes.
                related = articles[max(0, position - 3) : position]
                page = article_page(article, related, self.anchor, self.base_url)
                return page.encode(), HTML, self.appeared(article)
        return None


def _unchanged(headers: Mapping[str, str], etag: str, modified: datetime) -> bool:
    """If-None-Match alone decides where it is given (RFC 9110, 13.2.2); a date that cannot be read asks nothing."""
    if tags := headers.get("If-None-Match"):
        return tags.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
    try:
        since = parsedate_to_datetime(headers.get("If-Modified-Since", ""))
    except ValueError:
        return False
    return modified <= (since if since.tzinfo else since.replace(tzinfo=UTC))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: in two, the second waits 40 ms for the first to be acknowledged
    server: "_Server"

    def do_GET(self) -> None:
        """Answer with the body."""
        self._send(with_body=True)

    def do_HEAD(self) -> None:
        """Answer without it."""
        self._send(with_body=False)

    def _send(self, *, with_body: bool) -> None:
        asked = {name.title(): value for name, value in self.headers.items()}
        answer = self.server.site_at(now := datetime.now(UTC), self.path).answer(self.path, asked, now)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if with_body and answer.body:
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what was fetched is ingest's to tell."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client that keeps its connection open must not hold up Ctrl-C

    def __init__(self, port: int, drip: float, first: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.site = Site(f"http://127.0.0.1:{self.server_port}", datetime.now(UTC), drip=drip, first=first)
        self._first_asked = threading.Lock()

    def site_at(self, now: datetime, path: str) -> Site:
        """The site, its drip begun by the first request for a feed."""
        with self._first_asked:
            if self.site.drips_from is None and path in {feed_path(outlet) for outlet in sample_outlets().values()}:
                self.site = replace(self.site, drips_from=now)
            return self.site


@contextlib.contextmanager
def serving(port: int = 0, drip: float = 0, first: int = 8) -> Iterator[str]:
    """Serve from a thread of this process, on any free port by default; gives the base URL."""
    server = _Server(port, drip, first)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.site.base_url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def main(
    port: Annotated[int, typer.Option(help="where to listen, on loopback")] = DEFAULT_PORT,
    drip: Annotated[float, typer.Option(min=0, help="seconds between two articles; 0 shows all at once")] = 0,
    first: Annotated[int, typer.Option(min=0, help="articles that are there at the start of a drip")] = 8,
) -> None:
    """Serve the sample news until SIGTERM or Ctrl-C."""
    try:
        server = _Server(port, drip, first)
    except OSError as taken:
        print(
            f"the sample site cannot listen on 127.0.0.1:{port}: {taken.strerror}; choose another --port",
            file=sys.stderr,
        )
        raise typer.Exit(1) from taken

    def stop(_signal: int, _frame: object) -> None:
        # From a thread of its own: shutdown waits for serve_forever, which this handler interrupts.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"sample news: {len(sample_articles())} invented articles at {server.site.base_url}/", flush=True)
    server.serve_forever(poll_interval=0.2)
    server.server_close()


if __name__ == "__main__":
    typer.run(main)
