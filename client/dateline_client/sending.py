"""How either client sends: its headers, its timeouts, and the request that an ask is."""

from typing import Any

import httpx

from dateline_client.asks import Ask
from dateline_client.problem import Unreachable
from dateline_client.version import VERSION

TIMEOUT = 30.0
"""Seconds for one answer; the API itself waits as long for Elasticsearch."""

LISTENING = httpx.Timeout(TIMEOUT, read=60.0)
"""A stream that is silent for 60 seconds counts as lost: the API sends a comment every 15."""


def headers(key: str | None) -> dict[str, str]:
    """Who asks, and by which key."""
    told = {"User-Agent": f"dateline-client/{VERSION}"}
    return told if key is None else {**told, "Authorization": f"Bearer {key}"}


def to_request(http: httpx.Client | httpx.AsyncClient, ask: Ask[Any]) -> httpx.Request:
    """The request that this ask is."""
    return http.build_request(ask.method, ask.path, params=ask.params, json=ask.body)


def lost(error: httpx.RequestError) -> Unreachable:
    """The connection's own failure in our words."""
    return Unreachable(f"{type(error).__name__}: {error}")
