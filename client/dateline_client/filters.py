"""What can be asked for by name, typed, and how it is written into an address."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, TypedDict

Several = str | Sequence[str]
Moment = str | date
"""A day, a moment, or either in ISO 8601; days and moments without a zone are in UTC."""
Params = tuple[tuple[str, str], ...]


class ArticleFilters(TypedDict, total=False):
    """All that is given must be met; the API's documentation says more of each."""

    entity: Several
    country: Several
    near: str | tuple[float, float]
    km: float
    box: str | tuple[float, float, float, float]
    stance_holder: str
    stance_target: str
    stance_act: Several
    stance_quoted: bool
    polarity_min: float
    polarity_max: float
    outlet: Several
    outlet_country: Several
    language: Several
    published_from: Moment
    published_to: Moment
    novelty_min: float
    development: Several
    story: Several


class ArticlesAsked(ArticleFilters, total=False):
    """Which articles, in which order, and what is counted beside them."""

    sort: Literal["relevance", "date", "both"]
    as_of: Moment
    size: int
    group_by: Literal["story"]
    fold_duplicates: bool
    facets: Several


class HistogramAsked(ArticleFilters, total=False):
    """Which articles, and how long a bucket is."""

    interval: Literal["minute", "hour", "day", "week", "month"]
    zone: str
    as_of: Moment


class TilesAsked(ArticleFilters, total=False):
    """Which articles, and how large a tile is."""

    zoom: int
    as_of: Moment


class StoriesAsked(ArticleFilters, total=False):
    """Stories that meet this themselves, and by one of their articles what is asked of articles."""

    min_articles: int
    min_outlets: int
    active_from: Moment
    active_to: Moment
    sort: Literal["recency", "size", "growth"]
    size: int


class DevelopmentsAsked(ArticleFilters, total=False):
    """Developments that meet this themselves, and by their article what is asked of articles."""

    kind: Several
    min_score: float
    min_support: int
    size: int


class DevelopmentsFollowed(TypedDict, total=False):
    """Which developments a stream tells of."""

    kind: Several
    min_score: float
    story: Several


class _StancesOf(TypedDict, total=False):
    published_from: Moment
    published_to: Moment
    outlet: Several
    outlet_country: Several
    act: Several
    quoted: bool
    duplicates: bool


class SeriesAsked(_StancesOf, total=False):
    """Whose stances towards whom, and how long a bucket is; one side may be left out."""

    holder: str
    target: str
    interval: Literal["hour", "day", "week", "month"]
    time_zone: str
    by: Literal["outlet_country"]


class NetworkAsked(_StancesOf, total=False):
    """Which pairs."""

    country: Several
    min_count: int
    size: int


_NAMES = {"published_from": "from", "published_to": "to"}  # `from` is Python's own word
_TOGETHER = {"near", "box"}


def to_params(asked: Mapping[str, object]) -> Params:
    """The parameters of an address, in the order they were given; what is None is not asked."""
    return tuple((_NAMES.get(name, name), value) for name, values in asked.items() for value in _written(name, values))


def _written(name: str, value: object) -> Iterable[str]:
    if value is None:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, date):
        yield value.isoformat()
    elif isinstance(value, Iterable):
        parts = [str(part) for part in value]
        yield from [",".join(parts)] if name in _TOGETHER else parts
    else:
        yield str(value)
