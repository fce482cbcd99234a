"""Give each request an id, the sender's own where it can be one, and log how it ended."""

import re
import time
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.telemetry import get_log

log = get_log("api")

_CAN_BE_ONE = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """Plain ASGI, because a middleware that buffers would hold back the alert stream."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under its id; the response carries it as `X-Request-ID`."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _CAN_BE_ONE.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        began, status = time.perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                seconds = round(time.perf_counter() - began, 4)
                key = {"key": scope["state"]["key"]} if "key" in scope["state"] else {}
                log.info("answered", method=scope["method"], path=scope["path"], status=status, seconds=seconds, **key)
