"""Make `.venv` from requirements.lock, each package held to its hash; the second time there is nothing to do.

Run by the Makefile with the system's own Python, before anything is installed: standard library only, and syntax that
an older Python can read, so that it can say that it is too old.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
PYTHON = (3, 11)
DISK_NEEDED = 3 * 1024**3  # the environment and the jars take 0.8 GB, pip's cache and the servers' data the rest
MEMORY_NEEDED = 4 * 1024**3  # Kafka and Elasticsearch with their heaps full, the services, and pip or the tests beside
PROJECTS = ("pyproject.toml", "client/pyproject.toml")
STAMP = ".set-up"  # in the environment, written when everything in it is there

COLOURED = sys.stdout.isatty() and "NO_COLOR" not in os.environ


class CannotSetUp(Exception):
    """The environment cannot be made; the message says why, and what to do."""


def main() -> int:
    """Make the environment if it is not there yet, and report in words; give the exit code."""
    try:
        set_up(ROOT)
    except CannotSetUp as problem:
        print(f"{red('Cannot set up:')} {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr)
        return 130
    return 0


def set_up(root: Path) -> None:
    """Bring `.venv` to what the lock file says; a half-finished one is made anew."""
    environment = root / ".venv"
    stamp = environment / STAMP
    check_python(sys.version_info[:3])
    wanted = identity(root)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    check_machine(shutil.disk_usage(root).free, memory_available())
    if stamp.exists():
        say("The lock file has changed: bringing .venv up to date.")
        stamp.unlink()  # until it is whole again
    else:
        if environment.exists():
            say("An earlier set-up did not finish: making .venv anew.")
        with step("Python environment in .venv"):
            run([sys.executable, "-m", "venv", "--clear", environment], "Python could not make an environment")
    lock = (root / "requirements.lock").read_text()
    install(environment, root, lock)
    stamp.write_text(wanted)


def install(environment: Path, root: Path, lock: str) -> None:
    """Install what is locked, then the project itself and its client in place."""
    pip: list[str | Path] = [
        environment / "bin" / "python",
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "--retries",
        "3",
    ]
    locked: list[str | Path] = [
        "install",
        "--progress-bar",
        "off",
        "--require-hashes",
        "-r",
        root / "requirements.lock",
    ]
    with step(f"{packages(lock)} packages of requirements.lock"):
        follow([*pip, *locked], packages(lock))
    with step("the project itself, in place"):
        here: list[str | Path] = ["install", "--quiet", "--no-deps", "--no-build-isolation"]
        ours = [part for name in PROJECTS for part in ("-e", (root / name).parent)]
        run([*pip, *here, *ours], "The project could not be installed into .venv")


def identity(root: Path) -> str:
    """Give the hash of everything that what is installed follows from."""
    import tomllib  # not in an older Python, which has been refused by now

    text = hashlib.sha256((root / "requirements.lock").read_bytes())
    for name in PROJECTS:
        project = tomllib.loads((root / name).read_text())
        text.update(repr((project["build-system"], project["project"])).encode())
    # An environment knows its own place: after the folder was moved it is made anew.
    text.update(f"{root} {sys.version_info[:3]}".encode())
    return text.hexdigest()


def packages(lock: str) -> int:
    """Count the packages in a lock file."""
    return len(re.findall(r"^[A-Za-z0-9][^\s=]*==", lock, flags=re.MULTILINE))


def check_python(version: Sequence[int]) -> None:
    """Raise CannotSetUp for a Python that the locked packages are not made for, or that lacks a part."""
    if tuple(version[:2]) != PYTHON:
        raise CannotSetUp(
            f"this is Python {version[0]}.{version[1]}, and the locked packages are for 3.11. "
            "Install Python 3.11, or name it: make PYTHON=/path/to/python3.11 …"
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as missing:
        raise CannotSetUp(
            f"this Python lacks its {missing.name} module. On Debian and Ubuntu: apt-get install python3.11-venv"
        ) from None


def check_machine(disk_free: int, memory: int | None) -> None:
    """Raise CannotSetUp when disk or memory (None: unknown) is too small for what comes."""
    if disk_free < DISK_NEEDED:
        raise CannotSetUp(
            f"only {disk_free / 1024**3:.1f} GiB are free on this disk, and 3 are needed. "
            "Free some, or put the project on a larger disk."
        )
    if memory is not None and memory < MEMORY_NEEDED:
        raise CannotSetUp(
            f"only {memory / 1024**3:.1f} GiB of memory are available, and 4 are needed. "
            "End some programs and try again."
        )


def memory_available() -> int | None:
    """Give the bytes of memory that could be had now, or None where the system does not say."""
    try:
        with open("/proc/meminfo") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass  # not Linux
    return None


def run(command: Sequence[str | Path], problem: str) -> None:
    """Run a command silently; raise CannotSetUp with its last words if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotSetUp(f"{problem}: {last_error(done.stdout + done.stderr)}")


def follow(command: Sequence[str | Path], total: int) -> None:
    """Run pip, saying from time to time how far it is; raise CannotSetUp with its own reason if it fails."""
    started = time.monotonic()
    found, told = 0, started
    output: list[str] = []
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for line in pip.stdout or ():
            output.append(line)
            # pip calls a package from its cache or a wheel folder otherwise, but each is "Collecting" once.
            found += line.startswith("Collecting ")
            now = time.monotonic()
            if now - told >= 5 and found < total:
                say(f"  {found} of {total} fetched, {now - started:.0f} s")
                told = now
            if line.startswith("Installing collected packages"):
                say(f"  all fetched, {now - started:.0f} s; unpacking them")
    except BaseException:
        pip.kill()  # or it would go on behind the back of the next set-up
        raise
    if pip.wait():
        raise CannotSetUp(
            f"the packages could not be installed ({last_error(''.join(output))}). "
            "Check the network and pip's settings (`pip config list`), then run the same command again."
        )


def last_error(output: str) -> str:
    """Pick pip's reason out of what it printed: its last line that says ERROR, or else its last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line[len("ERROR:") :].strip() for line in lines if line.startswith("ERROR:")]
    # A registry that does not answer is told by the warnings before; the error then only says what is missing.
    unreachable = [line for line in lines if "connection broken by" in line]
    reason = (errors or lines or ["it said nothing"])[-1]
    return f"the package registry cannot be reached; {reason}" if unreachable and errors else reason


class step:  # noqa: N801  # reads as a word: with step("…")
    """Say that a step begins and how long it took."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        say(f"Setting up: {self.what} …")
        self.started = time.monotonic()

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        if kind is None:
            say(f"  done, {time.monotonic() - self.started:.0f} s")


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)


def red(text: str) -> str:
    """Colour a text on a terminal only."""
    return f"\033[31m{text}\033[0m" if COLOURED else text


if __name__ == "__main__":
    sys.exit(main())
