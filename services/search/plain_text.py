"""Cut a line of plain Latin text into tokens, as the index's tokenizer does: nearly all news is, and all scripts cost
seven times as much.
"""

import re

# What the tokenizer's own expression comes to without marks, pictures and other scripts; the tests hold them together.
_LETTER = r"A-Za-z\u00AA\u00B5\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F"
_SIGNS = (
    r"\u0009\u0020-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u007E\u00A0-\u00A8\u00AB\u00AC\u00AF-\u00B1\u00B4\u00B6-\u00B8"
    r"\u00BB\u00BF\u00D7\u00F7\u2013\u2014\u2018\u2019\u201C\u201D\u2022\u2026\u20AC"
)
_PLAIN = re.compile(f"[{_LETTER}{_SIGNS}0-9]*")

_IN_WORD = r"[:.'\u00B7\u2018\u2019]"
_IN_NUMBER = r"[,;.'\u2018\u2019]"
_WORD = rf"(?:[{_LETTER}]+(?:(?:_+|{_IN_WORD})[{_LETTER}]+)*|[0-9]+(?:(?:_+|{_IN_NUMBER})[0-9]+)*)+"
_TOKEN = re.compile(rf"_*{_WORD}(?:_+{_WORD})*_*")


def tokens_of_plain(line: str) -> list[str] | None:
    """The line's tokens; None if there is anything in it that only the whole tokenizer can tell."""
    return _TOKEN.findall(line) if _PLAIN.fullmatch(line) else None
