"""A server of the tests' own, which gives the answers it was told one after the other, and keeps what it was asked."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import httpx

from dateline_client import AsyncDateline, Dateline, Retries

URL = "http://dateline.example"

Answer = httpx.Response | httpx.RequestError


@dataclass
class Server:
    """Either client can be tried against it; its pauses are kept too, and take no time."""

    answers: list[Answer]
    asked: list[httpx.Request] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def plain(self, key: str | None = None, retries: Retries = Retries()) -> Dateline:  # noqa: B008
        return Dateline(
            URL, key, retries=retries, transport=httpx.MockTransport(self._answer), sleep=self.pauses.append
        )

    def awaited(self, key: str | None = None, retries: Retries = Retries()) -> AsyncDateline:  # noqa: B008
        return AsyncDateline(URL, key, retries=retries, transport=httpx.MockTransport(self._answer), sleep=self._sleep)

    def run(self, what: Callable[[AsyncDateline], Awaitable[Any]]) -> Any:
        """What the client for asyncio gives."""

        async def run() -> Any:
            async with self.awaited() as dateline:
                return await what(dateline)

        return asyncio.run(run())

    @property
    def paths(self) -> list[str]:
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.asked]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, httpx.RequestError):
            raise answer
        # A response is read once, and may be the answer to several.
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


def said(body: Any, status: int = 200, **headers: str) -> httpx.Response:
    """An answer in JSON."""
    return httpx.Response(status, json=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


def problem(status: int, detail: str = "not now", retry_after: str | None = None, **more: Any) -> httpx.Response:
    """A failure as RFC 9457 has it."""
    headers = {"content-type": "application/problem+json", **({"retry-after": retry_after} if retry_after else {})}
    body = {"title": "A problem", "status": status, "detail": detail, **more}
    return httpx.Response(status, content=json.dumps(body), headers=headers)


def told(*lines: str) -> httpx.Response:
    """A stream of server-sent events, cut off after these lines."""
    return httpx.Response(
        200, content=("\n".join(lines) + "\n").encode(), headers={"content-type": "text/event-stream; charset=utf-8"}
    )


def first(items: Iterable[Any], number: int) -> list[Any]:
    """So many items, and none after."""
    return list(islice(items, number))
