"""What was remembered is there after a restart, and nothing else is."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from services.ingest.seen import EntryState, FeedState, Known, MemoryUnusable, Seen


def test_what_was_remembered_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "seen.sqlite"
    before = Seen(path)
    before.remember([Known("a", "h1", 1, acknowledged=True), Known("b", "h2", 3, acknowledged=False)])
    before.remember_feed("f", FeedState('"e"', "Wed"))
    before.remember_entries("f", [EntryState("1", "l", "p", attempts=2, settled=True)])
    before.remember_place("file", "10-20", 400)
    before.close()
    after = Seen(path)
    assert after.known(["a", "b", "c"]) == {
        "a": Known("a", "h1", 1, acknowledged=True),
        "b": Known("b", "h2", 3, acknowledged=False),
    }
    assert after.feed("f") == FeedState('"e"', "Wed")
    assert after.feed("g") == FeedState()
    assert after.entries("f") == {"1": EntryState("1", "l", "p", attempts=2, settled=True)}
    assert after.place("file", "10-20") == 400


def test_a_file_that_changed_is_read_from_its_start(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "seen.sqlite")
    seen.remember_place("file", "10-20", 400)
    assert seen.place("file", "11-20") == 0


def test_more_articles_than_a_statement_takes_can_be_asked_for(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "seen.sqlite")
    seen.remember(Known(str(number), "h", 1, acknowledged=True) for number in range(2_500))
    assert len(seen.known(map(str, range(5_000)))) == 2_500


def test_a_feeds_entries_are_forgotten_one_by_one(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "seen.sqlite")
    seen.remember_entries("f", [EntryState(id_, "l", "p", 1, settled=True) for id_ in "12"])
    seen.forget_entries("f", ["1"])
    assert list(seen.entries("f")) == ["2"]


def test_a_memory_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "seen.sqlite").write_bytes(b"not a database, and long enough to show it" * 100)
    with pytest.raises(MemoryUnusable, match=r"seen\.sqlite"):
        Seen(tmp_path / "seen.sqlite")


def test_who_is_alone_is_alone_among_all_who_share_the_file(tmp_path: Path) -> None:
    ours, theirs = Seen(tmp_path / "seen.sqlite"), Seen(tmp_path / "seen.sqlite")
    their_turn = threading.Thread(target=lambda: theirs.remember([Known("a", "theirs", 2, acknowledged=False)]))
    with ours.alone():
        assert ours.known(["a"]) == {}
        their_turn.start()
        their_turn.join(0.1)
        ours.remember([Known("a", "ours", 1, acknowledged=False)])
        assert their_turn.is_alive()
    their_turn.join(5)
    assert ours.known(["a"])["a"].revision == 2


def test_what_fails_on_the_way_leaves_nothing_behind(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "seen.sqlite")

    def fail() -> None:
        with seen.alone():
            seen.remember([Known("a", "h", 1, acknowledged=False)])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert seen.known(["a"]) == {}


def test_an_acknowledgement_takes_nobody_s_later_revision_back(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "seen.sqlite")
    first, second = Known("a", "h1", 1, acknowledged=False), Known("a", "h2", 2, acknowledged=False)
    seen.remember([second])
    seen.acknowledge([first])
    assert seen.known(["a"]) == {"a": second}
    seen.acknowledge([second])
    assert seen.known(["a"])["a"].acknowledged


def test_what_could_not_be_written_is_undone_and_later_writes_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "seen.sqlite"
    seen = Seen(path)
    # A constraint that SQLite looks at only when the transaction ends: its end fails, as on a full disk.
    with closing(sqlite3.connect(path)) as other:
        other.executescript(
            "CREATE TABLE a (id PRIMARY KEY); CREATE TABLE b (a REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED);"
            "CREATE TRIGGER t AFTER INSERT ON files WHEN new.path = 'bad' BEGIN INSERT INTO b VALUES (1); END;"
        )
    seen._db.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError):
        seen.remember_place("bad", "s", 1)
    seen.remember_place("good", "s", 2)
    seen.close()
    after = Seen(path)
    assert (after.place("bad", "s"), after.place("good", "s")) == (0, 2)
