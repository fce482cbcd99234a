"""`python -m tests.enrich.gallery.stories [NAME]`: show each story with what was rightly said, missed and wrongly said.

`--settle` writes down what fails today, so that the tests expect just that; what is new since then bears a star.
`--as-told` takes for granted which articles are of one story.
"""

from __future__ import annotations

import argparse
import sys

from services.enrich.follow import Measures
from services.enrich.settings import EnrichSettings
from services.enrich.tools import Models
from tests.enrich.gallery.stories import (
    HALF_READ,
    SETTLED,
    Verdicts,
    cases,
    followed,
    followed_as_told,
    scores,
    settled,
    verdicts,
    written,
)


def main() -> None:
    """Follow the little stories anew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("name", nargs="?", default="", help="only stories whose name contains this")
    parser.add_argument("--settle", action="store_true", help="write what fails today into stories_settled.toml")
    parser.add_argument("--as-told", action="store_true", help="put each article into its own story, to see the rest")
    asked = parser.parse_args()
    if asked.settle and (asked.name or asked.as_told):
        parser.error("all stories are settled at once, and as they are followed")
    follows = followed_as_told if asked.as_told else followed
    tools, measures = Models.load(EnrichSettings()).tools(), Measures.read(EnrichSettings().models_folder / "stories")
    found: dict[str, Verdicts] = {}
    for case, articles in cases().items():
        if asked.name in case:
            found[case] = verdicts(articles, case, follows(articles, case, tools, measures))
            _show(case, found[case])
    for group, score in scores(found).items():
        sys.stdout.write(
            f"{group:13} precision {score.precision:.3f}  recall {score.recall:.3f}  (right {score.right.total()}, "
            f"wrong {score.wrong.total()}, missed {score.missed.total()})\n"
        )
    if asked.settle:
        SETTLED.write_text(written(found), "utf-8")


def _show(case: str, verdict: Verdicts) -> None:
    known = settled().get(case, Verdicts())
    sys.stdout.write(f"{case}{' (read)' if case in HALF_READ else ''}\n")
    for name in ("right", "missed", "wrong", "astray"):
        for row in getattr(verdict, name):
            is_known = name == "right" or row in getattr(known, name)
            sys.stdout.write(f"  {name:7}{' ' if is_known else '*'}{row}\n")


if __name__ == "__main__":
    main()
