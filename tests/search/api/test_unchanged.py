"""A reader who has an answer is not sent it again; a stream is never held back."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from services.search.api.unchanged import Unchanged

ANSWERS: dict[str, Any] = {
    "/whole": lambda: JSONResponse({"a": 1}, headers={"Vary": "Accept-Encoding", "X-Other": "x"}),
    "/other": lambda: JSONResponse({"a": 2}),
    "/stream": lambda: StreamingResponse(iter(["a", "b"])),
    "/private": lambda: Response("x", headers={"Cache-Control": "no-store"}),
    "/failed": lambda: JSONResponse({}, 404),
    "/own": lambda: Response("x", headers={"ETag": '"own"'}),
}


async def answer(request: Request) -> Response:
    made: Response = ANSWERS[request.url.path]()
    return made


@pytest.fixture
def client() -> TestClient:
    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    app.add_middleware(Unchanged)
    return TestClient(app)


def test_what_the_reader_has_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/whole")
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    assert first.headers["Cache-Control"] == "private, no-cache"
    for has in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        again = client.get("/whole", headers={"If-None-Match": has})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert again.headers["Vary"] == "Accept-Encoding"
        assert "Content-Length" not in again.headers
        assert "Content-Type" not in again.headers


def test_another_answer_is_sent(client: TestClient) -> None:
    tag = client.get("/whole").headers["ETag"]
    for has in (tag, "", "W/", '"', "**", '"\xff"'):
        answer = client.get("/other", headers=[(b"If-None-Match", has.encode("latin-1"))])
        assert (answer.status_code, answer.json()) == (200, {"a": 2})


@pytest.mark.parametrize("path", ["/stream", "/private", "/failed"])
def test_what_cannot_be_kept_has_no_tag(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"If-None-Match": "*"})
    assert answer.status_code in (200, 404)
    assert "ETag" not in answer.headers


def test_a_tag_of_its_own_is_left_and_a_post_has_none(client: TestClient) -> None:
    assert client.get("/own").headers["ETag"] == '"own"'
    assert "ETag" not in client.post("/whole").headers
