"""What robots.txt says is obeyed; what it cannot say for now is waited for."""

import asyncio

import httpx
import pytest

from services.ingest.fetch import Away, Fetcher
from services.ingest.robots import Robots
from services.ingest.settings import IngestSettings
from tests.ingest.fakes import Answer, FakeWeb

RULES = "User-agent: *\nDisallow: /private\n\nUser-agent: dateline\nDisallow: /archive\n"


def allowed(robots: Answer | None, *paths: str) -> tuple[list[bool], FakeWeb]:
    web = FakeWeb({} if robots is None else {"https://a.example/robots.txt": robots})
    asker = Robots(Fetcher(IngestSettings(host_pause=0), web))

    async def ask() -> list[bool]:
        return [await asker.allow(f"https://a.example{path}") for path in paths]

    return asyncio.run(ask()), web


def test_our_own_group_is_the_one_that_counts() -> None:
    assert allowed(httpx.Response(200, text=RULES), "/private/1", "/archive/1", "/1")[0] == [True, False, True]


def test_a_site_is_asked_once() -> None:
    assert len(allowed(httpx.Response(200, text=RULES), "/1", "/2", "/3")[1].asked) == 1


def test_a_site_without_robots_allows_everything() -> None:
    assert allowed(None, "/1")[0] == [True]


def test_while_a_site_cannot_say_it_is_left_alone() -> None:
    with pytest.raises(Away, match=r"robots\.txt"):
        allowed(httpx.Response(503), "/1")


def test_an_endless_robots_txt_is_read_as_far_as_the_standard_asks() -> None:
    long = RULES + "# " + "x" * 600_000
    assert allowed(httpx.Response(200, text=long), "/archive/1")[0] == [False]
