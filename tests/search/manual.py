"""The examples of docs/query-language.md."""

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "query-language.md").read_text("utf-8")


def examples(kind: str) -> list[str]:
    """Every line of the blocks that are marked so."""
    blocks: list[str] = re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]
