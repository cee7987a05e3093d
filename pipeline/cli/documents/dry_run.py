"""What `once --dry-run` prints for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypedDict

from pipeline.cli.documents.mails import Sender
from pipeline.engine.counts import MailboxCounts
from pipeline.engine.dry_run import DryRun, ForeseenMail


class ForeseenLetterDocument(TypedDict):
    """A letter that would be sent."""

    template: str
    language: Annotated[str, "ISO 639-1"]
    subject: str
    text: str


class ForeseenMailDocument(Sender):
    """What would happen with a mail."""

    id: str
    mailbox: str
    subject: str
    received: datetime
    topic: str | None
    sentiment: str | None
    complaint: bool | None
    sure: Annotated[bool, "of the topic"]
    would: Annotated[str, "what would be done, in words"]
    why: str
    letter: ForeseenLetterDocument | None


class DryRunDocument(TypedDict):
    """What one pass over all mailboxes would come to."""

    mailboxes: Annotated[dict[str, MailboxCounts], "by name, as `once` counts"]
    mails: list[ForeseenMailDocument]
    seconds: float
    unreachable: Annotated[list[str], "servers that failed, and how"]


def dry_run_document(run: DryRun) -> DryRunDocument:
    """What a pass would come to."""
    return {
        "mailboxes": dict(run.mailboxes),
        "mails": [_foreseen_document(mail) for mail in run.mails],
        "seconds": run.seconds,
        "unreachable": list(run.unreachable),
    }


def _foreseen_document(mail: ForeseenMail) -> ForeseenMailDocument:
    letter = mail.letter
    return {
        "id": mail.id,
        "mailbox": mail.mailbox,
        "from": mail.sender,
        "subject": mail.subject,
        "received": mail.received,
        "topic": mail.labels.topic.value,
        "sentiment": mail.labels.sentiment.value,
        "complaint": mail.labels.is_complaint,
        "sure": mail.labels.sure,
        "would": mail.would,
        "why": "; ".join(mail.why),
        "letter": {
            "template": letter.template,
            "language": letter.language,
            "subject": letter.subject,
            "text": letter.text,
        }
        if letter
        else None,
    }
