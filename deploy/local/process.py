"""A child process that leaves nothing behind: its own group, its own log, and it dies with us."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import psutil

from deploy.local.trouble import CannotStart

LINES_QUOTED = 15  # enough for a Java stack's first cause to be among them
LARGEST_LOG = 20_000_000  # bytes; an older log is begun anew at a start, not in the middle
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class PortTaken(CannotStart):
    """Another program listens where ours should; the message names the port and the setting that moves ours."""


class NotReady(CannotStart):
    """A process ended, or stayed silent too long, before it was ready; the message quotes its last words."""


class Child:
    """A running process of ours: `stop` asks, `kill` does not, `pause` freezes it as a hung machine would be.

    On Linux the kernel ends it when the thread that started it ends, however that happens; start children from
    a thread that lasts as long as they should, such as the main one.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        log: Path,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        """Start it, with its standard output and error added to the log."""
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with open_log(log) as output:
            self._log_start = output.tell()
            parent = os.getpid()
            self._process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if environment is None else dict(environment),
                cwd=folder,
                start_new_session=True,  # Ctrl-C reaches us alone, and we end the children in order
                preexec_fn=lambda: die_with(parent),
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended, or None while it runs."""
        return self._process.poll()

    @property
    def running(self) -> bool:
        """Say whether it has not ended; a paused process runs."""
        return self.exit_code is None

    @property
    def resident_bytes(self) -> int:
        """Memory it holds now."""
        return int(psutil.Process(self.pid).memory_info().rss)

    def stop(self, within: float = 15.0) -> int:
        """Ask it to end, and make it after `within` seconds; give its exit code."""
        if self.running:
            self._process.terminate()
            self.resume()  # a frozen process hears nothing
            try:
                return self._process.wait(within)
            except subprocess.TimeoutExpired:
                self.kill()
        return self._process.wait()

    def kill(self) -> None:
        """End it and whatever it started at once, as a crash would."""
        if self.running:
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def pause(self) -> None:
        """Freeze it: connections stay open, nothing answers."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen process go on."""
        self._process.send_signal(signal.SIGCONT)

    def wait(self, within: float) -> int:
        """Wait for it to end by itself; raises NotReady if it does not."""
        try:
            return self._process.wait(within)
        except subprocess.TimeoutExpired:
            raise NotReady(f"{self.name} had not ended after {within:.0f} s.\n{self.last_words()}") from None

    def output(self) -> str:
        """Give what it has written since it was started."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def last_words(self) -> str:
        """Quote the end of its log, with the log's place; where in Java's depths it happened stays in the log."""
        lines = [line for line in self.output().splitlines() if not line.startswith(("\tat ", "WARNING: "))]
        return "\n".join([f"The last lines of {self.log}:", *(f"  {line}" for line in lines[-LINES_QUOTED:])])

    def wait_until(self, ready: Callable[[], bool], within: float) -> None:
        """Wait until `ready` says yes; raises NotReady if the process ends first or takes too long."""
        deadline = time.monotonic() + within
        while not ready():
            if not self.running:
                raise NotReady(
                    f"{self.name} ended with code {self.exit_code} before it was ready.\n{self.last_words()}"
                )
            if time.monotonic() > deadline:
                raise NotReady(f"{self.name} was not ready after {within:.0f} s.\n{self.last_words()}")
            time.sleep(0.1)


def open_log(log: Path) -> BinaryIO:
    """Open a log to add to, beginning anew when it has grown large."""
    too_large = log.exists() and log.stat().st_size > LARGEST_LOG
    output = log.open("wb" if too_large else "ab")
    output.seek(0, os.SEEK_END)
    return output


def die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, even by kill -9; runs between fork and exec."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the parent ended before the kernel knew
            os._exit(1)


def free_port() -> int:
    """Give a port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require_free(port: int, setting: str) -> None:
    """Raise PortTaken if somebody listens on this loopback port; `setting` is what would move ours."""
    with socket.socket() as probe:
        # As the servers do: a connection that lingers from the last run is no reason to refuse.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PortTaken(
                f"Port {port} is in use{by_whom(port)}. End that program, or choose another port with {setting}=PORT."
            ) from None


def by_whom(port: int) -> str:
    """Name the program that listens on a port, where the system lets us see it."""
    try:
        for connection in psutil.net_connections("tcp"):
            listens = connection.status == psutil.CONN_LISTEN and tuple(connection.laddr)[1:] == (port,)
            if listens and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass  # not ours to see; the port says enough
    return ""
