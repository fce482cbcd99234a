"""Articles counted instead of listed: over time, and over the map."""

from datetime import datetime

from dateline_client.growing import Growing


class Counted(Growing):
    """The articles that were published in one minute, hour, day, week (from Monday) or month."""

    begins: datetime
    """as the zone has it"""
    articles: int


class Histogram(Growing):
    """How many articles were published when; a bucket without any is left out."""

    interval: str
    zone: str
    total: int
    """articles that were found, exactly: what the buckets add up to"""
    buckets: tuple[Counted, ...]
    """oldest first"""


class Tile(Growing):
    """A square of the map, the articles with a place in it, and the middle of those places."""

    zoom: int
    x: int
    """from the west, 0 first"""
    y: int
    """from the north, 0 first"""
    articles: int
    north: float
    west: float
    south: float
    east: float
    lat: float
    """the centroid of the places inside, each as often as articles name it"""
    lon: float


class Tiles(Growing):
    """How many articles speak of places where."""

    zoom: int
    total: int
    """articles that were found, exactly"""
    located: int
    """those with a place that is shown; the rest have none, or none inside `box`"""
    tiles: tuple[Tile, ...]
    """an article is counted once in each tile; most articles first"""
