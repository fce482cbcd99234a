"""Files are taken in line by line; what cannot be read is buried with its line, and a stopped replay resumes."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.ingest.intake import Intake
from services.ingest.replay import FileUnreadable, Progress, replay
from services.ingest.seen import Seen
from services.ingest.submission import Submission, read_submission
from tests.ingest.fakes import NOW, TEXT, Crash, FakeBroker


@pytest.fixture
def seen(tmp_path: Path) -> Seen:
    return Seen(tmp_path / "seen.sqlite")


def rows(count: int) -> bytes:
    return b"".join(row(f"https://a.example/{number}") for number in range(count))


def row(url: str, text: str = TEXT) -> bytes:
    # The language is given, since telling it is most of the time that this takes.
    return json.dumps({"url": url, "text": text, "lang": "en"}).encode() + b"\n"


def run(path: Path, broker: FakeBroker, seen: Seen, **options: Any) -> dict[str, int]:
    return dict(replay(path, Intake(broker, seen), seen, now=lambda: NOW, **options))


@pytest.mark.parametrize("name", ["news.jsonl", "news.jsonl.gz"])
def test_every_line_is_published_once_and_twice_is_unchanged(tmp_path: Path, seen: Seen, name: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(rows(450)) if name.endswith("gz") else rows(450))
    broker = FakeBroker()
    assert run(tmp_path / name, broker, seen) == {"published": 450}
    assert run(tmp_path / name, broker, seen) == {"unchanged": 450}
    assert len(broker.articles) == 450


def test_a_limit_is_a_number_of_lines(tmp_path: Path, seen: Seen) -> None:
    (tmp_path / "news.jsonl").write_bytes(rows(450))
    assert run(tmp_path / "news.jsonl", FakeBroker(), seen, limit=250) == {"published": 250}


def test_after_a_limit_the_next_call_goes_on_from_there(tmp_path: Path, seen: Seen) -> None:
    (tmp_path / "news.jsonl").write_bytes(rows(500))
    broker = FakeBroker()
    told = [run(tmp_path / "news.jsonl", broker, seen, limit=250) for _ in range(3)]
    assert told == [{"published": 250}, {"published": 250}, {"unchanged": 250}], "at its end a file begins anew"
    assert len({article.id for article in broker.articles}) == 500


def test_lines_that_cannot_be_read_are_buried_and_the_rest_goes_on(tmp_path: Path, seen: Seen) -> None:
    bad = b'{"url": \n[1, 2]\n\xff\xfe\n\n{"text": ""}\n' + json.dumps({"text": "x" * 500_000}).encode() + b"\n"
    (tmp_path / "news.jsonl").write_bytes(bad + rows(2))
    broker = FakeBroker()
    assert run(tmp_path / "news.jsonl", broker, seen) == {"undecodable": 4, "too_long": 1, "published": 2}
    assert [(letter.topic, letter.offset) for letter in broker.letters] == [("news.jsonl", n) for n in (1, 2, 3, 5, 6)]
    assert broker.letters[0].value == b'{"url": \n'


def test_a_line_that_our_own_code_trips_over_is_buried_too(
    tmp_path: Path, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trips(row: Any) -> Submission:
        if row["url"].endswith("/1"):
            raise KeyError("a slip of ours")
        return read_submission(row)

    monkeypatch.setattr("services.ingest.replay.read_submission", trips)
    (tmp_path / "news.jsonl").write_bytes(rows(3))
    broker = FakeBroker()
    assert run(tmp_path / "news.jsonl", broker, seen) == {"published": 2, "failed": 1}
    assert [(letter.error, letter.offset) for letter in broker.letters] == [("KeyError", 2)]


def test_a_line_without_end_is_cut_off_and_counted_as_one(tmp_path: Path, seen: Seen) -> None:
    (tmp_path / "news.jsonl").write_bytes(b"x" * 20_000_000 + b"\n" + rows(1))
    broker = FakeBroker()
    assert run(tmp_path / "news.jsonl", broker, seen) == {"too_long": 1, "published": 1}


def test_a_stopped_replay_resumes_where_it_stood(tmp_path: Path, seen: Seen) -> None:
    (tmp_path / "news.jsonl").write_bytes(rows(900))
    broker = FakeBroker()

    def stop(progress: Progress) -> None:
        if progress.lines >= 400:
            raise Crash

    with pytest.raises(Crash):
        run(tmp_path / "news.jsonl", broker, seen, on_progress=stop)
    assert run(tmp_path / "news.jsonl", broker, seen) == {"published": 500}
    assert len({article.id for article in broker.articles}) == 900


def test_a_crash_before_the_acknowledgement_loses_no_line(tmp_path: Path, seen: Seen) -> None:
    (tmp_path / "news.jsonl").write_bytes(rows(300))
    broker = FakeBroker(crash_before=True)
    with pytest.raises(Crash):
        run(tmp_path / "news.jsonl", broker, seen)
    broker.crash_before = False
    assert run(tmp_path / "news.jsonl", broker, seen) == {"published": 300}


def test_progress_is_told_by_lines_and_by_share(tmp_path: Path, seen: Seen) -> None:
    (tmp_path / "news.jsonl").write_bytes(rows(450))
    told: list[Progress] = []
    run(tmp_path / "news.jsonl", FakeBroker(), seen, on_progress=told.append)
    assert [progress.lines for progress in told] == [200, 400, 450]
    assert told[-1].share == 1
    assert told[-1].outcomes["published"] == 450


def test_a_plain_text_begins_with_its_date(tmp_path: Path, seen: Seen) -> None:
    (tmp_path / "dated.txt").write_text(f" date 2026-03-01 Ministers met on the lake\n\n{TEXT}", "utf-8")
    (tmp_path / "undated.txt").write_text(TEXT, "utf-8")
    broker = FakeBroker()
    run(tmp_path / "dated.txt", broker, seen)
    run(tmp_path / "undated.txt", broker, seen)
    dated, undated = broker.articles
    assert dated.published == datetime(2026, 3, 1, tzinfo=UTC)
    assert dated.text.startswith("Ministers met on the lake\n")
    assert (undated.published, undated.text) == (NOW, TEXT.strip())
    assert undated.url == "urn:dateline:undated.txt"


def test_a_broken_archive_says_how_far_it_went(tmp_path: Path, seen: Seen) -> None:
    whole = gzip.compress(b"".join(row(f"https://a.example/{n}", f"{TEXT} {n * n}") for n in range(2_000)))
    (tmp_path / "news.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    broker = FakeBroker()
    with pytest.raises(FileUnreadable, match=r"after \d+00 lines"):
        run(tmp_path / "news.jsonl.gz", broker, seen)
    assert broker.articles


def test_a_missing_file_is_named(tmp_path: Path, seen: Seen) -> None:
    with pytest.raises(FileUnreadable, match="nowhere"):
        run(tmp_path / "nowhere.jsonl", FakeBroker(), seen)
