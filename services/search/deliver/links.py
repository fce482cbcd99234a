"""The link by which e-mail of a saved search is ended: signed, so that nobody ends another's."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode

from services.search.settings import SearchSettings

_SIGNATURE = 16
"""Bytes of HMAC-SHA256 that are kept: 128 bits."""

_LINK = re.compile(r"(?P<search>[0-9a-z-]{1,64})\.(?P<destination>[0-9a-f]{16})\.(?P<signature>[\w-]{22})", re.ASCII)


class NotALink(ValueError):
    """This is no link of ours: cut off, changed, or signed with another key."""


def links_of(settings: SearchSettings) -> "Links | None":
    """The links of this installation; none where it sends no e-mail."""
    if not settings.has_mail or settings.link_key is None:
        return None
    return Links(settings.link_key.get_secret_value().encode(), settings.namespace, settings.public_url)


class Links:
    """Writes and reads the links of one installation; they last as long as its key."""

    def __init__(self, key: bytes, namespace: str, public_url: str) -> None:
        self._key = hmac.digest(key, f"link of {namespace}".encode(), hashlib.sha256)
        self._at = public_url

    def unsubscribe(self, search: str, destination: str) -> str:
        """The address at which this destination of the search is ended."""
        return f"{self._at}/unsubscribe/{search}.{destination}.{self._signature(search, destination)}"

    def read(self, written: str) -> tuple[str, str]:
        """The search and the destination that a link names; raises `NotALink`."""
        found = _LINK.fullmatch(written)
        if found is None or not hmac.compare_digest(
            found["signature"], self._signature(found["search"], found["destination"])
        ):
            raise NotALink("not a link that this installation has sent; perhaps it was cut off")
        return found["search"], found["destination"]

    def _signature(self, search: str, destination: str) -> str:
        signed = hmac.digest(self._key, f"unsubscribe\x1f{search}\x1f{destination}".encode(), hashlib.sha256)
        return urlsafe_b64encode(signed[:_SIGNATURE]).decode().rstrip("=")
