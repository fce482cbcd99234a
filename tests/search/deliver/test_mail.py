"""What a mail server's answers mean for a letter."""

import asyncio

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.search.deliver.attempts import Taken
from services.search.deliver.links import Links
from services.search.deliver.mail import Mail
from services.search.settings import SearchSettings
from tests.flow.mailbox import Mailbox
from tests.search.deliver.owing import DESK, delivery
from tests.search.reports import NOON


class Tired(Mailbox):
    """Takes letters, and answers QUIT in its own way; with nothing where it hangs up."""

    def __init__(self, bye: str) -> None:
        super().__init__()
        self._bye = bye

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Say so."""
        if not self._bye and server.transport is not None:
            server.transport.close()
        return self._bye


@pytest.mark.parametrize("bye", ["221 Bye", "421 too many of you", "500 what?", ""])
def test_a_letter_that_was_taken_is_taken_however_the_server_parts(bye: str) -> None:
    with Tired(bye).listening() as mailbox:
        settings = SearchSettings(
            smtp_host="127.0.0.1", smtp_port=mailbox.port, smtp_security="none", smtp_from="alerts@dateline.example"
        )
        mail = Mail(settings, Links(b"0123456789abcdef", "tests", "https://dateline.example"))
        outcome = asyncio.run(mail.send([delivery(1, DESK)], NOON))
    assert outcome == Taken(250)
    assert len(mailbox.letters) == 1
