"""A key by which a program may ask, kept so that nobody who reads it can use it."""

from typing import Literal

from pydantic import Field

from schemas.message import Message, UtcDatetime

Scope = Literal["read", "alert", "push", "admin"]
"""What a key may do: ask and read; save and change searches too; hand articles over; all of it."""


class Key(Message):
    """`hash` is what argon2 made of the secret, which was shown once and is kept nowhere.

    A revoked key stays, so that a list says when it ended; it opens nothing again.
    """

    id: str = Field(pattern=r"^[0-9a-z]{12}$")
    name: str = Field(min_length=1, max_length=200, description="whose it is, for people")
    scopes: tuple[Scope, ...] = Field(min_length=1)
    hash: str = Field(pattern=r"^\$argon2id\$", max_length=200)
    created: UtcDatetime
    revoked: UtcDatetime | None = None
