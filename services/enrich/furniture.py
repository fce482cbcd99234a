"""Leave out what an outlet prints with every article, captions, footers and the like: it is learned, not listed."""

from __future__ import annotations

import zlib

from services.enrich.memory import Stories

FIRST_LINES, LAST_LINES = 3, 8
"""Where such lines stand."""

OFTEN = 3
"""Articles of one outlet, copies left out, that have a line before it is the outlet's own."""

FEWEST_LETTERS = 12
"""Shorter lines are alike by chance: "(AP)", "* * *"."""


def furniture_of(text: str, outlet: str) -> dict[int, str]:
    """The lines that may be the outlet's own, by their hash."""
    lines = [line.strip() for line in text.split("\n")]
    lines = [line for line in lines if len(line) >= FEWEST_LETTERS]
    ends = dict.fromkeys((*lines[:FIRST_LINES], *lines[-LAST_LINES:]))
    return {zlib.crc32(f"{outlet}\x1f{line.casefold()}".encode()): line for line in ends}


def without_furniture(text: str, lines: dict[int, str], stories: Stories) -> str:
    """The text without the lines that the outlet printed often before."""
    printed = stories.articles_with_lines(list(lines), OFTEN)
    often = {line for line, articles in zip(lines.values(), printed, strict=True) if articles >= OFTEN}
    if not often:
        return text
    left = [line for line in text.split("\n") if line.strip() not in often]
    return "\n".join(left) if any(line.strip() for line in left) else text
