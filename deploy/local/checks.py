"""Say before anything starts what this machine lacks, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.local.process import require_free
from deploy.local.trouble import CannotStart

DISK_NEEDED = 2 * 1024**3
"""Bytes: 0.3 for the jars, the rest for the servers' data; Elasticsearch stops writing on a full disk."""

MEMORY_NEEDED = int(2.5 * 1024**3)
"""Bytes: the two servers, the models and the services together take about two thirds of it."""


class MachineTooSmall(CannotStart):
    """This machine lacks something; the message says what, and what to do."""


@dataclass(frozen=True)
class Listener:
    """A port that something of ours will listen on, and the setting that moves it."""

    port: int
    setting: str


def check_machine(data: Path, listeners: Iterable[Listener]) -> None:
    """Raise `MachineTooSmall` or `PortTaken` if what is to be started could not run here."""
    for listener in listeners:
        require_free(listener.port, listener.setting)
    data.mkdir(parents=True, exist_ok=True)
    lacking = shortage(psutil.disk_usage(str(data)).free, psutil.virtual_memory().available, data)
    if lacking:
        raise MachineTooSmall(lacking)


def shortage(disk_free: int, memory_available: int, data: Path) -> str:
    """What this machine has too little of, in a sentence that says what to do; empty if nothing."""
    if disk_free < DISK_NEEDED:
        return (
            f"Only {disk_free / 1024**3:.1f} GiB are free for {data}, and {DISK_NEEDED / 1024**3:.0f} are needed; "
            "free some, or set DATELINE_DATA to a folder on a larger disk."
        )
    if memory_available < MEMORY_NEEDED:
        return (
            f"Only {memory_available / 1024**3:.1f} GiB of memory are available, and {MEMORY_NEEDED / 1024**3:.1f} "
            "are needed; end some programs and try again."
        )
    return ""
