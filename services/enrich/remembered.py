"""What enrich remembers of an article and of a story, as the rows of a table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic_core import from_json, to_json

from schemas.story import StoryMoment
from services.enrich.likeness import Print, Words

STORY_KEY = "story "

VERSION = 1
"""Grows whenever a row is written otherwise; rows of another version are forgotten, as if their time were over."""


class OfAnotherVersion(ValueError):
    """This row was written by other code, and says other things than are compared now."""


@dataclass(frozen=True)
class Remembered:
    """One revision of an article as the table keeps it: a row of about 2.7 kB, written once.

    `order` is its place in the order of arrival; `furniture` are the hashes of its first and last lines, by which an
    outlet's repeated ones are known, `names` the rare words of its names, and `countries` those that it names,
    the one that it is about first, or an empty one.
    """

    key: str
    article: str
    order: int
    published: float
    seen: float
    moment: StoryMoment
    title: Words
    words: Words
    vector: npt.NDArray[np.int8]
    print: Print
    furniture: tuple[int, ...] = ()
    names: tuple[int, ...] = ()
    countries: tuple[str, ...] = ()

    def of(self, moment: StoryMoment) -> Remembered:
        """The same with another moment."""
        return replace(self, moment=moment)

    def packed(self) -> bytes:
        """The row's bytes: a line of JSON, then the arrays."""
        said = {
            "article": self.article,
            "order": self.order,
            "published": self.published,
            "seen": self.seen,
            "moment": self.moment,
            "title": [self.title.terms, self.title.weights],
            "words": [self.words.terms, self.words.weights],
            "shingles": self.print.shingles,
            "vector": len(self.vector),
            "furniture": self.furniture,
            "names": self.names,
            "countries": self.countries,
            "version": VERSION,
        }
        line = to_json(said, exclude={"moment": {"so_far"}})
        return line + b"\n" + self.vector.tobytes() + self.print.hashes.astype("<u4").tobytes()

    @classmethod
    def unpacked(cls, key: str, row: bytes) -> Remembered:
        """The row that `packed` gave; raises OfAnotherVersion."""
        line, _, arrays = row.partition(b"\n")
        said: dict[str, Any] = from_json(line)
        if said.get("version") != VERSION:
            raise OfAnotherVersion(f"row {key} is of version {said.get('version', 'none')}, and not {VERSION}")
        return cls(
            key=key,
            article=said["article"],
            order=said["order"],
            published=said["published"],
            seen=said["seen"],
            moment=StoryMoment.model_validate(said["moment"]),
            title=Words(*map(tuple, said["title"])),
            words=Words(*map(tuple, said["words"])),
            vector=np.frombuffer(arrays[: said["vector"]], dtype=np.int8),
            print=Print(np.frombuffer(arrays[said["vector"] :], dtype="<u4"), said["shingles"]),
            furniture=tuple(said["furniture"]),
            names=tuple(said["names"]),
            countries=tuple(said["countries"]),
        )


def story_key(story: str) -> str:
    """The key of a story's chronicle in the table, which no article's row has."""
    return f"{STORY_KEY}{story}"


def story_row(chronicle: bytes, latest: str, article: bytes) -> bytes:
    """A story as the table keeps it: what it has told, and its latest article's key and row."""
    return f"{len(chronicle)} {latest}\n".encode() + chronicle + article


def parts_of(story: bytes) -> tuple[bytes, str, bytes]:
    """What `story_row` was given."""
    head, _, rows = story.partition(b"\n")
    length, latest = head.split(b" ", 1)
    return rows[: int(length)], latest.decode(), rows[int(length) :]
