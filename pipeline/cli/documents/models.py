"""What `model`, `classify` and `init` print for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, NotRequired, TypedDict

from pipeline.cli.documents.service import CheckDocument
from pipeline.records.labels import Label, Labels
from pipeline.records.mail import Mail
from pipeline.records.verdict import Verdict, VerdictKind


class ModelLineDocument(TypedDict):
    """A version of the registry."""

    version: str
    created: Annotated[str | None, "time, ISO 8601"]
    in_use: bool
    rows: int | None
    profile: Annotated[str | None, "`lean` or `encoder`"]
    retired: Annotated[bool, "it learned from a customer who was erased, and goes when another one is in use"]
    problem: Annotated[str, "why it can't be used, as the keys that are null then"]


class PromotionDocument(TypedDict):
    """Whether a version was promoted."""

    version: str
    promoted: bool
    reason: str


RollbackDocument = TypedDict("RollbackDocument", {"from": Annotated[str, "version that was in use"], "version": str})
RollbackDocument.__doc__ = "The version that is in use again."


class VerificationDocument(TypedDict):
    """Whether a version is what was saved."""

    version: str
    ok: bool
    problem: str


class InitDocument(TypedDict):
    """A new working folder."""

    folder: str
    model: Annotated[str, "version"]
    log_ins: Annotated[list[CheckDocument], "that were tried; empty where no server or password is known yet"]
    link: Annotated[str, "in which the first admin of the desk chooses a password, good once; '' without one"]


_Sender = TypedDict("_Sender", {"from": Annotated[str | None, "address"]})  # `from` is a keyword


class ClassifiedDocument(_Sender):
    """What Firstline would make of a mail file; what is null could not be told."""

    file: str
    message_id: str | None
    subject: str | None
    sent: Annotated[datetime | None, "as the sender claims"]
    text: Annotated[str | None, "what is new in it: no quotes, no signature"]
    language: Annotated[str | None, "ISO 639-1"]
    attachments: Annotated[int | None, "how many"]
    notes: Annotated[list[str], "what was odd about it"]
    answerable: Annotated[bool, "a robot may answer, as far as the message alone tells"]
    verdict: VerdictKind | None
    reasons: Annotated[list[str], "names of the guard's rules that hit and count"]
    topic: str | None
    topic_confidence: float | None
    topic_sure: bool | None
    sentiment: str | None
    sentiment_confidence: float | None
    sentiment_sure: bool | None
    complaint: bool | None
    complaint_confidence: float | None
    complaint_sure: bool | None
    sure: Annotated[bool, "of the topic"]
    in_reply_to: str | None
    error: Annotated[str | None, "why it could not be read"]
    words: NotRequired[Annotated[dict[str, list[tuple[str, float]]], "with --explain: by head, what decided"]]


def classified_document(file: str, mail: Mail, labels: Labels, verdict: Verdict, error: str) -> ClassifiedDocument:
    """A mail that could be read."""
    return {
        "file": file,
        "message_id": mail.message_id or None,
        "from": mail.sender.email if mail.sender else None,
        "subject": mail.subject,
        "sent": mail.sent,
        "text": mail.text,
        "language": mail.language or None,
        "attachments": len(mail.attachments),
        "notes": list(mail.notes),
        "answerable": verdict.kind is VerdictKind.ANSWER,
        "verdict": verdict.kind,
        "reasons": list(verdict.reasons),
        "topic": labels.topic.value,
        "topic_confidence": _rounded(labels.topic),
        "topic_sure": labels.topic.sure,
        "sentiment": labels.sentiment.value,
        "sentiment_confidence": _rounded(labels.sentiment),
        "sentiment_sure": labels.sentiment.sure,
        "complaint": labels.is_complaint,
        "complaint_confidence": _rounded(labels.complaint),
        "complaint_sure": labels.complaint.sure,
        "sure": labels.sure,
        "in_reply_to": mail.in_reply_to[0] if mail.in_reply_to else None,
        "error": error or None,
    }


def unreadable_document(file: str, error: str) -> ClassifiedDocument:
    """A file that could not be read."""
    return {
        "file": file,
        "message_id": None,
        "from": None,
        "subject": None,
        "sent": None,
        "text": None,
        "language": None,
        "attachments": None,
        "notes": [],
        "answerable": False,
        "verdict": None,
        "reasons": [],
        "topic": None,
        "topic_confidence": None,
        "topic_sure": None,
        "sentiment": None,
        "sentiment_confidence": None,
        "sentiment_sure": None,
        "complaint": None,
        "complaint_confidence": None,
        "complaint_sure": None,
        "sure": False,
        "in_reply_to": None,
        "error": error,
    }


def with_words(document: ClassifiedDocument, words: Mapping[str, Sequence[tuple[str, float]]]) -> ClassifiedDocument:
    """The same with what decided."""
    return {**document, "words": {head: list(features) for head, features in words.items()}}


def _rounded(label: Label) -> float | None:
    return None if label.confidence is None else round(label.confidence, 4)
