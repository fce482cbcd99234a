"""Stand-ins for what ingest reaches out to: a broker and the publishers' servers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from schemas.article import Article, Outlet
from schemas.dead_letter import DeadLetter
from schemas.message import Message
from schemas.topics import Topic
from services.ingest.identity import article_id

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TEXT = (
    "Kenya and Uganda signed a mutual aid pact in Entebbe on Tuesday after two days of talks. "
    "Twenty-four boats will patrol the lake under one control room, the ministers said. "
    "Fishing crews on both shores welcomed the news, and traders asked who would pay for it. "
    "A second round of talks, on fees at the border, is to begin in Kisumu next month."
)


class Crash(BaseException):
    """The process is killed here."""


@dataclass
class FakeBroker:
    """Keeps what it acknowledged; `crash_after` and `crash_before` kill the process around an acknowledgement."""

    articles: list[Article] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    crash_before: bool = False
    crash_after: bool = False

    def publish_all(self, topic: Topic, messages: Iterable[Message]) -> None:
        """Acknowledge all of them."""
        if self.crash_before:
            raise Crash
        for message in messages:
            assert isinstance(message, Article)
            self.articles.append(message)
        if self.crash_after:
            raise Crash

    def bury(self, letter: DeadLetter) -> None:
        """Acknowledge the letter."""
        self.letters.append(letter)


Answer = httpx.Response | Callable[[httpx.Request], httpx.Response]


@dataclass
class FakeWeb(httpx.AsyncBaseTransport):
    """Servers that answer by URL, and remember what they were asked; what they do not have is 404."""

    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        self.asked.append(request)
        answer = self.pages.get(str(request.url))
        if answer is None:
            return httpx.Response(404)
        if callable(answer):
            return answer(request)
        # A fresh one each time, unread, as from a server.
        stream = httpx.ByteStream(answer.content)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=stream)

    def urls(self) -> list[str]:
        """The URLs that were asked for, in order."""
        return [str(request.url) for request in self.asked]


def article(url: str = "https://a.example/one", text: str = TEXT, title: str = "Pact signed") -> Article:
    """An article as it comes to the intake."""
    return Article(
        id=article_id(url),
        url=url,
        fetched_url=url,
        outlet=Outlet(domain="a.example"),
        title=title,
        text=text,
        published=NOW,
        seen=NOW,
    )


def page(title: str = "Pact signed", text: str = TEXT, head: str = "") -> str:
    """An article's page as a publisher's system makes it."""
    paragraphs = "".join(f"<p>{part.strip()}.</p>" for part in text.split(". ") if part.strip())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} - The A</title>'
        f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="The A">{head}</head><body>'
        f'<nav><a href="/">Home</a></nav><main><article><h1>{title}</h1>{paragraphs}</article></main></body></html>'
    )


def feed(*links: str, title: str = "The A", date: str = "Wed, 04 Mar 2026 10:00:00 GMT") -> bytes:
    """An RSS feed of these links, newest first."""
    items = "".join(
        f"<item><title>{link.rsplit('/', 1)[-1]}</title><link>{link}</link><pubDate>{date}</pubDate></item>"
        for link in links
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'.encode()
