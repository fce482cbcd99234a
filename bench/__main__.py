"""`python -m bench [NAME]`: run the benchmarks and print one JSON object a line.

Each line has `bench`, its figures, the `baseline` that ran beside it and the `ratio` between the two.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

BENCHES = ("annotate", "workers", "follow", "match", "export", "river")

Rows = Callable[[Path | None, int], Iterator[dict[str, object]]]


def main() -> None:
    """Run the bench that was asked for, or all of them."""
    parser = argparse.ArgumentParser(description="Print one JSON object a line for each benchmark.")
    parser.add_argument("only", nargs="?", choices=BENCHES, help="run this one alone")
    parser.add_argument(
        "--articles", type=Path, help="JSON Lines of whole articles; made from the samples if not given"
    )
    parser.add_argument("--count", type=int, default=100, help="how many articles; thousands for follow")
    asked = parser.parse_args()
    for name in (asked.only,) if asked.only else BENCHES:
        measure: Rows = import_module(f"bench.{name}").measure
        for row in measure(asked.articles, asked.count):
            sys.stdout.write(json.dumps({"bench": name, **row}) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
