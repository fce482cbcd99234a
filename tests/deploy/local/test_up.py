"""Who starts or ends the river is told what happens, and what is being waited for."""

import re
import signal
import socket
import sys
from pathlib import Path

import pytest

from deploy.local.process import Child
from deploy.local.status import AlreadyUp, State
from deploy.local.up import bring_up, stopped

DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"


def test_a_second_start_names_the_first_and_not_a_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("DATELINE_DATA", str(tmp_path))
        monkeypatch.setenv("DATELINE_API_PORT", str(taken.getsockname()[1]))
        State.write(tmp_path, api="http://127.0.0.1:8080", pids={})
        with pytest.raises(AlreadyUp, match="already up here"):
            bring_up([], samples=True, drip=0.5)
    assert State.read(tmp_path), "the second took the first one's word away"


def test_each_process_that_ends_is_told_with_how_it_ended(tmp_path: Path) -> None:
    willing = Child("willing", [sys.executable, "-c", "import signal; signal.pause()"], tmp_path / "willing.log")
    assert re.fullmatch(r"willing stopped after \d+\.\d s", stopped(willing))
    assert stopped(willing) == f"willing had ended with code {-signal.SIGTERM}"


def test_a_process_that_had_to_be_killed_is_told_so(tmp_path: Path) -> None:
    deaf = Child("deaf", [sys.executable, "-c", DEAF], tmp_path / "deaf.log")
    deaf.wait_until(lambda: "up" in deaf.output(), within=20)
    assert stopped(deaf, within=0.1).startswith("deaf did not end when asked, and was killed after ")
