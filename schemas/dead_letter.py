"""What could not be read or done, kept whole with the reason."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Self

from pydantic import Field

from schemas.message import Message, UtcDatetime


class DeadLetter(Message):
    """A message that was put aside: its bytes as they came, where they stood, and why.

    `bytes_base64` is the value itself, never a parsed copy: what cannot be parsed must be kept too.
    """

    id: str = Field(min_length=1)
    topic: str
    partition: int | None = None
    offset: int | None = None
    key_base64: str | None = None
    bytes_base64: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    service: str
    step: str
    error: str
    reason: str
    attempts: int = Field(default=1, ge=1)
    buried: UtcDatetime

    @classmethod
    def of(
        cls,
        *,
        topic: str,
        partition: int | None,
        offset: int | None,
        key: bytes | None,
        value: bytes | None,
        headers: Iterable[tuple[str, bytes | None]],
        service: str,
        step: str,
        error: Exception,
        now: UtcDatetime,
        attempts: int = 1,
    ) -> Self:
        """A dead letter for one message; its id is the place where it stood, so that burying twice is burying once.

        What came from a page or a file has no lasting place there: its bytes are then part of its id.
        """
        place = "/".join([service, topic, *(str(part) for part in (partition, offset) if part is not None)])
        if partition is None or offset is None:
            # 12 hex digits: among a million letters of one place, two are alike about once in 500 times.
            place += f"/{sha256(value or b'').hexdigest()[:12]}"
        return cls(
            id=place,
            topic=topic,
            partition=partition,
            offset=offset,
            key_base64=None if key is None else b64encode(key).decode(),
            bytes_base64=None if value is None else b64encode(value).decode(),
            # Kafka allows a header without a value, and a letter about it must not fail.
            headers={name: (data or b"").decode("utf-8", "backslashreplace") for name, data in headers},
            service=service,
            step=step,
            error=type(error).__name__,
            reason=str(error)[:4000] or type(error).__name__,
            attempts=attempts,
            buried=now,
        )

    @property
    def value(self) -> bytes | None:
        """The message's bytes as they came."""
        return None if self.bytes_base64 is None else b64decode(self.bytes_base64)

    @property
    def key(self) -> bytes | None:
        """The message's key as it came."""
        return None if self.key_base64 is None else b64decode(self.key_base64)
