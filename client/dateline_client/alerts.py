"""Alerts, as a list shows them, and the events of the streams."""

from datetime import datetime

from dateline_client.articles import Span
from dateline_client.growing import Growing
from dateline_client.stories import DevelopmentTold


class Development(Growing):
    """One thing that is new in its story, with its reason in a plain sentence and the words that carry it."""

    kind: str
    reason: str
    score: float
    subject: str = ""
    """what is new: an entity id, a place, a figure; empty for the story itself"""
    spans: tuple[Span, ...] = ()
    id: str = ""
    """the same in every article of the story that tells it; empty before stories kept them"""


class Alert(Growing):
    """One alert: the saved search, the article that raised it, and why, in words."""

    id: str
    search: str
    search_name: str
    search_version: int
    article: str
    url: str
    title: str
    outlet: str
    published: datetime
    story: str
    story_title: str = ""
    reason: str
    developments: tuple[Development, ...] = ()
    raised: datetime
    on: str = "development"
    """what counted, by the saved search"""


class AlertShown(Growing):
    """An alert and its place in the stream."""

    offset: int
    """what `Last-Event-ID` resumes after"""
    alert: Alert


class AlertsShown(Growing):
    alerts: tuple[AlertShown, ...]
    """newest first"""
    last: int
    """offset of the last alert of all; a stream from here on misses nothing; -1: none yet"""


class AlertEvent(Growing):
    """An alert of the stream; a stream that begins after `id` goes on behind it."""

    id: str
    alert: Alert


class DevelopmentEvent(Growing):
    """A development of the stream. A stream that begins after `id` misses none, and may repeat its article's others."""

    id: str
    development: DevelopmentTold


class Gap(Growing):
    """Some of what came while nobody listened is no longer kept: from `missed_from`, up to but not `kept_from`."""

    id: str
    missed_from: int
    kept_from: int
    partition: int | None = None
    """of the topic, where it has several"""
