"""What the ledger keeps of a mail, as people and programs read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.records.decision import Judged
from pipeline.records.labels import Correction
from pipeline.records.mail import Attachment, Location, MailState
from pipeline.records.thread import Role
from pipeline.records.ticket import TicketAction
from pipeline.records.verdict import RuleResult, VerdictKind


@dataclass(frozen=True, kw_only=True, slots=True)
class HandLabel:
    """What a person has said of a mail, who, and when."""

    correction: Correction
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredDecision:
    """What was decided about a mail, and what a person has said since. The defaults read rows of older versions."""

    template: str = ""
    ticket: TicketAction = TicketAction.NONE
    to_check: bool = False
    topic: str = ""
    complaint: bool = False
    owner: str = ""
    grants: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    role: Role | None = None  # of its writer in the conversation; None: an older row
    label: HandLabel | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedMail:
    """A mail of the ledger's list."""

    id: str
    mailbox: str
    message_id: str
    sender: str  # address, '' without a usable one
    subject: str
    received: datetime
    verdict: VerdictKind
    reasons: tuple[str, ...]  # names of the rules that hit and count
    topic: str | None
    topic_sure: bool
    sentiment: str | None
    complaint: bool | None
    complaint_suspected: bool
    complaint_sure: bool
    robot: bool  # a machine wrote it
    quieted: bool  # weak rules silenced it though it reads like a person
    review: bool  # is on the review list
    ticket: str  # that it belongs to, '' for none
    language: str
    error: str  # why it could not be judged
    state: MailState
    acknowledged: bool  # the acknowledgement was sent


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerMail(ListedMail):
    """All of a mail but its bytes."""

    content_hash: str
    thread: str
    possibly_about: str  # a ticket that weak evidence points to
    sender_name: str
    customer: str  # folded address, '' when nobody is to be answered
    sent: datetime | None
    recorded: datetime
    text: str
    attachments: tuple[Attachment, ...]
    notes: tuple[str, ...]
    rules: tuple[RuleResult, ...]
    topic_confidence: float | None
    sentiment_confidence: float | None
    sentiment_sure: bool
    complaint_confidence: float | None
    model: str
    decision: StoredDecision
    acknowledge: bool  # an acknowledgement was decided on
    only_recorded: bool
    parked: bool
    closed: str  # how a parked mail was settled: released, discarded
    labelled: bool
    locations: tuple[Location, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """What was found out about a mail, as far as judging it again may find something else."""

    verdict: VerdictKind
    reasons: tuple[str, ...]
    topic: str | None
    sentiment: str | None
    complaint: bool | None
    language: str
    acknowledge: bool
    parked: bool
    model: str

    @classmethod
    def of_mail(cls, mail: LedgerMail) -> Findings:
        """As the ledger has them."""
        return cls(
            verdict=mail.verdict,
            reasons=mail.reasons,
            topic=mail.topic,
            sentiment=mail.sentiment,
            complaint=mail.complaint,
            language=mail.language,
            acknowledge=mail.acknowledge,
            parked=mail.parked,
            model=mail.model,
        )

    @classmethod
    def of_judged(cls, judged: Judged) -> Findings:
        """As they are now."""
        labels = judged.labels
        return cls(
            verdict=judged.verdict.kind,
            reasons=judged.verdict.reasons,
            topic=labels.topic.value,
            sentiment=labels.sentiment.value,
            complaint=labels.is_complaint,
            language=judged.mail.language,
            acknowledge=judged.decision.acknowledge,
            parked=judged.parked,
            model=labels.model,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerText:
    """What a person wrote to us, and what a row of training data needs of it."""

    id: str
    subject: str
    text: str
    language: str
    customer: str  # folded address
    sender_name: str
    thread: str
    received: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewMail(LedgerText):
    """A mail of the review list, with what the machine thought of it."""

    sender: str
    ticket: str
    topic: str | None
    topic_confidence: float | None
    sentiment: str | None
    sentiment_confidence: float | None
    complaint: bool | None
    complaint_confidence: float | None
    only_recorded: bool  # it lay there at the first run, or was too old: nobody waits for an answer


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowMail:
    """What drift is measured by."""

    topic: str | None
    topic_sure: bool
    language: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedPlace:
    """What the ledger knows of a mail that lies at some place of a mailbox."""

    mail_id: str
    message_id: str
    size: int | None  # bytes; None where nothing of it is kept
    marked: bool  # by us, there
