"""What every answer has in common: frozen, and it keeps the fields that this version does not know yet."""

from pydantic import BaseModel, ConfigDict


class Growing(BaseModel):
    """A part of a question or an answer. The API only grows: a field that is not named here is an attribute as well."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Page(Growing):
    """A page of an answer that goes on."""

    next: str | None = None
    """cursor of the next page; none on the last one"""


class Nothing(Growing):
    """The answer that has no body."""
