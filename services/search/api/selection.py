"""Give of each article only the fields that a reader asks for."""

import difflib
from collections.abc import Sequence
from typing import Literal

from services.search.api.problems import Fault, invalid

_LONG = ("entities", "places", "focus", "stances", "developments", "repeats")
"""Fields that an article can be without, and that are most of its bytes: the index need not read them."""


def selected(fields: Sequence[str], known: Sequence[str], told_as: Literal["parameter", "pointer"]) -> set[str]:
    """The fields asked for, and the id; none where none are asked for. Raises a problem."""
    unknown = [name for name in dict.fromkeys(fields) if name not in known]
    if unknown:
        raise invalid(*(_unknown(name, known, told_as) for name in unknown))
    return {"id", *fields} if fields else set()


def leaves_out(fields: Sequence[str]) -> list[str]:
    """What of the document nobody asked for."""
    return [name for name in _LONG if name not in fields] if fields else []


def _unknown(name: str, known: Sequence[str], told_as: Literal["parameter", "pointer"]) -> Fault:
    close = next(iter(difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)), None)
    meant = f"did you mean {close}?" if close else f"there are {', '.join(known)}"
    detail = f"fields: there is no field {name[:80]!r} of an article; {meant}"
    if told_as == "pointer":
        return Fault(pointer="#/fields", detail=detail, suggestion=close)
    return Fault(parameter="fields", detail=detail, suggestion=close)
