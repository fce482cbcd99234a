from typing import Any

from dateline_client import AsyncDateline
from tests.client.server import Server, first, said


def page(*ids: str, next: str | None, **more: Any) -> dict[str, Any]:
    developments = [
        {
            "id": one,
            "kind": "new_story",
            "reason": "A new story.",
            "score": 1.0,
            "story": "s",
            "article": {
                "id": "a",
                "url": "https://paper.example/a",
                "title": "A",
                "outlet": {"domain": "paper.example"},
                "published": "2026-11-22T12:00:00Z",
            },
        }
        for one in ids
    ]
    return {"developments": developments, "next": next, **more}


def pages() -> Server:
    # A page may be empty and yet go on.
    return Server([said(page("a", "b", next="2")), said(page(next="3+/")), said(page("c", next=None))])


PATHS = ["GET /developments?q=pact&size=2", "GET /developments?cursor=2", "GET /developments?cursor=3%2B%2F"]


def test_pages_follow_each_other_to_the_last() -> None:
    server = pages()
    with server.plain() as dateline:
        assert [one.id for one in dateline.developments("pact", size=2)] == ["a", "b", "c"]
    assert server.paths == PATHS


def test_awaited_pages_follow_each_other_too() -> None:
    server = pages()

    async def read(dateline: AsyncDateline) -> list[str]:
        return [one.id async for one in dateline.developments("pact", size=2)]

    assert server.run(read) == ["a", "b", "c"]
    assert server.paths == PATHS


def test_no_page_is_fetched_before_it_is_read() -> None:
    server = pages()
    with server.plain() as dateline:
        assert [one.id for one in first(dateline.developments("pact", size=2), 1)] == ["a"]
        assert len(server.asked) == 1


def test_a_field_that_is_not_known_yet_is_kept() -> None:
    server = Server([said(page("a", next=None, mood="glad"))])
    with server.plain() as dateline:
        told = dateline.developments().page()
    assert told.model_extra == {"mood": "glad"}
