"""How a question names actors: one by id or name, or as a side of a stance all who act for a country."""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field


def _as_id(value: str) -> str:
    return value.upper() if re.fullmatch(r"[qQ][1-9][0-9]*", value) else value


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_as_id)]
"""An entity's Wikidata id, its local id, or its name in any spelling that `fold` makes the same."""


_COUNTRY = re.compile(r"(country:)?([A-Z]{2})")


@dataclass(frozen=True, slots=True)
class Side:
    """Whom a holder or target asks for: one by id or by name, all who act for a country, or either."""

    name: str | None
    country: str | None


def side_of(asked: str) -> Side:
    """Read `country:RU` as a country, `RU` as a country or a name, and everything else as an id or a name."""
    found = _COUNTRY.fullmatch(asked)
    if found is None:
        return Side(asked, None)
    return Side(None if found[1] else asked, found[2])


def _as_side(value: str) -> str:
    prefix, colon, code = value.partition(":")
    if not colon or prefix.casefold() != "country":
        return value
    if not re.fullmatch(r"[A-Za-z]{2}", code.strip()):
        raise ValueError("two letters are expected after country: (ISO 3166-1 alpha-2), as in country:RU")
    return f"country:{code.strip().upper()}"


SideName = Annotated[Name, AfterValidator(_as_side)]
"""Who takes part in a stance: an entity's id or name, or a country (`country:RU`, `RU`) for all who act for it."""
