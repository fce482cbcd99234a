"""A typed client of Dateline's API: `Dateline`, and `AsyncDateline` for asyncio."""

from dateline_client.alerts import Alert, AlertEvent, DevelopmentEvent, Gap
from dateline_client.awaiting import AsyncDateline, AsyncPaged, AsyncStream
from dateline_client.problem import Fault, Problem, Unreachable, Unreadable
from dateline_client.searches import (
    Box,
    Criteria,
    DestinationAsked,
    EmailAsked,
    Near,
    SearchAsked,
    StanceAsk,
    WebhookAsked,
)
from dateline_client.steps import Retries
from dateline_client.version import VERSION
from dateline_client.waiting import Dateline, Paged, Stream

__all__ = [
    "VERSION",
    "Alert",
    "AlertEvent",
    "AsyncDateline",
    "AsyncPaged",
    "AsyncStream",
    "Box",
    "Criteria",
    "Dateline",
    "DestinationAsked",
    "DevelopmentEvent",
    "EmailAsked",
    "Fault",
    "Gap",
    "Near",
    "Paged",
    "Problem",
    "Retries",
    "SearchAsked",
    "StanceAsk",
    "Stream",
    "Unreachable",
    "Unreadable",
    "WebhookAsked",
]
