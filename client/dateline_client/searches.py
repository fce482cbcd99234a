"""Saved searches: what to be told of, what that would have told, and why an article counts or does not."""

from datetime import datetime
from typing import Any

from dateline_client.articles import DevelopmentShown
from dateline_client.growing import Growing


class StanceAsk(Growing):
    """One and the same stance: who, toward whom, how much for (+1) or against (-1), in whose words; bounds included."""

    holder: str | None = None
    """id or name, `country:RU` for all who act for a country, `outlet` for the article's own tone"""
    target: str | None = None
    """entity id or name, or `country:RU`"""
    polarity_min: float = -1.0
    polarity_max: float = 1.0
    act: tuple[str, ...] = ()
    """of one of these kinds"""
    quoted: bool | None = None
    """only in quotation marks, or only in the outlet's words"""


class Near(Growing):
    """Within so many kilometres of a point, along the Earth's surface."""

    lat: float
    lon: float
    km: float


class Box(Growing):
    """Between two latitudes and two longitudes, edges included; a west greater than its east crosses the date line."""

    north: float
    south: float
    east: float
    west: float


class Criteria(Growing):
    """A question: an article answers it when it meets every field that is given; none given asks for everything."""

    q: str | None = None
    """a question in the query language"""
    query: dict[str, Any] | None = None
    """the same as a tree, for programs"""
    entity: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    near: Near | None = None
    box: Box | None = None
    stance: StanceAsk | None = None
    outlet: tuple[str, ...] = ()
    outlet_country: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    published_from: datetime | None = None
    published_to: datetime | None = None
    novelty_min: float | None = None
    development: tuple[str, ...] = ()
    story: tuple[str, ...] = ()


class WebhookAsked(Growing):
    """Told by POST, signed as Standard Webhooks has it."""

    url: str
    """https; http where the installation allows the host"""
    secret: str
    """what the installation calls the signing secret"""


class EmailAsked(Growing):
    """Told by e-mail: each alert, or those of an hour or a day together."""

    address: str
    digest: str = "none"
    at: str = "07:00"
    """when a daily digest is sent, as in 07:30"""
    zone: str = "UTC"
    """the time zone of `at`, as in Asia/Tokyo or +09:00"""


class DestinationAsked(Growing):
    """Where to tell: a webhook or an e-mail address."""

    webhook: WebhookAsked | None = None
    email: EmailAsked | None = None


class SearchAsked(Growing):
    """What a reader wants to be told of, by the fields that `GET /articles` asks by, and what counts as news there."""

    name: str
    criteria: Criteria
    everything: bool = False
    """criteria without a single field ask for everything: say so"""
    on: str = "development"
    """what counts: what is new in its story, the `first` of a story to answer, or `any` that does"""
    kinds: tuple[str, ...] = ()
    """kinds of developments that count; none: all"""
    min_novelty: float = 0.0
    """the development's score, or else the article's novelty"""
    min_outlets: int = 1
    """outlets that must tell the development, or else the story, before it counts"""
    cooldown: int = 0
    """seconds after an alert in which its story raises no other; what comes then is not told later"""
    snoozed_until: datetime | None = None
    """no alerts before; none are told later"""
    expires: datetime | None = None
    """no alerts from then on"""
    deliver: tuple[DestinationAsked, ...] = ()
    """where to tell, beside the streams and feeds"""


class SearchShown(SearchAsked):
    """A saved search."""

    id: str
    version: int
    """grows with each change; an alert says which one raised it"""
    created: datetime
    changed: datetime | None = None
    """when this version was saved; none for the first"""
    warnings: tuple[str, ...] = ()
    """told when it is saved: that it asks for very much, with the share that answers"""

    def asked(self, **changes: Any) -> SearchAsked:
        """What `put` takes to keep it as it is, but for these changes; what this version does not know goes along."""
        kept = self.model_dump(exclude_unset=True, exclude={"id", "version", "created", "changed", "warnings"})
        return SearchAsked.model_validate({**kept, **changes})


class SearchesShown(Growing):
    searches: tuple[SearchShown, ...]
    """oldest first"""


class VersionShown(Growing):
    """A saved search as it was in one version: what was asked for, as `PUT` takes it."""

    version: int
    asked: dict[str, Any]
    replaced: datetime | None = None
    """none: it is the version now"""


class VersionsShown(Growing):
    versions: tuple[VersionShown, ...]
    """newest first, the version now included"""


class AlertOfThen(Growing):
    """An alert that would have been raised."""

    article: str
    url: str
    title: str
    outlet: str
    published: datetime
    seen: datetime
    """when it would have been raised"""
    story: str
    reason: str
    developments: tuple[DevelopmentShown, ...] = ()


class BacktestShown(Growing):
    """How often the search would have fired; while it runs, so far."""

    id: str
    state: str
    done: float
    """the share of the articles read so far, 0 to 1"""
    began: datetime
    """first moment that is counted"""
    ended: datetime
    read: int
    """articles read so far"""
    answering: int
    """articles that answer the question, new or not"""
    alerts: int
    alerts_by_day: dict[str, int]
    """in UTC; days without any are left out"""
    latest: tuple[AlertOfThen, ...]
    """the latest 500 alerts at most, oldest first"""
    failure: str | None = None


class Spot(Growing):
    """Where words stand, in the title or in the text."""

    field: str
    start: int
    end: int


class ClauseShown(Growing):
    """A part of the question, whether the article meets it, and by which words."""

    asks: str
    """the part, in the query language"""
    met: bool
    spots: tuple[Spot, ...] = ()
    """the first 20 places that carry it"""
    parts: tuple["ClauseShown", ...] = ()
    """of what it is made up; each says it for itself"""


class ExplanationShown(Growing):
    """What of a saved search an article meets, and whether that counts."""

    search: str
    version: int
    article: str
    answers: bool
    """every clause is met, so that a search finds the article"""
    counts: bool
    """it would raise an alert, had nothing of it been told before"""
    why: str
    clauses: tuple[ClauseShown, ...]
    """each must be met; none asks for everything"""
    developments: tuple[DevelopmentShown, ...] = ()
    """what is new in it, and why"""
