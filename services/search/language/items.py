"""Read luqum's items as they stand in a question: their values, their bounds, and where they are."""

import re
from collections.abc import Callable
from typing import cast

from luqum import tree as lucene
from pydantic import ValidationError

from services.search.asked import Ask, Node
from services.search.language.scan import NotUnderstood, restored


class Items:
    """The items of one question, whose text they are places in."""

    def __init__(self, text: str) -> None:
        self._text = text

    def no(self, item: lucene.Item, reason: str, suggestion: str | None = None) -> NotUnderstood:
        """The refusal of an item, at its place."""
        return NotUnderstood(reason, self.start(item), suggestion)

    def bounds(self, item: lucene.Item) -> tuple[str | None, str | None, bool, bool]:
        """Both bounds of a range as they are written, None where it is open, and whether each is in it."""
        match item:
            case lucene.Range():
                return (
                    self._bound(item.low),
                    self._bound(item.high),
                    item.include_low or self._is_open(item.low),
                    item.include_high or self._is_open(item.high),
                )
            case lucene.From():
                return self._bound(item.a), None, item.include, True
            case lucene.To():
                return None, self._bound(item.a), True, item.include
        raise self.no(item, "a range is expected", "[0.3 TO 1]")

    def number(self, item: lucene.Item, bound: str | None) -> float | None:
        """A bound as a number."""
        try:
            return None if bound is None else float(bound)
        except ValueError:
            raise self.no(item, f"{bound} is no number") from None

    def _is_open(self, item: lucene.Item) -> bool:
        return isinstance(item, lucene.Word) and item.value == "*"

    def _bound(self, item: lucene.Item) -> str | None:
        if self._is_open(item):
            return None
        if isinstance(item, lucene.Prohibit):
            return f"-{self._bound(item.a)}"
        return self.value(item, "a bound")

    def value(self, item: lucene.Item, field: str) -> str:
        """A value as it is meant: an id, a name, a code, a bound."""
        match item:
            case lucene.Phrase():
                return " ".join(restored(unescaped(item.value[1:-1])).split())
            case lucene.Word():
                if (at := wildcard(item.value)) is None:
                    return restored(unescaped(item.value))
                raise NotUnderstood(
                    f"* and ? stand for nothing in {field}; in quotation marks they are plain text",
                    self.start(item) + at,
                    f'"{self.said(item)}"',
                )
            # An id with a colon in it, as local:harvest-party; with more of them it stands in quotation marks.
            case lucene.SearchField() if not isinstance(item.expr, lucene.SearchField):
                return f"{restored(item.name)}:{self.value(item.expr, field)}"
        raise self.no(item, f"one value is expected in {field}", '"…"')

    def made(self, item: lucene.Item, make: Callable[[], Node]) -> Ask:
        """The part of the tree that an item makes, or why there can be none."""
        try:
            return cast("Ask", make())
        except ValidationError as error:
            first = error.errors()[0]
            reason = str(first["msg"]).removeprefix("Value error, ")
            raise self.no(item, _EXPECTED.get(str(first.get("ctx", {}).get("pattern")), reason)) from None

    def said(self, item: lucene.Item) -> str:
        """The item as it is written."""
        start, end = item.span()
        return self._text[start:end].strip()

    def start(self, item: lucene.Item) -> int:
        """Where the item begins."""
        start = int(item.span()[0] or 0)
        return start + len(self._text[start:]) - len(self._text[start:].lstrip())


_EXPECTED = {
    "^[A-Z]{2}$": "two letters are expected (ISO 3166-1 alpha-2), as in KP",
    "^[a-z]{2,3}$": "two letters are expected (ISO 639-1), as in en",
}


def wildcard(value: str) -> int | None:
    """Where the first * or ? stands that no backslash makes plain."""
    found = re.search(r"(?:\\.|[^\\*?])*", value, re.DOTALL)
    end = found.end() if found else 0
    return end if end < len(value) else None


def unescaped(value: str) -> str:
    """Without the backslashes that make signs plain."""
    return re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)
