"""What `dateline up` wrote down is believed only while that very process lives."""

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from kafka import TopicPartition

from deploy.local.status import AlreadyUp, NotUp, Report, State, backlog, read_status, require_down


def test_what_is_written_down_is_read_back_while_we_live(tmp_path: Path) -> None:
    State.write(tmp_path, api="http://127.0.0.1:8080", pids={"kafka": 7})
    assert State.read(tmp_path).pids == {"kafka": 7}
    State.forget(tmp_path)
    with pytest.raises(NotUp):
        State.read(tmp_path)


@pytest.mark.parametrize("written", ["", "{}", "nonsense", '{"pid": 1, "began": 0.0, "api": "", "pids": {}}'])
def test_a_file_that_a_crash_left_behind_is_not_believed(tmp_path: Path, written: str) -> None:
    (tmp_path / "up.json").write_text(written)
    with pytest.raises(NotUp, match="make run"):
        State.read(tmp_path)


def test_who_starts_a_second_one_is_told_where_the_first_is_and_how_to_stop_it(tmp_path: Path) -> None:
    require_down(tmp_path)
    State.write(tmp_path, api="http://127.0.0.1:8080", pids={})
    with pytest.raises(AlreadyUp) as told:
        require_down(tmp_path)
    sentence = str(told.value)
    for wanted in ("already up", "http://127.0.0.1:8080", "since 2", f"process {os.getpid()}", str(tmp_path)):
        assert wanted in sentence
    assert "dateline down" in sentence


def test_what_has_no_services_yet_is_starting_and_not_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path))
    State.write(tmp_path, api="http://127.0.0.1:8080", pids={})
    report = read_status()
    assert (report.healthy, report.sentence) == (False, f"Dateline is starting as process {os.getpid()}.")


def test_a_report_reads_well_for_people_and_for_programs() -> None:
    report = Report(
        healthy=False,
        sentence="Down: alert.",
        resident_mib={"kafka": 300, "alert": None},
        behind={"index": 2},
        outcomes={"search": {"indexed": 40}},
    )
    assert report.as_text().splitlines() == [
        "Down: alert.",
        "  kafka            300 MiB",
        "  alert           not running",
        "  behind by 2 in index",
        "  search: 40 indexed",
    ]
    assert json.loads(json.dumps(report.as_json()))["behind"] == {"index": 2}


class FakeKafka:
    """A topic of three partitions that hold offsets 5 to 10, 0 to 20 and 0 to 7."""

    def __init__(self, **committed: int) -> None:
        self._committed = {int(name[1:]): offset for name, offset in committed.items()}

    def partitions_for_topic(self, topic: str) -> set[int]:
        return {0, 1, 2}

    def beginning_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict(zip(partitions, (5, 0, 0), strict=True))

    def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return dict(zip(partitions, (10, 20, 7), strict=True))

    def list_group_offsets(self, group: str) -> dict[str, Any]:
        return {group: {TopicPartition("t", n): SimpleNamespace(offset=at) for n, at in self._committed.items()}}


@pytest.mark.parametrize(
    ("committed", "behind"),
    [
        ({}, 5 + 20 + 7),
        ({"p1": 20}, 5 + 7),
        ({"p0": 10, "p1": 18, "p2": 7}, 2),
        ({"p0": 2, "p1": 20, "p2": -1}, 5 + 7),
    ],
    ids=["nothing", "one partition", "all but two messages", "what has expired"],
)
def test_a_partition_that_nobody_has_committed_is_behind_by_all_that_it_holds(
    committed: dict[str, int], behind: int
) -> None:
    kafka = FakeKafka(**committed)
    assert backlog(kafka, kafka, "index", "t") == behind
