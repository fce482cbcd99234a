"""A start that fails is said with its reason, and never taken for an end in good order."""

import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from fastapi import FastAPI

import services.search.api.app
from services.search.__main__ import run_api
from services.search.fates import Halt
from services.search.settings import SearchSettings


@asynccontextmanager
async def never_up(_app: FastAPI) -> AsyncIterator[None]:
    raise RuntimeError("a part is broken")
    yield


@pytest.fixture
def _broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.search.api.app, "create_app", lambda _: FastAPI(lifespan=never_up))


@pytest.mark.usefixtures("_broken")
def test_an_api_whose_parts_cannot_be_started_says_so() -> None:
    with pytest.raises(Halt, match="parts could not be started"):
        run_api(SearchSettings(), threading.Event())


@pytest.mark.usefixtures("_broken")
def test_it_says_so_too_where_uvicorn_just_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    run = uvicorn.Server.run

    def returns(server: uvicorn.Server) -> None:
        with pytest.raises(SystemExit):
            run(server)

    monkeypatch.setattr(uvicorn.Server, "run", returns)
    with pytest.raises(Halt, match="parts could not be started"):
        run_api(SearchSettings(), threading.Event())


def test_an_api_whose_port_is_taken_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.search.api.app, "create_app", lambda _: FastAPI())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Halt, match=rf"cannot listen on 127\.0\.0\.1:{port}; set DATELINE_API_PORT"):
            run_api(SearchSettings(api_port=port), threading.Event())
