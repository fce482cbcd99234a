"""Mend what the open lists have wrong: an id given to another, a name cut off, a country left out or a namesake's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from services.enrich.knowledge import folded

NEWSWORTHY = {"Q29999": "Q55", "Q756617": "Q35"}
"""Kingdoms with lands overseas, of which news that names the Netherlands or Denmark means the land in Europe."""

_STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Hawaii|Idaho|Illinois|Indiana|"
    "Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|"
    "Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|"
    "Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|"
    "West Virginia|Wisconsin|Wyoming"
)
"""Georgia is not among them: what lies in it may lie in the country."""

_PROVINCES = (
    "Alberta|British Columbia|Manitoba|New Brunswick|Newfoundland and Labrador|Nova Scotia|Ontario|"
    "Prince Edward Island|Quebec|Saskatchewan"
)

_DESCRIBED = {
    "US": re.compile(rf"\b(?:United States|USA|US)\b|\bU\.S\. (?:state|capital|city)\b|(?:\bin|\bof|,) (?:{_STATES})$"),
    "CA": re.compile(rf"\bCanada\b|(?:\bin|\bof|,) (?:{_PROVINCES})$"),
}
_SHARED = re.compile(r"\b(?:Mexico and|and Mexico|territory|insular|commonwealth|border|embassy|consulate)\b", re.I)
"""What lies in two countries, or is one's and has a code of its own, or stands in another."""

_CALLED = {
    "US": re.compile(rf"(?:, (?:{_STATES})(?:, (?:USA|US|United States))?|, United States| \(U\.S\. state\))$"),
    "CA": re.compile(rf"(?:, (?:{_PROVINCES})(?:, Canada)?|, Canada)$"),
}
_OUTLINE = re.compile(r"(us|ca)-.*\.geojson")
"""Name-suggestion-index names the outline of a state or province."""


def mended(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its first alias for a name that was cut off after an initial, which a space at its end betrays."""
    aliases = [alias for alias in row.get("aliases", ()) if alias]
    return {**row, "name": aliases[0]} if row["name"].endswith(" ") and aliases else row


def is_anothers(name: str, main: str | None) -> bool:
    """Does the name share no word with the main name of its id? Then the list has the id of somebody else."""
    return main is not None and not _words(name) & _words(main)


def without(aliases: Iterable[str], refused: Collection[str]) -> list[str]:
    """The aliases but those that came from a row refused for another's id."""
    return [alias for alias in aliases if folded(alias) not in refused]


def told_country(name: str, description: str, others: Sequence[str], outline: str | None = None) -> str | None:
    """US or CA, where the description or a longer name ("Birmingham, Alabama") puts it there and not elsewhere."""
    drawn = _OUTLINE.fullmatch(outline or "")
    if drawn:
        return drawn[1].upper()
    said = {code for code, pattern in _DESCRIBED.items() if pattern.search(description)}
    if said and not _SHARED.search(description):
        return said.pop() if len(said) == 1 else None
    if description:
        # "city in England" is not in Alabama, whatever a link to it once said.
        return None
    longer = [other.replace("_", " ").removeprefix("City of ") for other in others]
    longer = [other for other in longer if other.startswith((f"{name},", f"{name} ("))]
    said = {code for code, pattern in _CALLED.items() if any(map(pattern.search, longer))}
    return said.pop() if len(said) == 1 else None


def _words(name: str) -> set[str]:
    return set(re.findall(r"\w+", folded(name)))
