"""Keys for readers: made and shown once, kept as hashes in a compacted topic, and checked without paying each time."""

import hashlib
import re
import secrets
import string
import threading
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schemas import wire
from schemas.key import Key, Scope
from schemas.topics import KEYS
from services.publish import Publisher
from services.search.follow import Following
from services.search.settings import SearchSettings
from services.telemetry import get_log

log = get_log("search")

_LETTERS = string.ascii_letters + string.digits
_WRITTEN = re.compile(r"dl_([0-9a-z]{12})_[0-9A-Za-z]{43}")

# OWASP's least memory for argon2id. A secret of 256 bits is guessed by nobody; more memory would only let strangers,
# who can have it spent by asking, take it from readers.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

REMEMBERED = 10_000
"""Checks that are remembered; the one that was asked for longest ago is forgotten first."""


def make(name: str, scopes: Iterable[Scope], now: datetime) -> tuple[Key, str]:
    """A new key as it is kept, and as it is shown, once."""
    key_id = _random(12).lower()
    shown = f"dl_{key_id}_{_random(43)}"
    kept = Key(
        id=key_id, name=name, scopes=tuple(dict.fromkeys(scopes)), hash=_HASHER.hash(shown), created=now, revoked=None
    )
    return kept, shown


def keep(publisher: Publisher, key: Key) -> None:
    """Put a key, new or revoked, where every API learns of it; returns once the broker has it."""
    publisher.publish(KEYS, key)


def id_of(shown: str) -> str | None:
    """The id of the key that this text could be."""
    found = _WRITTEN.fullmatch(shown)
    return found[1] if found else None


def opens(key: Key, shown: str) -> bool:
    """Whether this is the key that was shown. Takes about 50 ms of a core, on purpose."""
    try:
        return _HASHER.verify(key.hash, shown)
    except (VerificationError, InvalidHashError):
        return False


class Keys:
    """The keys as they are now; safe to ask from any thread.

    What was checked is remembered under a digest that only this process can make, together with the hash that it was
    checked against: a key that the topic takes back or replaces is not the one remembered, and opens nothing any more.
    """

    def __init__(self, settings: SearchSettings) -> None:
        self._keys: dict[str, Key] = {}
        self._checked: OrderedDict[bytes, tuple[str, bool]] = OrderedDict()
        self._salt = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._following = Following(KEYS, settings, self.take)

    def start(self) -> None:
        """Begin to read; returns at once."""
        self._following.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until every key that was there at the start is known; false if that took longer."""
        return self._following.wait(timeout)

    def stop(self) -> None:
        """Follow no further."""
        self._following.stop()

    def all(self) -> list[Key]:
        """Every key, the revoked ones too, oldest first."""
        with self._lock:
            return sorted(self._keys.values(), key=lambda key: (key.created, key.id))

    def get(self, key_id: str) -> Key | None:
        """The key of that id, revoked or not."""
        with self._lock:
            return self._keys.get(key_id)

    def is_good(self, key: Key) -> bool:
        """Whether this key, found earlier, still opens anything."""
        return self.get(key.id) == key and key.revoked is None

    def candidate(self, shown: str) -> Key | None:
        """The key that this text claims to be, not checked yet; none where there is none, or it is revoked."""
        key_id = id_of(shown)
        key = None if key_id is None else self.get(key_id)
        return None if key is None or key.revoked is not None else key

    def remembered(self, key: Key, shown: str) -> bool | None:
        """What came of checking this text against the key before; none if that is not known."""
        digest = self._digest(shown)
        with self._lock:
            against, good = self._checked.get(digest, ("", False))
            if against != key.hash:
                return None
            self._checked.move_to_end(digest)
            return good

    def check(self, key: Key, shown: str) -> bool:
        """Check the text against the key, and remember what came of it."""
        good = opens(key, shown)
        with self._lock:
            self._checked[self._digest(shown)] = (key.hash, good)
            while len(self._checked) > REMEMBERED:
                self._checked.popitem(last=False)
        return good

    def take(self, record: Any) -> None:
        """Learn what one record of the topic says; of one that cannot be read, the key is closed and not left open."""
        key_id = (record.key or b"").decode("utf-8", "replace")
        key: Key | None = None
        if record.value is not None:
            try:
                decoded = wire.decode(KEYS, record.value, record.headers)
                assert isinstance(decoded, Key)
                key = decoded if decoded.id == key_id else None
            except wire.Undecodable:  # what it says would put a hash into the log
                log.warning("key cannot be read, opens nothing", key=key_id[:80])
        with self._lock:
            if key is None:
                self._keys.pop(key_id, None)
            else:
                self._keys[key_id] = key

    def _digest(self, shown: str) -> bytes:
        return hashlib.blake2b(shown.encode(), key=self._salt, digest_size=32).digest()


def _random(length: int) -> str:
    """Letters and digits: 43 have the 256 bits of a good secret, and nothing that a shell or a URL would mind."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
