"""Send e-mail by SMTP, and say what the server's answer means: taken, not now, or never."""

import asyncio
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage

from schemas.delivery import Delivery
from services.search.deliver.attempts import Failed, Hopeless, Outcome, Taken
from services.search.deliver.letters import domain_of, letter
from services.search.deliver.links import Links
from services.search.settings import SearchSettings

OK = 250
SECONDS = 30.0
"""For each step of the conversation with the server."""


class Mail:
    """Sends letters through the server of the settings; each over a connection of its own."""

    def __init__(self, settings: SearchSettings, links: Links) -> None:
        self._settings = settings
        self._links = links

    async def send(self, parcel: Sequence[Delivery], now: datetime) -> Outcome:
        """Send one e-mail with all of the parcel, and say what came of that."""
        first = parcel[0]
        link = self._links.unsubscribe(first.alert.search, first.destination.key)
        written = letter(parcel, self._settings.smtp_from, link, now)
        return await asyncio.to_thread(self._send, written, first.destination.place)

    def _send(self, written: EmailMessage, to: str) -> Outcome:
        try:
            server = self._connected()
            try:
                server.send_message(written, to_addrs=[to])
            finally:
                # Whether the letter is taken was said before: no answer to QUIT may have it sent again.
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except smtplib.SMTPRecipientsRefused as error:
            status, said = next(iter(error.recipients.values()))
            return _refused(status, said)
        except smtplib.SMTPDataError as error:
            return _refused(error.smtp_code, error.smtp_error)
        except smtplib.SMTPResponseException as error:
            # Whom it refuses here is us, our password or our address: no letter is at fault.
            return Failed(f"SMTP {error.smtp_code} {_said(error.smtp_error)}", error.smtp_code)
        except (smtplib.SMTPException, OSError) as error:
            return Failed(f"{type(error).__name__}: {error}")
        return Taken(OK)

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        # Without a name of our own smtplib asks the resolver for one, which can take a minute.
        host, port, ours = settings.smtp_host, settings.smtp_port, domain_of(settings.smtp_from)
        server: smtplib.SMTP
        if settings.smtp_security == "tls":
            server = smtplib.SMTP_SSL(host, port, ours, timeout=SECONDS, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(host, port, ours, timeout=SECONDS)
        try:
            if settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
                server.login(settings.smtp_user, password)
        except BaseException:
            server.close()
            raise
        return server


def _refused(status: int, said: bytes | str) -> Outcome:
    """5xx is for good, 4xx is for now (RFC 5321)."""
    reason = f"SMTP {status} {_said(said)}"
    return Hopeless(reason, status) if status >= 500 else Failed(reason, status)


def _said(words: bytes | str) -> str:
    return " ".join((words.decode("utf-8", "replace") if isinstance(words, bytes) else words).split())
