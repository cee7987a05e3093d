"""An SMTP server that keeps what it accepts in the sender's sent folder, as many providers do."""

from __future__ import annotations

from imapclient import IMAPClient

from pipeline.demo.delivery import Accepted
from tests.servers.dovecot import HOST
from tests.servers.smtp_sink import SmtpSink


class Provider(SmtpSink):
    """Files the copy before it says that it has accepted a mail, so that there is no moment between the two."""

    sent: IMAPClient | None = None

    def file_in_sent(self, imap_port: int, user: str, password: str = "pw-support") -> None:
        """From now on. Makes the folder "Sent"."""
        self.sent = IMAPClient(HOST, imap_port, ssl=False)
        self.sent.login(user, password)
        self.sent.create_folder("Sent")

    def hang_up(self) -> None:
        if self.sent:
            self.sent.logout()

    def keep(self, message: Accepted) -> None:
        if self.sent:
            self.sent.append("Sent", message.data)
        super().keep(message)
