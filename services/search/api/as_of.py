"""Ask what was known at a moment: only of articles that had been seen by then."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.search.api.problems import Fault, faults, invalid
from services.search.asked import All, When
from services.search.criteria import Criteria


class KnownThen(BaseModel):
    """At which moment it should have been known."""

    model_config = ConfigDict(frozen=True)

    as_of: str | None = Field(
        default=None,
        description="Only what was known then: articles seen at or before this moment, or on this day (UTC) at the"
        " latest. The index keeps an article's last revision alone, so that one revised since is left out.",
        examples=["2026-11-21T18:00:00Z", "now-1d"],
    )


def as_known(criteria: Criteria, as_of: str | None, told_as: Literal["parameter", "pointer"] = "parameter") -> Criteria:
    """The same question, asked at that moment; raises a problem that names where it was given."""
    if as_of is None:
        return criteria
    try:
        seen = When(field="seen", high=as_of)
    except ValidationError as error:
        (found,) = faults([{**one, "loc": ("query", "as_of")} for one in error.errors()[:1]])
        fault = found if told_as == "parameter" else Fault(pointer="#/as_of", detail=found.detail)
        raise invalid(fault) from error
    query = seen if criteria.query is None else All(of=(criteria.query, seen))
    return criteria.model_copy(update={"query": query})
