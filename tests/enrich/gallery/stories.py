"""Little stories of our own with what is new in each article, and what Dateline says of them.

`python -m tests.enrich.gallery.stories [NAME]` shows each story with what was rightly said, missed and wrongly said.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from schemas.article import Article, Outlet
from schemas.story import Development

FOLDER = Path(__file__).parent / "stories"
START = datetime(2026, 3, 2, 6, tzinfo=UTC)

# What opens a story is told by which story an article joins; a surge is of more articles than a little story has.
APART = frozenset({"new_story", "surge"})


@dataclass(frozen=True)
class Expected:
    """One development: its kind, and the words that carry it."""

    kind: str
    about: str


@dataclass(frozen=True)
class Told:
    """One article of a little story, and what is new in it; `may` is neither right nor wrong."""

    id: str
    outlet: str
    hours: float
    title: str
    text: str
    story: str = "a"
    copy_of: str = ""
    new: tuple[Expected, ...] = ()
    may: tuple[Expected, ...] = ()

    def article(self, case: str) -> Article:
        """The article as ingest would publish it."""
        published = START + timedelta(hours=self.hours)
        url = f"https://{self.outlet}/{case}/{self.id}"
        identity = f"{abs(hash_of(url)):032x}"[:32]
        return Article(
            id=identity,
            url=url,
            fetched_url=url,
            outlet=Outlet(domain=self.outlet),
            title=self.title,
            text=self.text,
            language="en",
            published=published,
            seen=published,
        )


@dataclass
class Score:
    """How often what was said was right, and what was to be said was said; the debatable counts for neither."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        """The share of what was said that was right."""
        return self.right.total() / max(1, self.right.total() + self.wrong.total())

    @property
    def recall(self) -> float:
        """The share of what was to be said that was said."""
        return self.right.total() / max(1, self.right.total() + self.missed.total())


def hash_of(words: str) -> int:
    """A number of the words that is the same in every run."""
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:16])


@cache
def cases() -> dict[str, tuple[Told, ...]]:
    """All little stories, by name."""
    return {
        path.stem: tuple(_told(row) for row in tomllib.loads(path.read_text("utf-8"))["article"])
        for path in sorted(FOLDER.glob("*.toml"))
    }


def _told(row: dict[str, object]) -> Told:
    expected = {
        kind: tuple(Expected(**one) for one in row.pop(kind, ()))  # type: ignore[attr-defined]
        for kind in ("new", "may")
    }
    return Told(**row, **expected)  # type: ignore[arg-type]


def judged(told: Told, text: str, said: Sequence[Development]) -> Iterator[tuple[str, str, str]]:
    """What was right, wrong and missed of one article: verdict, kind, words."""
    left = list(told.new)
    for development in said:
        if development.kind in APART:
            continue
        match = next((one for one in left if _is(development, one, text)), None)
        if match is not None:
            left.remove(match)
            yield "right", development.kind, match.about
        elif any(_is(development, one, text) for one in told.new) or any(
            _is(development, one, text) for one in told.may
        ):
            yield "may", development.kind, development.subject
        else:
            yield (
                "wrong",
                development.kind,
                f"{development.reason} [{' | '.join(span.of(text) for span in development.spans)[:120]}]",
            )
    for one in left:
        yield "missed", one.kind, one.about


def _is(development: Development, expected: Expected, text: str) -> bool:
    if development.kind != expected.kind:
        return False
    places = [at for at in range(len(text)) if text.startswith(expected.about, at)]
    if not places or not development.spans:
        # Only the headline says it, which no span points into.
        return expected.about in development.reason or expected.about in development.subject or not places
    return any(
        span.start < at + len(expected.about) and at < span.end for span in development.spans for at in places
    ) or (
        development.kind == "new_figure"
        and bool(development.subject)
        and development.subject.split()[0] in expected.about.split()
    )
