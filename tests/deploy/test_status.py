"""What `dateline up` wrote down is believed only while that very process lives."""

import json
import os
from pathlib import Path

import pytest

from deploy.local.status import AlreadyUp, NotUp, Report, State, read_status, require_down


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
