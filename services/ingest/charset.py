"""Make text of a page's bytes: what the server says, what the page says, what the bytes can be."""

import codecs
import re
from collections.abc import Iterator

_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# The HTML standard has a page say its encoding within its first 1024 bytes; not all pages keep to it.
_LOOKED_AT = 4096
_IN_PAGE = re.compile(rb"""<(?:meta[^>]*?charset|\?xml[^>]*?encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What the HTML standard reads under these names, since that is what pages under them hold.
_READ_AS = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252"}


def decode(content: bytes, content_type: str = "") -> str:
    """The page as text; the first encoding that fits, in the order of who should know best. Never fails."""
    for name in _candidates(content, content_type):
        try:
            return content.decode(name)
        except (UnicodeError, LookupError):
            # UnicodeError alone is what Python's codec "undefined" raises: a page may ask for that one too.
            continue
    # No encoding fits as a whole. A few broken letters among many good ones are still UTF-8.
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(character > "\x7f" for character in text) - broken
    return text if good >= broken else content.decode("cp1252", "replace")


def _candidates(content: bytes, content_type: str) -> Iterator[str]:
    for mark, name in _MARKS:
        if content.startswith(mark):
            yield name
    said = _IN_HEADER.search(content_type)
    if said:
        yield _known(said[1])
    written = _IN_PAGE.search(content[:_LOOKED_AT])
    if written:
        name = _known(written[1].decode("ascii", "replace"))
        # A page whose meta can be read as ASCII is not in UTF-16, whatever it says.
        yield "utf-8" if name.startswith("utf-16") else name
    yield "utf-8"


def _known(name: str) -> str:
    name = name.lower()
    return _READ_AS.get(name, name)
