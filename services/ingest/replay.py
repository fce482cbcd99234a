"""Take articles in from files: JSON Lines or plain text, plain or gzipped; stopped anywhere, it resumes there."""

import gzip
import json
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from schemas.article import Article
from services.ingest.intake import Intake
from services.ingest.seen import Seen
from services.ingest.settings import IngestSettings
from services.ingest.submission import UNTAKEN, TooLong, Unreadable, read_submission
from services.publish import Publisher
from services.telemetry import get_log

log = get_log("ingest")

# So many lines are in memory, and in one flight to the broker, at a time.
_LINES_AT_ONCE = 200
# A longer line is no article: it is cut here and buried.
_LONGEST_LINE = 6_000_000
_PLAIN = (".txt", ".text")
# "date 2024-06-19 Leaders met …", or the date alone: how plain-text archives say when.
_DATE_LINE = re.compile(
    r"^\s*(?:date[:\s]\s*)?(\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?)(?:\s+(.*))?$", re.IGNORECASE
)


class FileUnreadable(OSError):
    """The file cannot be read, or breaks off; what came before the break has been taken in."""


@dataclass(frozen=True)
class Progress:
    """How far a file is: lines done, the share of its bytes that has been read, and what became of the lines."""

    path: Path
    lines: int
    share: float
    outcomes: Counter[str]


@dataclass(frozen=True)
class Line:
    """One line, or one plain-text file, with its number for the reader's eye; counted from 1."""

    number: int
    content: bytes


def replay_files(
    paths: Iterable[Path],
    settings: IngestSettings,
    limit: int | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    wait: Callable[[float], None] = time.sleep,
) -> Counter[str]:
    """Publish what the files hold, the next `limit` lines of each at most, and return what became of them.

    While the broker is away `wait` is called again and again with the seconds to wait.
    Raises `MemoryUnusable`, before anything is published, and `FileUnreadable`; everything acknowledged until then
    stays so, and the next call resumes there.
    """
    outcomes: Counter[str] = Counter()
    with closing(Publisher(settings, sleep=wait)) as publisher, closing(Seen(settings.memory)) as seen:
        intake = Intake(publisher, seen)
        for path in paths:
            outcomes += replay(path, intake, seen, limit, on_progress)
    return outcomes


def replay(
    path: Path,
    intake: Intake,
    seen: Seen,
    limit: int | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Counter[str]:
    """Publish what one file holds; after each batch's acknowledgement its place is remembered.

    Cut off by a crash or by `limit`, it goes on from there the next time; once at its end, it begins anew.
    """
    outcomes: Counter[str] = Counter()
    file, stamp = _file_and_stamp(path)
    done = before = seen.place(file, stamp)
    at_end = True
    try:
        with path.open("rb") as raw:
            lines = _lines(raw, path)
            batches = iter(lambda: list(islice(lines, _LINES_AT_ONCE)), [])
            for _ in islice(lines, done):
                pass
            for batch in batches:
                kept = batch if limit is None else batch[: limit - (done - before)]
                outcomes += _take(kept, path, intake, now())
                done += len(kept)
                seen.remember_place(file, stamp, done)
                on_progress(Progress(path, done, raw.tell() / max(1, path.stat().st_size), outcomes.copy()))
                if limit is not None and done - before >= limit:
                    at_end = len(kept) == len(batch) and next(lines, None) is None
                    break
    except (OSError, EOFError, zlib.error) as error:
        raise FileUnreadable(f"{path}: {error} (after {done} lines)") from error
    if at_end:
        seen.forget_place(file)
    return outcomes


def read_row(line: Line, path: Path, seen: datetime) -> Article:
    """The article of one line. Raises `Unreadable`, `TooLong`, `NotAnArticle`, `NotAUrl`."""
    if len(line.content) > _LONGEST_LINE:
        raise TooLong(f"longer than {_LONGEST_LINE} bytes")
    if _kind(path) in _PLAIN:
        return read_submission(_plain(line.content, path)).article(seen=seen, source=path.name)
    try:
        row: Any = json.loads(line.content)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"line {line.number} is not JSON: {error}") from error
    return read_submission(row).article(seen=seen, source=path.name)


def _take(lines: list[Line], path: Path, intake: Intake, now: datetime) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    articles: list[Article] = []
    for line in lines:
        if not line.content.strip():
            continue
        try:
            articles.append(read_row(line, path, now))
        except Exception as error:
            # The edge: one line that our own code trips over must not keep out those that follow it.
            outcome = UNTAKEN.get(type(error), "failed")
            if outcome == "failed":
                log.exception("failed", file=path.name, line=line.number)
            outcomes[outcome] += 1
            intake.bury(
                source=path.name,
                position=line.number,
                value=line.content,
                step="replay",
                error=error,
                outcome=outcome,
                now=now,
            )
    outcomes.update(intake.take(articles))
    return outcomes


def _lines(raw: BinaryIO, path: Path) -> Iterator[Line]:
    content: Any = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
    if _kind(path) in _PLAIN:
        yield Line(1, content.read(_LONGEST_LINE + 1))
        return
    number = 0
    while line := content.readline(_LONGEST_LINE + 1):
        number += 1
        yield Line(number, line)
        # The rest of a line that is too long belongs to it.
        while not line.endswith(b"\n") and len(line) > _LONGEST_LINE:
            line = content.readline(_LONGEST_LINE + 1)


def _plain(content: bytes, path: Path) -> dict[str, str]:
    """A plain-text article; its first line may begin with its date."""
    text = content.decode("utf-8-sig", "replace")
    first, _, rest = text.partition("\n")
    row = {"url": f"urn:dateline:{quote(path.name.removesuffix('.gz'))}"}
    dated = _DATE_LINE.match(first)
    if dated:
        row["published"] = dated[1]
        text = "\n".join(part for part in (dated[2] or "", rest) if part)
    return {**row, "text": text}


def _kind(path: Path) -> str:
    return Path(path.name.removesuffix(".gz")).suffix.lower()


def _file_and_stamp(path: Path) -> tuple[str, str]:
    try:
        about = path.stat()
        return str(path.resolve()), f"{about.st_size}-{about.st_mtime_ns}"
    except OSError as error:
        raise FileUnreadable(f"{path}: {error.strerror}") from error
