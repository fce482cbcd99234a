"""A mail server on loopback: it keeps what it was sent, and answers each letter as it is told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.process import free_port


class Mailbox:
    """Answers recipients with `answers` in turn, and with the last one from there on; a 250 lets the letter in."""

    def __init__(self, *answers: str) -> None:
        self.letters: list[EmailMessage] = []
        self.asked: list[str] = []
        self.answers = list(answers or ("250 OK",))
        self.port = free_port()

    @contextmanager
    def listening(self) -> Iterator["Mailbox"]:
        """Take mail for the length of the block."""
        controller = Controller(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        self.asked.append(address)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the letter."""
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"


def body_of(letter: EmailMessage, kind: str) -> str:
    """The letter's part of this kind, `plain` or `html`, on lines as they were written."""
    part = letter.get_body((kind,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")
