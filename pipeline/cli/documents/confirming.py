"""What `data confirm` prints for programs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypedDict

from pipeline.desk.certificate_document import CertificateDocument

if TYPE_CHECKING:
    from pipeline.desk.confirm import DrawnMail
    from pipeline.records.confirmation import Confirmation

_Writer = TypedDict("_Writer", {"from": Annotated[str, "address"]})  # `from` is a keyword


class DrawnMailDocument(_Writer):
    """A mail of the sample that a person is asked about."""

    id: str
    received: datetime
    subject: str
    text: str
    language: str
    head: Annotated[str, "`topic`, `sentiment` or `complaint`"]
    says: Annotated[str, "the machine"]
    confidence: float
    floor: Annotated[float, "it was drawn from mails of at least this confidence"]


class AnsweredDocument(TypedDict):
    """An answer, and what all answers show now."""

    id: str
    head: str
    said: Annotated[str, "by the machine"]
    truth: Annotated[str, "by the person; '' for none of the labels"]
    counts: Annotated[bool, "the mail was drawn by lot"]
    certificate: CertificateDocument


def drawn_document(drawn: DrawnMail) -> DrawnMailDocument:
    """A mail of the sample."""
    return {
        "id": drawn.mail.id,
        "received": drawn.mail.received,
        "from": drawn.mail.sender,
        "subject": drawn.mail.subject,
        "text": drawn.mail.text,
        "language": drawn.mail.language,
        "head": drawn.head,
        "says": drawn.said,
        "confidence": round(drawn.confidence, 4),
        "floor": round(drawn.floor, 4),
    }


def answered_document(answer: Confirmation, certificate: CertificateDocument) -> AnsweredDocument:
    """An answer that was stored."""
    return {
        "id": answer.mail_id,
        "head": answer.head,
        "said": answer.said,
        "truth": answer.truth,
        "counts": answer.random,
        "certificate": certificate,
    }
