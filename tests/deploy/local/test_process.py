import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from deploy.listening import accepts
from deploy.local.process import Child, NotReady, PortTaken, free_port, require_free
from tests.flow.eventually import eventually

PROGRAM = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print("ending", flush=True), sys.exit(0)))
print("up", flush=True)
while True:
    time.sleep(0.05)
"""


def python(code: str) -> list[str | Path]:
    return [sys.executable, "-c", textwrap.dedent(code)]


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    child = Child("program", python(PROGRAM), tmp_path / "logs" / "program.log")
    child.wait_until(lambda: "up" in child.output(), within=20)
    yield child
    child.kill()


def test_a_child_that_is_stopped_ends_in_order(child: Child) -> None:
    assert child.stop() == 0
    assert child.output() == "up\nending\n"


def test_a_child_that_is_killed_has_no_time_to_say_anything(child: Child) -> None:
    child.kill()
    assert child.exit_code == -signal.SIGKILL
    assert child.output() == "up\n"


def test_a_frozen_child_can_still_be_stopped(child: Child) -> None:
    child.pause()
    eventually(lambda: psutil.Process(child.pid).status() == psutil.STATUS_STOPPED)
    assert child.stop() == 0


def test_a_child_that_does_not_hear_is_killed(tmp_path: Path) -> None:
    deaf = PROGRAM.replace('lambda *_: (print("ending", flush=True), sys.exit(0))', "signal.SIG_IGN")
    child = Child("deaf", python(deaf), tmp_path / "deaf.log")
    child.wait_until(lambda: "up" in child.output(), within=20)
    assert child.stop(within=0.2) == -signal.SIGKILL


def test_a_child_that_ends_before_it_is_ready_is_quoted(tmp_path: Path) -> None:
    child = Child("broken", python("raise SystemExit('no such feed')"), tmp_path / "broken.log")
    with pytest.raises(
        NotReady, match=r"broken ended with code 1 before it was ready\.\n.*broken\.log:\n  no such feed"
    ):
        child.wait_until(lambda: False, within=20)


def test_a_child_that_takes_too_long_is_quoted(child: Child) -> None:
    with pytest.raises(NotReady, match=r"program was not ready after 0 s\.\n.*\n  up"):
        child.wait_until(lambda: False, within=0)


def test_the_cause_is_quoted_without_the_stack(tmp_path: Path) -> None:
    code = r"print('IOException: disk full\n' + '\tat org.example.Log.write(Log.java)\n' * 40)"
    child = Child("java", python(code), tmp_path / "java.log")
    child.wait(within=20)
    assert "IOException: disk full" in child.last_words()
    assert "\tat " not in child.last_words()


def test_only_this_runs_lines_are_quoted(tmp_path: Path) -> None:
    for words in ("yesterday", "today"):
        child = Child("program", python(f"print({words!r})"), tmp_path / "program.log")
        child.wait(within=20)
    assert child.output() == "today\n"
    assert (tmp_path / "program.log").read_text() == "yesterday\ntoday\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_child_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = f"""
        import time
        from pathlib import Path
        from deploy.local.process import Child
        child = Child("orphan", ["sleep", "600"], Path({str(tmp_path / "orphan.log")!r}))
        print(child.pid, flush=True)
        time.sleep(600)
    """
    with subprocess.Popen(python(parent), stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        orphan = int(running.stdout.readline())
        assert psutil.pid_exists(orphan)
        os.kill(running.pid, signal.SIGKILL)
    eventually(lambda: not psutil.pid_exists(orphan) or psutil.Process(orphan).status() == psutil.STATUS_ZOMBIE)


def test_a_port_in_use_is_named_with_who_has_it_and_what_moves_ours() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert accepts(f"127.0.0.1:{port}")
        expected = rf"Port {port} is in use.*\(process {os.getpid()}\).* another port with DATELINE_KAFKA_PORT=PORT\."
        with pytest.raises(PortTaken, match=expected):
            require_free(port, "DATELINE_KAFKA_PORT")
    assert not accepts(f"127.0.0.1:{port}")
    require_free(port, "DATELINE_KAFKA_PORT")


def test_a_free_port_is_free() -> None:
    require_free(free_port(), "DATELINE_KAFKA_PORT")
