"""Who is for or against whom: a curve of one pair, and the pairs of a period as a graph."""

from datetime import datetime

from dateline_client.articles import Span
from dateline_client.growing import Growing


class Said(Growing):
    """What a set of stances says together."""

    count: int
    """stances; each pair has at most one in an article"""
    articles: int
    polarity: float | None = None
    """mean: -1 against, +1 for; none where nothing was said"""
    low: float | None = None
    """the mean's 95 % interval begins here; none below two stances"""
    high: float | None = None
    """and ends here"""
    quoted: float | None = None
    """share of the stances that stand in quotation marks"""


class SaidIn(Said):
    """What the outlets of one country said."""

    country: str | None = None
    """of the outlet, ISO 3166-1 alpha-2; none where it is not known"""


class SentenceShown(Growing):
    """A sentence that shows a stance: `text` stands at `span` of the article's text."""

    article: str
    url: str
    title: str
    outlet: str
    """its domain"""
    published: datetime
    holder: str
    holder_name: str
    target: str
    target_name: str
    polarity: float
    confidence: float
    quoted: bool
    act: str | None = None
    text: str
    span: Span


class Bucket(Said):
    """What was said in one hour, day, week (from Monday) or month."""

    begins: datetime
    by_outlet_country: tuple[SaidIn, ...] | None = None
    """where it was asked for: the 10 countries with most articles"""
    strongest: tuple[SentenceShown, ...]
    """polarity times confidence, strongest first"""


class Series(Growing):
    """A curve of how one speaks of another; a bucket in which nothing was said is left out."""

    interval: str
    time_zone: str
    whole: Said
    by_outlet_country: tuple[SaidIn, ...] | None = None
    buckets: tuple[Bucket, ...]
    """oldest first"""


class Node(Growing):
    """Someone who takes a side or towards whom one is taken."""

    id: str
    name: str
    kind: str | None = None
    country: str | None = None
    """the country that it is, or acts for"""


class Edge(Said):
    """How a holder stands to a target over the whole period."""

    holder: str
    """a node's id"""
    target: str
    """a node's id"""
    strength: float
    """sum of polarity, without its sign, times confidence: the order of the edges"""


class Network(Growing):
    """The strongest pairs of a period. The outlets' own tone is no part of it: they are no actors of the news."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    """strongest first"""
    more: bool
    """there are more pairs that were named often enough"""
    stances: int
    """stances of the period, those of pairs that are not shown included"""
    pairs: int
    """pairs of the period; nearly exact up to 40,000"""
