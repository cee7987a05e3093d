"""Mails to our own people, sent at once and not journalled: the report, new complaints, the morning digest, alarms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr

from pipeline.config.servers import SmtpConfig
from pipeline.engine.doors import PostingDoors
from pipeline.records.letter import Reply
from pipeline.records.staff import StaffMail
from pipeline.tokens import LOOP_HEADER


def send(doors: PostingDoors, kind: str, mails: Sequence[StaffMail]) -> Iterator[StaffMail]:
    """Sends one after the other and yields each that was accepted. Raises FirstlineError at the first that was not.

    `kind`: one word, in the Message-ID and in the header by which we know our own mail.
    """
    smtp = doors.config.smtp
    if smtp is None or not mails:
        return
    now, outbox = doors.clock.now(), doors.outbox()
    try:
        for number, mail in enumerate(mails):
            message_id = f"<{kind}.{now:%Y%m%d%H%M%S%f}.{number}@{smtp.domain}>"
            data = _message(smtp, mail, kind, message_id, now).as_bytes().replace(b"\r\n", b"\n")
            outbox.send(
                Reply(
                    message_id=message_id,
                    envelope_from=parseaddr(smtp.bounce_address)[1],
                    recipient=mail.recipient,
                    data=data.replace(b"\n", b"\r\n"),
                )
            )
            yield mail
    finally:
        outbox.close()


def _message(smtp: SmtpConfig, mail: StaffMail, kind: str, message_id: str, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = smtp.sender, mail.recipient, now
    message["Subject"], message["Message-ID"] = mail.subject, message_id
    message["Auto-Submitted"], message[LOOP_HEADER] = "auto-generated", kind
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    if mail.page:
        message.add_attachment(mail.page, subtype="html", filename=mail.page_name)
    return message
