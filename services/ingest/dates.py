"""When an article was published, out of what its page and its feed say, and how that was found."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

How = Literal["given", "json-ld", "meta", "feed", "time tag", "text", "seen"]

_DAY_ONLY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_SINCE_EPOCH = re.compile(r"^\d{10}(\d{3})?$")
# fromisoformat takes a fraction of three or six digits only, and no blank before the zone.
_FRACTION = re.compile(r"\.(\d{1,9})(?=$|[Z+-])")
_BLANK_ZONE = re.compile(r"\s+(?=(Z|[+-]\d{2}:?\d{2})$)")
# Before this a date is a broken clock or an empty field, not news; an archive may well be older than the web.
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_EPOCH_DAY = datetime(1970, 1, 1, tzinfo=UTC).date()


@dataclass(frozen=True)
class Claim:
    """What one source says about the date, in its own words; and a reading of them, where the source gives one."""

    raw: str
    how: How
    reading: datetime | None = None

    @property
    def moment(self) -> datetime | None:
        """The moment that is claimed, or None where the words name none."""
        return moment_of(self.raw) or self.reading


@dataclass(frozen=True)
class Published:
    """The moment, in UTC and never later than the article was seen; the words it comes from; and whose they are."""

    moment: datetime
    raw: str | None
    how: How
    clamped: bool = False


def published(claims: Iterable[Claim], seen: datetime) -> Published:
    """The first claim that can be read, a time of day before a mere day; `seen` where there is none.

    A day alone gives way to a later claim with a time on or next to that day, since it is the same date, better told.
    """
    read = [(claim, moment) for claim in claims if (moment := claim.moment) is not None]
    if not read:
        return Published(seen, None, "seen")
    claim, moment = read[0]
    if is_day_only(claim.raw):
        for other, other_moment in read[1:]:
            if not is_day_only(other.raw) and abs((other_moment - moment).total_seconds()) < 36 * 3600:
                claim, moment = other, other_moment
                break
    if moment > seen:
        return Published(seen, claim.raw, claim.how, clamped=True)
    return Published(moment, claim.raw, claim.how)


def moment_of(raw: str) -> datetime | None:
    """The moment in UTC that the words name, or None; a date without a zone is read as UTC."""
    words = raw.strip()
    moment = _since_epoch(words) or _iso(words) or _rfc822(words)
    if moment is None:
        return None
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return None if moment < _EARLIEST or moment.date() == _EPOCH_DAY else moment


def is_day_only(raw: str) -> bool:
    """Whether the words name a day without a time."""
    return bool(_DAY_ONLY.match(raw.strip()))


def _since_epoch(words: str) -> datetime | None:
    if not _SINCE_EPOCH.match(words):
        return None
    return datetime.fromtimestamp(int(words) / (1000 if len(words) == 13 else 1), UTC)


def _iso(words: str) -> datetime | None:
    tidy = _FRACTION.sub(lambda match: "." + match[1][:6].ljust(6, "0"), _BLANK_ZONE.sub("", words))
    try:
        return datetime.fromisoformat(tidy)
    except ValueError:
        return None


def _rfc822(words: str) -> datetime | None:
    try:
        return parsedate_to_datetime(words)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
