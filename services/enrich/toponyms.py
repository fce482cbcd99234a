"""Bring a place's name into the one form under which the gazetteer keeps it, whatever its case, accents or points."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a"}
)
_APOSTROPHES = re.compile(r"['’‘`´ʼʻʹ′]")
_POSSESSIVE = re.compile(r"(?<=\w)['’][sS]$|(?<=[sS])['’]$")
_INITIALS = re.compile(r"\b(?:\w\.)+\w\b\.?")
_BREAKS = re.compile(r"[\W_]+")
_WORDS = {"st": "saint", "ste": "sainte", "mt": "mount", "mtn": "mountain", "ft": "fort", "pt": "point", "is": "island"}


@lru_cache(maxsize=100_000)
def name_key(name: str) -> str:
    """The form in which names are compared: no case, accents, points or possessive; St. is Saint, Ft. is Fort.

    Letters of other scripts are kept as they are, so that 北京 and Пекин can be keys as well. A leading "the" goes.
    """
    words = (_plain(name) if name.isascii() else _unaccented(name)).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    if len(words) > 1:
        words = [_WORDS.get(word, word) for word in words]
        if "co" in (words[0], words[-1]):
            words = ["county" if word == "co" else word for word in words]
    return unicodedata.normalize("NFC", " ".join(words))


def _plain(name: str) -> str:
    """The same as `_unaccented`, for the many names without accents, in a tenth of the time."""
    plain = name.strip()
    if "'" in plain:
        plain = _POSSESSIVE.sub("", plain)
    plain = plain.lower()
    if plain.replace(" ", "").isalnum():
        return plain
    plain = plain.replace("&", " and ")
    if "." in plain:
        plain = _INITIALS.sub(lambda found: found.group().replace(".", ""), plain)
    return _BREAKS.sub(" ", plain.replace("'", "").replace("`", ""))


def _unaccented(name: str) -> str:
    plain = _POSSESSIVE.sub("", name.strip())
    plain = unicodedata.normalize("NFKD", plain.casefold()).casefold().translate(_LETTERS)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = _INITIALS.sub(lambda found: found.group().replace(".", ""), plain.replace("&", " and "))
    return _spaced(_APOSTROPHES.sub("", plain))


def _spaced(text: str) -> str:
    if text.isascii():
        return _BREAKS.sub(" ", text)
    return "".join(sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in text)


@lru_cache(maxsize=100_000)
def short_form(name: str) -> str | None:
    """A name as the press shortens it, letter for letter ("La.", "U.S.", "LA"), or none where it is no short form.

    Such a form is looked up as it stands, since "la", "us" and "in" in small letters are words, not places.
    """
    bare = _POSSESSIVE.sub("", name.strip()).replace("’", "'")
    bare = bare[4:] if bare[:4].lower() == "the " else bare
    bare = re.sub(r"(?<=\.)\s+(?=\w\.)", "", bare).rstrip(".")
    if not bare or len(bare) > 7:
        return None
    capitals = bare.isupper() and len(bare.replace(".", "")) <= 4
    pointed = name.strip().endswith(".") and " " not in bare
    initials = "." in bare
    return "=" + bare.replace(".", "") if capitals or initials or pointed else None
