"""What can go wrong, in words: the API says no, cannot be reached, or says what cannot be read."""

from email.utils import parsedate_to_datetime

import httpx
from pydantic import ValidationError

from dateline_client.growing import Growing

MEDIA_TYPE = "application/problem+json"


class Fault(Growing):
    """One thing that is wrong with a request, and where."""

    detail: str
    parameter: str | None = None
    pointer: str | None = None
    position: int | None = None
    """the character of a question in words, counted from 1"""
    suggestion: str | None = None
    """what could be written there"""


class ProblemShown(Growing):
    """A failure as the API says it (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    request_id: str | None = None
    errors: tuple[Fault, ...] = ()


class Problem(Exception):  # a problem is what RFC 9457 calls it
    """The API does not answer this, and says why; `retry_after` is in seconds, where it can be asked again."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: tuple[Fault, ...] = (),
        *,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(status, detail, errors)  # as it is called: it must travel between processes
        self.status = status
        self.detail = detail
        self.errors = errors
        self.request_id = request_id
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.status}: {self.detail}"


class Unreachable(Exception):
    """Nobody answers there, or what was begun was cut off."""


class Unreadable(Exception):
    """This is no answer of this API."""


def problem_of(response: httpx.Response) -> Problem:
    """The problem that this answer is. A server on the way (a proxy) may say it in its own words."""
    retry_after = seconds_of(response.headers)
    if response.headers.get("content-type", "").startswith(MEDIA_TYPE):
        try:
            said = ProblemShown.model_validate_json(response.content)
        except ValidationError:
            pass  # not as RFC 9457 has it: then as it stands
        else:
            return Problem(
                response.status_code, said.detail, said.errors, request_id=said.request_id, retry_after=retry_after
            )
    detail = response.text.strip()[:500] or response.reason_phrase
    return Problem(response.status_code, detail, retry_after=retry_after)


def seconds_of(headers: httpx.Headers) -> float | None:
    """The seconds of `Retry-After`; where it names a moment, reckoned from the sender's own clock (`Date`)."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - parsedate_to_datetime(headers.get("date", ""))).total_seconds())
    except (ValueError, TypeError):
        return None
