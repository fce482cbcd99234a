"""The API in a thread of this process, which starts sooner than one of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn

from deploy.local.process import free_port
from services.search.api.app import create_app
from services.search.settings import SearchSettings
from tests.flow.eventually import eventually


@contextmanager
def serving(settings: SearchSettings) -> Iterator[httpx.Client]:
    """A client of the API with these settings, once it is ready; the API ends with the block."""
    port = free_port()
    config = uvicorn.Config(create_app(settings), port=port, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            eventually(lambda: client.get("/readyz").status_code == 200, within=60)
            yield client
    finally:
        # Also after a failure: the thread would keep the whole run from ending.
        server.should_exit = True
        thread.join(10)
