"""The formats in which all articles that answer a question are written, one after the other."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.search.export import features, table
from services.search.results import article_whole

Source = Mapping[str, Any]


@dataclass(frozen=True)
class Format:
    """How articles become text: what stands before them, each one, what stands between, and what after."""

    media_type: str
    write: Callable[[Source], str]
    source: Mapping[str, list[str]]
    """Which fields of the document it needs."""
    page: int
    """Articles that are read at once: some megabytes. Of an answer, however long, two pages are held at most."""
    begins: str = ""
    between: str = ""
    ends: str = ""

    def written(self, sources: Iterable[Source], *, first: bool) -> str:
        """These articles, the first ones or later ones."""
        each = self.between.join(map(self.write, sources))
        return each if first or not each else self.between + each


def _line(source: Source) -> str:
    return article_whole(source).model_dump_json() + "\n"


FORMATS: Mapping[str, Format] = {
    # Whole, as one article is read: its text and spans make it forty times as long as a row.
    "jsonl": Format("application/jsonl; charset=utf-8", _line, {"excludes": ["vector"]}, page=200),
    "csv": Format(
        "text/csv; charset=utf-8; header=present", table.row, {"includes": table.FIELDS}, 1_000, begins=table.header()
    ),
    "geojson": Format(
        "application/geo+json",
        features.feature,
        {"includes": features.FIELDS},
        1_000,
        begins=features.BEGINS,
        between=",\n",
        ends=features.ENDS,
    ),
}
