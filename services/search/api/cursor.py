"""A cursor: where a page ended and of which question, signed, so that nobody can make one up."""

import hashlib
import hmac
import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.search.criteria import Criteria

_SIGNATURE = 16
"""Bytes of HMAC-SHA256 that are kept: 128 bits."""

_LONGEST = 64 * 1024
"""Bytes a cursor may unpack to; ours are a few thousand."""


class NotACursor(ValueError):
    """This is not a cursor of ours: cut off, changed, or signed with another key."""


@dataclass(frozen=True)
class Cursor:
    """The question, and the place in its answer: a point in time of the index and the last one's sort values.

    `own` is what the list takes beside `criteria`, and `known` what its first page found out for those that follow.
    """

    of: str
    criteria: Criteria
    sort: str
    size: int
    point: str
    after: tuple[Any, ...] = ()
    own: Mapping[str, Any] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)

    def going_on(self, point: str, after: Sequence[Any], known: Mapping[str, Any] | None = None) -> "Cursor":
        """The same question, read on after this place."""
        return replace(self, point=point, after=tuple(after), known=self.known if known is None else known)

    def sized(self, size: int | None) -> "Cursor":
        """The same with pages of another size, where one is given."""
        return self if size is None else replace(self, size=size)


class Signer:
    """Writes and reads cursors of one installation: another's key or namespace makes them no cursors at all."""

    def __init__(self, key: bytes, namespace: str) -> None:
        self._key = hmac.digest(key, f"cursor of {namespace}".encode(), hashlib.sha256)

    def write(self, cursor: Cursor) -> str:
        """The cursor as the reader carries it."""
        said = {
            "of": cursor.of,
            "asked": cursor.criteria.model_dump(mode="json", exclude_defaults=True),
            "sort": cursor.sort,
            "size": cursor.size,
            "point": cursor.point,
            "after": cursor.after,
            "own": cursor.own,
            "known": cursor.known,
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
            of=said["of"],
            criteria=Criteria.model_validate(said["asked"]),
            sort=said["sort"],
            size=said["size"],
            point=said["point"],
            after=tuple(said["after"]),
            own=said["own"],
            known=said["known"],
        )

    def _sign(self, packed: bytes) -> bytes:
        return hmac.digest(self._key, packed, hashlib.sha256)[:_SIGNATURE]
