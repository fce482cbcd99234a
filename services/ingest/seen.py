"""What ingest remembers: the articles it published, and how far it has read each feed and file.

Everything here is written after the broker's acknowledgement, so that a crash repeats and never loses. Two things are
written before: which revision an article is about to be, so that a crash in between never gives two texts one number;
and that an entry is to be looked at, so that it is not lost when its feed drops it meanwhile.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

_TABLES = """
CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL, revision INTEGER NOT NULL, acknowledged INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS feeds (url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
    feed TEXT, entry TEXT, link TEXT NOT NULL, fingerprint TEXT NOT NULL, attempts INTEGER NOT NULL,
    settled INTEGER NOT NULL, PRIMARY KEY (feed, entry)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, stamp TEXT NOT NULL, line INTEGER NOT NULL) WITHOUT ROWID;
"""
# SQLite takes at most so many parameters in one statement, in its oldest builds.
_AT_ONCE = 900


class MemoryUnusable(OSError):
    """What ingest remembers cannot be opened; without it everything would be published again."""


@dataclass(frozen=True)
class Known:
    """An article's latest revision; not acknowledged if ingest stopped before it knew that the broker has it."""

    id: str
    hash: str
    revision: int
    acknowledged: bool


@dataclass(frozen=True)
class FeedState:
    """What the server gave us to ask it again with, for "nothing new since"."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class EntryState:
    """What became of a feed's entry: settled for good, or to be tried again; for the words the feed had for it then."""

    id: str
    link: str
    fingerprint: str
    attempts: int
    settled: bool


class Seen:
    """A file that survives kill -9; safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=30, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            # NORMAL: a power cut may take the last writes, which repeats articles and loses none; a kill takes nothing.
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise MemoryUnusable(f"{path}: {error}") from error

    def known(self, ids: Iterable[str]) -> dict[str, Known]:
        """What is known of those articles that are known at all."""
        wanted, found = list(set(ids)), {}
        with self._lock:
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                marks = ",".join("?" * len(some))
                rows = self._db.execute(
                    f"SELECT id, hash, revision, acknowledged FROM articles WHERE id IN ({marks})", some
                )
                for id_, hash_, revision, acknowledged in rows:
                    found[id_] = Known(id_, hash_, revision, bool(acknowledged))
        return found

    @contextmanager
    def alone(self) -> Iterator[None]:
        """What is asked and remembered within is one step: nobody writes meanwhile, in this process or another.

        `dateline ingest` shares the memory of the ingest that follows feeds, and both may be about to give the same
        article its next revision.
        """
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                # Left open, it would take in all that is remembered later, and never end.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def remember(self, articles: Iterable[Known]) -> None:
        """Keep these as the articles' latest revisions, all or none."""
        rows = [(known.id, known.hash, known.revision, known.acknowledged) for known in articles]
        self._write("INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?)", rows)

    def acknowledge(self, articles: Iterable[Known]) -> None:
        """The broker has these revisions; an article that somebody has since given a later one keeps that."""
        rows = [(known.id, known.revision, known.hash) for known in articles]
        self._write("UPDATE articles SET acknowledged = 1 WHERE id = ? AND revision = ? AND hash = ?", rows)

    def feed(self, url: str) -> FeedState:
        """What to ask the feed's server with; empty for a feed never read to its end."""
        with self._lock:
            row = self._db.execute("SELECT etag, last_modified FROM feeds WHERE url = ?", (url,)).fetchone()
        return FeedState(*row) if row else FeedState()

    def remember_feed(self, url: str, state: FeedState) -> None:
        """Only once every entry of the feed is settled: a 304 afterwards would hide what was not."""
        self._write("INSERT OR REPLACE INTO feeds VALUES (?, ?, ?)", [(url, state.etag, state.last_modified)])

    def entries(self, feed: str) -> dict[str, EntryState]:
        """What became of the feed's entries, by their ids."""
        with self._lock:
            rows = self._db.execute(
                "SELECT entry, link, fingerprint, attempts, settled FROM entries WHERE feed = ?", (feed,)
            ).fetchall()
        return {row[0]: EntryState(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows}

    def remember_entries(self, feed: str, entries: Iterable[EntryState]) -> None:
        """Unsettled as soon as they are listed, so that none is lost that the feed drops meanwhile; settled only after
        their article was acknowledged or given up."""
        self._write(
            "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?)",
            [(feed, entry.id, entry.link, entry.fingerprint, entry.attempts, entry.settled) for entry in entries],
        )

    def forget_entries(self, feed: str, ids: Iterable[str]) -> None:
        """Entries that the feed no longer lists need no remembering; their articles are remembered for themselves."""
        self._write("DELETE FROM entries WHERE feed = ? AND entry = ?", [(feed, id_) for id_ in ids])

    def place(self, file: str, stamp: str) -> int:
        """How many lines of the file are done; none if it is another file by now, as its stamp says."""
        with self._lock:
            row = self._db.execute("SELECT line FROM files WHERE path = ? AND stamp = ?", (file, stamp)).fetchone()
        return int(row[0]) if row else 0

    def remember_place(self, file: str, stamp: str, line: int) -> None:
        """So many lines are done: published and acknowledged, or buried."""
        self._write("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", [(file, stamp, line)])

    def forget_place(self, file: str) -> None:
        """The file is done; who replays it again means it."""
        self._write("DELETE FROM files WHERE path = ?", [(file,)])

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        with self.alone():
            self._db.executemany(statement, rows)
