"""Articles to measure with: real ones from a file, or the samples' sentences shuffled into as many as are wanted."""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from schemas.article import Article, Outlet
from services.ingest.identity import article_id

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SEED = 7


def articles(source: Path | None, count: int) -> Iterator[Article]:
    """So many articles, always the same; a file with fewer gives what it has."""
    rows = _from_file(source) if source else _from_samples()
    return islice((_article(row, number) for number, row in enumerate(rows)), count)


def beginning_with(found: Sequence[Article], warm: int) -> tuple[Sequence[Article], Sequence[Article]]:
    """Those to warm up with, and the others: none of the first may be among the second, or it is remembered."""
    return found[:warm], found[warm:]


def _article(row: dict[str, str], number: int) -> Article:
    url = row.get("url") or f"https://bench.example/{number}"
    domain = url.split("/")[2].removeprefix("www.") if "//" in url else "bench.example"
    return Article(
        id=article_id(url),
        url=url,
        fetched_url=url,
        outlet=Outlet(domain=domain),
        title=row.get("title") or "",
        text=row["text"],
        language="en",
        published=NOW,
        seen=NOW,
    )


def _from_file(source: Path) -> Iterator[dict[str, str]]:
    reader = gzip.open if source.suffix == ".gz" else open
    with reader(source, "rt", encoding="utf-8") as lines:
        seen = set()
        for line in lines:
            row = json.loads(line)
            url = row.get("url")
            # A row without a URL is an article of its own: it gets one by its number.
            if row["text"] and (not url or url not in seen):
                seen.add(url)
                yield row


def _from_samples() -> Iterator[dict[str, str]]:
    """Sentences are marked with a number, so that no cache of sentences makes the figure better than it is."""
    from deploy.samples.collection import sample_articles

    sentences = [
        sentence
        for sample in sample_articles()
        for sentence in sample.text(NOW).replace("\n", " ").split(". ")
        if sentence
    ]
    chance = random.Random(SEED)
    number = 0
    while True:
        number += 1
        chosen = chance.sample(sentences, 25)
        yield {
            "title": f"{chosen[0][:80]} {number}",
            "text": ". ".join(f"{sentence} ({number})" for sentence in chosen) + ".",
            "url": f"https://bench.example/{number}",
        }
