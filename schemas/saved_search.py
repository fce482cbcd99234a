"""What a reader asked to be told of."""

from pydantic import Field, JsonValue

from schemas.message import Message, UtcDatetime


class SavedSearch(Message):
    """A search that runs forwards: `criteria` is what `GET /articles` takes, and search alone reads it.

    The version grows with each change, so that an alert says which wording raised it. `deleted` is written before
    the tombstone, for readers that keep state.
    """

    id: str = Field(pattern=r"^[0-9a-z-]{1,64}$")
    version: int = Field(default=1, ge=1)
    name: str = Field(min_length=1, max_length=200)
    criteria: dict[str, JsonValue]
    created: UtcDatetime
    deleted: bool = False
