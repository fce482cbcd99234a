"""Ingest against a real broker: killed anywhere, it loses nothing, renumbers nothing, and stops when it is told to."""

import random
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from deploy.local.process import Child, free_port
from schemas.article import Article
from schemas.topics import ARTICLES
from services.ingest.identity import article_id
from services.ingest.replay import replay_files
from services.ingest.settings import IngestSettings
from tests.flow.conftest import RunService
from tests.flow.eventually import eventually
from tests.flow.kept import dead_letters, messages
from tests.flow.servers import Servers

pytestmark = pytest.mark.flow

# So many that a kill falls into the middle of them.
ARTICLES_IN_FEED = 60


class Publisher(ThreadingHTTPServer):
    """A publisher's site on loopback: a feed with an ETag, its pages, and a log of its answers."""

    daemon_threads = True

    def __init__(self, articles: int) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.articles = articles
        self.answers: list[tuple[str, int]] = []

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_port}"

    @property
    def feed(self) -> str:
        """The feed's URL."""
        return f"http://{self.host}/feed"

    def links(self) -> list[str]:
        """The articles' URLs."""
        return [f"http://{self.host}/{number}" for number in range(self.articles)]

    def ids(self) -> set[str]:
        """The ids that the articles must have."""
        return {article_id(link) for link in self.links()}


class _Answer(BaseHTTPRequestHandler):
    server: Publisher
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer one request."""
        if self.path == "/feed":
            items = "".join(f"<item><title>{link}</title><link>{link}</link></item>" for link in self.server.links())
            self._send(f'<rss version="2.0"><channel><title>The A</title>{items}</channel></rss>')
        elif self.path[1:].isdigit() and int(self.path[1:]) < self.server.articles:
            self._send(_page(int(self.path[1:])))
        else:
            self._say(404, b"", "")

    def _send(self, text: str) -> None:
        etag = f'"{sha256(text.encode()).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._say(304, b"", etag)
        else:
            self._say(200, text.encode(), etag)

    def _say(self, status: int, body: bytes, etag: str) -> None:
        self.server.answers.append((self.path, status))
        self.send_response(status)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep still; the answers are logged in a list."""


def _page(number: int) -> str:
    return (
        f"<!doctype html><html lang='en'><head><title>Report {number} from the lake</title></head><body><article>"
        f"<p>The ministers of both countries met in room {number} in Entebbe and spoke about the fishing fees.</p>"
        f"<p>Boat number {number} will patrol the northern shore under the new pact, the harbour master said.</p>"
        f"<p>Crews in port {number} welcomed the decision, and traders asked who would pay for the patrols.</p>"
        "</article></body></html>"
    )


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    server = Publisher(ARTICLES_IN_FEED)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def follow(run_service: RunService, publisher: Publisher, **env: str) -> Child:
    return run_service(
        "services.ingest",
        env={
            "DATELINE_FEED": publisher.feed,
            "DATELINE_ALLOW_HOSTS": publisher.host,
            "DATELINE_FEED_SECONDS_MIN": "0.2",
            "DATELINE_FEED_SECONDS_MAX": "0.5",
            **env,
        },
    )


def articles_on(servers: Servers, namespace: str) -> list[Article]:
    return [message for message in messages(servers, namespace, ARTICLES) if isinstance(message, Article)]


def test_killed_in_the_middle_of_a_feed_it_loses_no_article_and_makes_none_of_two(
    servers: Servers, namespace: str, run_service: RunService, publisher: Publisher
) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    for fetched in sorted(chance.sample(range(5, ARTICLES_IN_FEED), 3)):
        ingest = follow(run_service, publisher)
        eventually(lambda: len({path for path, _ in publisher.answers}) >= fetched, within=60, every=0.01)  # noqa: B023
        ingest.kill()
    follow(run_service, publisher)
    eventually(lambda: ("/feed", 304) in publisher.answers, within=60)
    articles = articles_on(servers, namespace)
    assert {article.id for article in articles} == publisher.ids(), f"seed {seed}"
    assert {article.revision for article in articles} == {1}, f"seed {seed}"


def test_a_feed_gets_longer_while_ingest_is_down(
    servers: Servers, namespace: str, run_service: RunService, publisher: Publisher
) -> None:
    publisher.articles = 3
    ingest = follow(run_service, publisher)
    eventually(lambda: ("/feed", 304) in publisher.answers, within=60)
    ingest.kill()
    publisher.articles = 5
    follow(run_service, publisher)
    eventually(lambda: {article.id for article in articles_on(servers, namespace)} == publisher.ids(), within=60)
    assert len(articles_on(servers, namespace)) == 5


def test_told_to_stop_it_stops_cleanly_and_the_next_one_repeats_nothing(
    servers: Servers, namespace: str, run_service: RunService, publisher: Publisher
) -> None:
    ingest = follow(run_service, publisher)
    eventually(lambda: len(publisher.answers) > 20, within=60, every=0.01)
    assert ingest.stop(within=15) == 0
    follow(run_service, publisher)
    eventually(lambda: ("/feed", 304) in publisher.answers, within=60)
    articles = articles_on(servers, namespace)
    assert len(articles) == len(publisher.ids()) == len({article.id for article in articles})


def test_an_outage_of_the_broker_is_waited_out_and_does_not_keep_it_from_stopping(
    servers: Servers, namespace: str, run_service: RunService, publisher: Publisher
) -> None:
    if servers.kafka_control is None:
        pytest.skip("the broker is not ours to stop")
    publisher.articles = 5
    servers.kafka_control.pause()
    try:
        ingest = follow(run_service, publisher)
        eventually(lambda: ("/0", 200) in publisher.answers or ("/4", 200) in publisher.answers, within=60)
        assert ingest.stop(within=15) == 0
        follow(run_service, publisher)
    finally:
        servers.kafka_control.resume()
    eventually(lambda: {article.id for article in articles_on(servers, namespace)} == publisher.ids(), within=90)
    assert not dead_letters(servers, namespace)


def test_what_a_push_was_told_is_published_is_on_the_broker_whatever_happens_next(
    servers: Servers, namespace: str, run_service: RunService
) -> None:
    port = free_port()
    ingest = run_service("services.ingest", env={"DATELINE_PUSH_PORT": str(port)})
    rows = [{"url": f"https://a.example/{number}", "text": f"Report {number} from the lake."} for number in range(200)]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
        eventually(lambda: client.get("/healthz").is_success, within=60)
        answers = client.post("/articles", json=rows).json()["articles"]
    ingest.kill()
    assert [answer["outcome"] for answer in answers] == ["published"] * 200
    assert {article.id for article in articles_on(servers, namespace)} == {answer["id"] for answer in answers}


def test_a_file_replayed_twice_is_published_once_and_its_broken_line_is_in_the_dead_letters(
    servers: Servers, namespace: str, tmp_path: Path
) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text('{"url": "https://a.example/1", "text": "Report 1 from the lake."}\n{"url": \n', "utf-8")
    settings = IngestSettings(kafka=servers.kafka, namespace=namespace, data=tmp_path)
    assert replay_files([path], settings) == {"published": 1, "undecodable": 1}
    assert replay_files([path], settings) == {"unchanged": 1, "undecodable": 1}
    assert len(articles_on(servers, namespace)) == 1
    letters = dead_letters(servers, namespace)
    # Buried twice, it is one letter.
    (letter_id,) = {letter.id for letter in letters}
    assert letter_id.startswith("ingest/news.jsonl/2/")
    assert letters[0].value == b'{"url": \n'


def test_a_port_in_use_is_said_in_one_line(run_service: RunService, publisher: Publisher) -> None:
    ingest = run_service("services.ingest", env={"DATELINE_PUSH_PORT": str(publisher.server_port)})
    assert ingest.wait(within=30) != 0
    [line] = ingest.output().strip().splitlines()
    assert line.startswith("ingest cannot start: 127.0.0.1:")
    assert "DATELINE_PUSH_PORT" in line
