"""Give the part of requirements.lock that one extra needs, hashes and all, so that an image holds no more.

Run while an image is built (`python deploy/locked.py ingest`), before anything is installed: standard library only. The
lock file's own "via" notes say who needs whom; what they name beyond need (a package's optional part) is kept.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class UnknownExtra(ValueError):
    """pyproject.toml has no such extra."""


def part(lock: str, pyproject: str, extra: str) -> str:
    """Give the lock file's entries for the project's own requirements and one extra's, with all that these need.

    Raises UnknownExtra.
    """
    project = tomllib.loads(pyproject)["project"]
    extras = project["optional-dependencies"]
    if extra not in extras:
        raise UnknownExtra(f"there is no extra {extra!r}; there are {', '.join(sorted(extras))}")
    entries = split(lock)
    wanted = reachable({named(line) for line in [*project["dependencies"], *extras[extra]]}, needs(entries))
    return "".join(text for name, text in entries.items() if name in wanted)


def split(lock: str) -> dict[str, str]:
    """Split a lock file into its packages' entries by name."""
    entries = re.split(r"^(?=[A-Za-z0-9][^\s=]*==)", lock, flags=re.MULTILINE)
    return {named(entry): entry for entry in entries if "==" in entry}


def needs(entries: Mapping[str, str]) -> dict[str, set[str]]:
    """Turn "needed via" round: which packages does each need?"""
    found: dict[str, set[str]] = {}
    for name, text in entries.items():
        for line in text.splitlines():
            by = line.strip().removeprefix("#").strip().removeprefix("via").strip() if "#" in line else ""
            if by:
                found.setdefault(named(by), set()).add(name)
    return found


def reachable(roots: Iterable[str], needed: Mapping[str, set[str]]) -> set[str]:
    """Follow needs from the roots to everything they lead to."""
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += needed.get(name, ())
    return reached


def named(requirement: str) -> str:
    """Give a requirement's package name as lock files write it: lower case, dashes."""
    match = NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", match[0]).lower() if match else ""


if __name__ == "__main__":
    sys.stdout.write(part((ROOT / "requirements.lock").read_text(), (ROOT / "pyproject.toml").read_text(), sys.argv[1]))
