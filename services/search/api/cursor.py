"""A cursor: where a page ended and of which question, signed, so that nobody can make one up."""

import hashlib
import hmac
import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from services.search.criteria import Criteria
from services.search.query import Sort

_SIGNATURE = 16
"""Bytes of HMAC-SHA256 that are kept: 128 bits."""

_LONGEST = 64 * 1024
"""Bytes a cursor may unpack to; ours are a few thousand."""


class NotACursor(ValueError):
    """This is not a cursor of ours: cut off, changed, or signed with another key."""


@dataclass(frozen=True)
class Cursor:
    """The question, and the place in its answer: a point in time of the index and the last article's sort values."""

    criteria: Criteria
    sort: Sort
    size: int
    point: str
    after: tuple[Any, ...]


class Signer:
    """Writes and reads cursors of one installation: another's key or namespace makes them no cursors at all."""

    def __init__(self, key: bytes, namespace: str) -> None:
        self._key = hmac.digest(key, f"cursor of {namespace}".encode(), hashlib.sha256)

    def write(self, cursor: Cursor) -> str:
        """The cursor as the reader carries it."""
        said = {
            "asked": cursor.criteria.model_dump(mode="json", exclude_defaults=True),
            "sort": cursor.sort,
            "size": cursor.size,
            "point": cursor.point,
            "after": cursor.after,
        }
        packed = zlib.compress(json.dumps(said, separators=(",", ":")).encode())
        return urlsafe_b64encode(self._sign(packed) + packed).decode().rstrip("=")

    def read(self, written: str) -> Cursor:
        """The cursor that was written; raises `NotACursor`."""
        try:
            signed = urlsafe_b64decode(written.encode("ascii") + b"=" * (-len(written) % 4))
        except ValueError as error:
            raise NotACursor("not a cursor that this API has given") from error
        signature, packed = signed[:_SIGNATURE], signed[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._sign(packed)):
            raise NotACursor("not a cursor that this API has given, or from before it was started anew")
        said = json.loads(zlib.decompressobj().decompress(packed, _LONGEST))
        return Cursor(
            criteria=Criteria.model_validate(said["asked"]),
            sort=said["sort"],
            size=said["size"],
            point=said["point"],
            after=tuple(said["after"]),
        )

    def _sign(self, packed: bytes) -> bytes:
        return hmac.digest(self._key, packed, hashlib.sha256)[:_SIGNATURE]
