"""Write an alert, or a digest of several, as an e-mail: as text and as HTML, where what publishers wrote stays text."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import escape
from urllib.parse import urlsplit

from schemas.alert import Alert
from schemas.delivery import Delivery

LONGEST_SUBJECT = 150


def letter(parcel: Sequence[Delivery], sender: str, unsubscribe: str, now: datetime) -> EmailMessage:
    """The e-mail for deliveries to one address: one alert, or a digest by story in the order in which they came.

    The same deliveries are the same message: its id follows from theirs, as far as a mail server looks at that.
    """
    deliveries = sorted(parcel, key=lambda one: (one.alert.raised, one.id))
    alerts = [one.alert for one in deliveries]
    domain = domain_of(sender)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = deliveries[0].destination.place
    mail["Subject"] = _subject(alerts)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{_joined(one.id for one in deliveries)}@{domain}>"
    if len(alerts) == 1:
        # What comes later of the same story is shown under the first, by readers that show threads.
        mail["References"] = f"<{_joined((alerts[0].search, alerts[0].story))}@{domain}>"
    mail["List-Unsubscribe"] = f"<{unsubscribe}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_text(alerts, unsubscribe))
    mail.add_alternative(_html(alerts, unsubscribe), subtype="html")
    return mail


def domain_of(sender: str) -> str:
    """The domain that e-mail comes from."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def _subject(alerts: Sequence[Alert]) -> str:
    name = alerts[0].search_name
    said = f"{name}: {alerts[0].title}" if len(alerts) == 1 else f"{name}: {len(alerts)} alerts"
    plain = _line(said)
    return plain if len(plain) <= LONGEST_SUBJECT else plain[: LONGEST_SUBJECT - 1] + "…"


def _text(alerts: Sequence[Alert], unsubscribe: str) -> str:
    lines: list[str] = []
    for story, told in _by_story(alerts):
        if len(alerts) > 1:
            lines += [story.upper(), ""]
        for alert in told:
            lines += [_line(alert.title), _who(alert), "", _line(alert.reason), alert.url, ""]
    lines += ["-- ", _why(alerts), f"End these e-mails: {unsubscribe}", ""]
    return "\n".join(lines)


def _html(alerts: Sequence[Alert], unsubscribe: str) -> str:
    parts = ['<!doctype html><html><head><meta charset="utf-8"></head><body style="font-family:sans-serif">']
    for story, told in _by_story(alerts):
        if len(alerts) > 1:
            parts.append(f"<h2>{escape(story)}</h2>")
        for alert in told:
            title = escape(_line(alert.title))
            if urlsplit(alert.url).scheme in ("http", "https"):
                title = f'<a href="{escape(alert.url)}">{title}</a>'
            parts.append(f"<h3>{title}</h3><p>{escape(_who(alert))}</p><p>{escape(_line(alert.reason))}</p>")
    parts.append(f'<hr><p>{escape(_why(alerts))} <a href="{escape(unsubscribe)}">End these e-mails</a></p>')
    return "\n".join([*parts, "</body></html>", ""])


def _by_story(alerts: Sequence[Alert]) -> list[tuple[str, list[Alert]]]:
    """Each story by its latest headline, with its alerts; the story that was told of first comes first."""
    stories: dict[str, list[Alert]] = {}
    for alert in alerts:
        stories.setdefault(alert.story, []).append(alert)
    return [(_line(told[-1].story_title or told[-1].title), told) for told in stories.values()]


def _who(alert: Alert) -> str:
    return f"{_line(alert.outlet)}, {alert.published:%Y-%m-%d %H:%M} UTC"


def _why(alerts: Sequence[Alert]) -> str:
    return f"You are told of this by your saved search “{_line(alerts[0].search_name)}”."


def _line(words: str) -> str:
    """Words on one line, without what no mail should hold: a headline must not end the header it stands in."""
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def _joined(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
