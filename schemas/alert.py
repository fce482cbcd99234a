"""That something new happened which a reader asked to be told of."""

import hashlib

from pydantic import Field

from schemas.message import Message, UtcDatetime
from schemas.saved_search import Counts
from schemas.story import Development


class Alert(Message):
    """One alert: the saved search, the article that raised it, and why, in words.

    The id is derived (see `alert_id`), so that a repeat after a crash is the same alert.
    """

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    search: str
    search_name: str
    search_version: int = Field(ge=1)
    article: str
    url: str
    title: str
    outlet: str
    published: UtcDatetime
    story: str
    story_title: str = ""
    reason: str
    developments: tuple[Development, ...] = ()
    raised: UtcDatetime
    on: Counts = Field(default="development", description="what counted, by the saved search")


def alert_id(search: str, search_version: int, story: str, reason: str) -> str:
    """The same search, story and reason give the same alert, whichever article or crash brought it."""
    return hashlib.sha256("\x1f".join((search, str(search_version), story, reason)).encode()).hexdigest()[:32]
