"""A fetch says who we are, asks for changes only, keeps within its limits, and tells later from never."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import httpx
import pytest

from services.ingest.fetch import Away, Fetched, Fetcher, Gone, NotModified, TooBig
from services.ingest.seen import FeedState
from services.ingest.settings import IngestSettings
from tests.ingest.fakes import Answer, FakeWeb

URL = "https://a.example/feed"
SETTINGS = IngestSettings(host_pause=0, fetch_seconds=0.5, contact="desk@reader.example")


def fetch(answer: Answer, state: FeedState | None = None, at_most: int = 1_000) -> tuple[Fetched, httpx.Request]:
    web = FakeWeb({URL: answer})

    async def once() -> Fetched:
        fetcher = Fetcher(SETTINGS, web)
        try:
            return await fetcher.fetch(URL, at_most=at_most, state=state)
        finally:
            await fetcher.close()

    return asyncio.run(once()), web.asked[-1]


def packed(body: bytes, coding: str = "gzip") -> httpx.Response:
    return httpx.Response(200, headers={"Content-Encoding": coding}, stream=httpx.ByteStream(body))


def test_a_page_comes_with_what_it_takes_to_ask_again() -> None:
    headers = {"ETag": '"1"', "Last-Modified": "Wed, 04 Mar 2026 10:00:00 GMT", "Content-Type": "text/html"}
    fetched, asked = fetch(httpx.Response(200, headers=headers, content=b"news"))
    assert (fetched.content, fetched.content_type) == (b"news", "text/html")
    assert fetched.state == FeedState('"1"', "Wed, 04 Mar 2026 10:00:00 GMT")
    assert asked.headers["User-Agent"].startswith("Dateline/")
    assert "desk@reader.example" in asked.headers["User-Agent"]


def test_it_asks_only_for_what_changed_since() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["If-None-Match"] == '"1"'
        assert request.headers["If-Modified-Since"] == "Wed"
        return httpx.Response(304)

    with pytest.raises(NotModified):
        fetch(answer, FeedState('"1"', "Wed"))


def test_not_modified_says_nothing_to_one_who_did_not_ask_for_changes() -> None:
    with pytest.raises(Gone, match="HTTP 304"):
        fetch(httpx.Response(304))


def test_it_does_not_ask_again_with_what_it_could_not_send() -> None:
    headers = [(b"ETag", '"é"'.encode("latin-1")), (b"Last-Modified", b"Wed")]
    fetched, _ = fetch(httpx.Response(200, headers=headers))
    assert fetched.state == FeedState(None, "Wed")


def test_a_redirect_is_followed_and_the_last_url_is_said() -> None:
    web = FakeWeb(
        {URL: httpx.Response(301, headers={"Location": "/new"}), "https://a.example/new": httpx.Response(200)}
    )
    fetched = asyncio.run(Fetcher(SETTINGS, web).fetch(URL, at_most=10))
    assert fetched.url == "https://a.example/new"


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again_later(status: int) -> None:
    with pytest.raises(Away):
        fetch(httpx.Response(status))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_refusal_is_for_good(status: int) -> None:
    with pytest.raises(Gone):
        fetch(httpx.Response(status))


def test_redirects_without_end_are_given_up() -> None:
    with pytest.raises(Gone):
        fetch(lambda request: httpx.Response(302, headers={"Location": str(request.url)}))


def test_a_host_that_asks_for_silence_is_left_alone() -> None:
    web = FakeWeb({URL: httpx.Response(429, headers={"Retry-After": "120"})})

    async def twice() -> list[float | None]:
        fetcher, said = Fetcher(SETTINGS, web), []
        for _ in range(2):
            with pytest.raises(Away) as away:
                await fetcher.fetch(URL, at_most=10)
            said.append(away.value.retry_after)
        return said

    first, second = asyncio.run(twice())
    assert first == 120
    assert second == pytest.approx(120, abs=5)
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        (b"999999999", 24 * 3600),
        (b"soon", None),
        (b"Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("²".encode("latin-1"), None),
        (b"Thu, 01 Jan 2026 00:00:00 +99999999999999999999", None),
    ],
)
def test_a_retry_after_that_cannot_be_meant_is_not_obeyed(words: bytes, seconds: float | None) -> None:
    with pytest.raises(Away) as away:
        fetch(httpx.Response(503, headers=[(b"Retry-After", words)]))
    assert away.value.retry_after == seconds


def test_a_page_that_is_too_long_is_cut_off() -> None:
    with pytest.raises(TooBig) as cut:
        fetch(httpx.Response(200, content=b"x" * 2_000))
    assert cut.value.start == b"x" * 1_000


def test_a_zip_bomb_is_unpacked_no_further_than_the_limit() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with pytest.raises(TooBig) as cut:
        fetch(lambda request: packed(bomb))
    assert len(cut.value.start) == 1_000


def test_a_packed_page_is_unpacked() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(gzip.compress(b"news"))
        )

    assert fetch(answer)[0].content == b"news"


@pytest.mark.parametrize(("coding", "body"), [("br", b"news"), ("gzip", b"news")])
def test_a_body_packed_otherwise_than_we_asked_is_refused(coding: str, body: bytes) -> None:
    with pytest.raises(Gone):
        fetch(lambda request: packed(body, coding))


def test_a_server_that_sends_a_byte_now_and_then_is_cut_off() -> None:
    sent = 0

    class Drip(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            nonlocal sent
            while True:
                sent += 1
                await asyncio.sleep(0.01)
                yield b"x"

    with pytest.raises(Away, match=r"not done within 0\.5 s"):
        fetch(lambda request: httpx.Response(200, stream=Drip()), at_most=1_000_000)
    # One each hundredth of a second, for half a second.
    assert sent <= 60


def test_a_connection_that_breaks_is_tried_again_later() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("reset")

    with pytest.raises(Away, match="reset"):
        fetch(answer)
