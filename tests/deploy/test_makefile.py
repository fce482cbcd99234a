"""The commands that a person types, as far as they can be tried without running everything."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def make(*arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    run = subprocess.run(["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return run.stdout


def test_make_alone_prints_every_target_with_what_it_does() -> None:
    said = [line.split(maxsplit=2) for line in make().splitlines()]
    assert all(len(words) == 3 for words in said)
    targets = {words[1] for words in said}
    assert targets >= {"run", "test", "check", "flow", "evaluate", "bench", "clean", "lock"}


def test_a_feed_is_passed_on_whole() -> None:
    assert "dateline up --feed 'https://outlet.example/rss?a=1&b=2'" in make(
        "-n", "run", "FEED=https://outlet.example/rss?a=1&b=2"
    )


def test_without_a_feed_none_is_passed_on() -> None:
    assert "--feed" not in make("-n", "run")


def test_ci_runs_all_tests_from_an_empty_cache() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "make test" in script
    assert 'DATELINE_CACHE="$scratch/cache"' in script
