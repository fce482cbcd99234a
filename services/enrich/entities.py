"""Find the names in an article: where each stands, to the character, and what kind of thing it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "organization", "location", "other"]


@dataclass(frozen=True, slots=True)
class Mention:
    """One name as it stands in the text: `text[start:end] == name`, always."""

    start: int
    end: int
    kind: Kind
    name: str
    confidence: float
