"""What webhooks are signed with: a file of secrets by name, which may change while the service runs.

A saved search names a secret and never holds one, so that none travels on a topic.
"""

import base64
import binascii
import threading
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, TypeAdapter, ValidationError

from services.telemetry import get_log

log = get_log("deliver")

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret, as Standard Webhooks has it."""


def _is_a_secret(secret: SecretStr) -> SecretStr:
    written = secret.get_secret_value()
    try:
        size = len(base64.b64decode(written.removeprefix(PREFIX), validate=True))
    except binascii.Error:
        size = 0
    if not written.startswith(PREFIX) or not SHORTEST <= size <= LONGEST:
        raise ValueError(f"{PREFIX} and {SHORTEST} to {LONGEST} random bytes in base64 are expected")
    return secret


class Secret(BaseModel):
    """One secret; `until` says when an old one ends, up to which everything is signed with both."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    secret: Annotated[SecretStr, AfterValidator(_is_a_secret)]
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it signs now; a moment without a zone is in UTC."""
        if self.until is None:
            return True
        return now < (self.until if self.until.tzinfo else self.until.replace(tzinfo=UTC))


_FILE = TypeAdapter(dict[str, tuple[Secret, ...]], config=ConfigDict(hide_input_in_errors=True))


class WebhookSecrets:
    """The file's secrets by name; read anew whenever it changes, and one that cannot be read changes nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read: dict[str, tuple[Secret, ...]] = {}
        self._stamp: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def named(self, name: str, now: datetime) -> tuple[str, ...]:
        """The secrets of that name that hold now, in the file's order; none where there is no such name."""
        with self._lock:
            self._refresh()
            return tuple(one.secret.get_secret_value() for one in self._read.get(name, ()) if one.holds(now))

    def _refresh(self) -> None:
        if self._path is None:
            return
        try:
            found = self._path.expanduser().stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if stamp == self._stamp:
                return
            written = self._path.expanduser().read_bytes()
            # Before it is judged: what is wrong with a file is said once, and not at every attempt.
            self._stamp = stamp
            self._read = _FILE.validate_python(tomllib.loads(written.decode("utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
            # Without the input: pydantic would quote it, and it is a secret.
            reason = "; ".join(e["msg"] for e in error.errors()) if isinstance(error, ValidationError) else str(error)
            log.warning("webhook secrets cannot be read, left as they were", file=str(self._path), reason=reason[:300])
