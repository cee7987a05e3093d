"""What `mail` and `data review` print for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, NotRequired, TypedDict, cast

from pipeline.engine.jobs.reconcile import Compared, MissingMailDocument
from pipeline.records.effect import Effect, EffectKind, EffectState
from pipeline.records.ledger import Findings, HandLabel, LedgerMail, ListedMail, ReviewMail, StoredDecision
from pipeline.records.mail import MailState
from pipeline.records.thread import Role
from pipeline.records.ticket import TicketAction
from pipeline.records.verdict import RuleResult, Strength, VerdictKind
from pipeline.text.passages import LineKind, Passage

Words = Mapping[str, Sequence[tuple[str, float]]]  # by head, what spoke for its label and how strongly
Sender = TypedDict("Sender", {"from": Annotated[str, "address"]})  # `from` is a keyword


class ListedMailDocument(Sender):
    """A mail of the ledger."""

    id: str
    mailbox: str
    message_id: str
    subject: str
    received: datetime
    state: MailState
    verdict: VerdictKind
    reasons: Annotated[list[str], "names of the guard's rules that hit and count"]
    language: Annotated[str, "ISO 639-1; empty when it can't be told"]
    topic: str | None
    sentiment: str | None
    complaint: bool | None
    acknowledged: Annotated[bool, "the acknowledgement was sent"]
    review: Annotated[bool, "it is on the review list"]
    error: Annotated[str, "why it could not be judged"]
    sure: Annotated[bool, "of the topic"]
    ticket: str | None
    why: Annotated[list[str], "why a person should look at it: silent-weak, parked, to-check, unsure"]


class AttachmentDocument(TypedDict):
    """A part that is not the text."""

    name: str
    content_type: str
    size: Annotated[int, "bytes"]


class LocationDocument(TypedDict):
    """Where a mail lies."""

    mailbox: str
    uidvalidity: int
    uid: int


class HandLabelDocument(TypedDict):
    """What a person has said of a mail; a head is missing where nothing was said."""

    topic: NotRequired[str]
    sentiment: NotRequired[str]
    complaint: NotRequired[bool]
    by: str
    at: datetime


class DecisionDocument(TypedDict):
    """What was decided."""

    template: Annotated[str, "empty when nothing is sent"]
    ticket: TicketAction
    to_check: bool
    topic: Annotated[str, "the prepared situation that was applied; empty when unsure"]
    complaint: bool
    owner: str
    grants: Annotated[list[str], "names of what the letter offers"]
    why: list[str]
    labelled: NotRequired[HandLabelDocument]


class RuleDocument(TypedDict):
    """What one of the guard's rules said."""

    number: str
    rule: str
    verdict: VerdictKind
    strength: Strength
    hit: Annotated[bool | None, "null: it could not be judged"]
    evidence: str
    allowed: Annotated[bool, "the operator's allow-list spoke against it"]


class EffectDocument(TypedDict):
    """Something to be done outside, and how far it is."""

    kind: EffectKind
    state: EffectState
    attempts: int
    message_id: str | None
    recipient: str | None
    next_try: datetime | None
    error: str | None
    sent_template: NotRequired[Annotated[str, "the letter that was sent"]]
    sent_version: NotRequired[str]
    sent_language: NotRequired[str]
    resolved: NotRequired[Annotated[str, "how what nobody knew was decided"]]


class PassageDocument(TypedDict):
    """Lines of a mail that follow each other."""

    kind: Annotated[LineKind, "what they are; new and forwarded ones are judged"]
    text: str


class WholeMailDocument(ListedMailDocument):
    """A mail with everything that was found out and done."""

    sent: Annotated[datetime | None, "as the sender claims"]
    recorded: datetime
    text: Annotated[str, "what is new in it: no quotes, no signature"]
    attachments: list[AttachmentDocument]
    notes: Annotated[list[str], "what was odd about it"]
    thread: Annotated[str, "id of the mail that began the conversation"]
    possibly_about: Annotated[str, "a ticket that weak evidence points to"]
    locations: list[LocationDocument]
    decision: DecisionDocument
    role: Annotated[Role | None, "of its writer in the conversation; null in older rows"]
    topic_confidence: float | None
    sentiment_confidence: float | None
    sentiment_sure: bool
    complaint_confidence: float | None
    complaint_sure: bool
    model: Annotated[str, "version; empty without one"]
    closed: Annotated[str, "how a parked mail was settled: released, discarded"]
    rules: list[RuleDocument]
    effects: list[EffectDocument]


class MailInPartsDocument(WholeMailDocument):
    """The same with all of its text."""

    parts: Annotated[list[PassageDocument], "in order; nothing is left out"]


class MailDifferenceDocument(TypedDict):
    """What was found then, and what would be found now."""

    before: str | bool | list[str] | None
    after: str | bool | list[str] | None


class ReplayDocument(TypedDict):
    """What is different when a mail is judged again."""

    id: str
    changed: Annotated[dict[str, MailDifferenceDocument], "by what is different"]
    applied: bool


class SettledDocument(TypedDict):
    """The mails that were settled."""

    settled: Annotated[list[str], "ids"]
    sent: Annotated[bool, "they were sent"]
    said: Annotated[str, "sent, again (they are sent now) or seen (nothing more is done)"]


class ExplainedMailDocument(WholeMailDocument):
    """The same with the words that decided."""

    decided: Annotated[str, "who decided that it is or is not answered, and what would change it"]
    words: Annotated[dict[str, list[tuple[str, float]]], "by head"]


class ComparedDocument(TypedDict):
    """A mailbox beside the ledger."""

    mailbox: str
    both: Annotated[int, "mails that are in both"]
    missing: Annotated[list[int], "UIDs that the ledger does not know"]
    mails: Annotated[list[MissingMailDocument], "the same, described"]
    unread: Annotated[list[int], "UIDs that are not fetched yet"]
    waiting: Annotated[list[int], "UIDs that the server lists but does not give out; they are asked for again"]
    gone: Annotated[list[str], "ids of mails that lay there and were taken away by somebody else"]
    recorded: Annotated[int, "how many of the missing are in the ledger now"]


class ReconcileDocument(TypedDict):
    """All mailboxes."""

    mailboxes: list[ComparedDocument]


class ReviewDocument(Sender):
    """A mail of the review list."""

    id: str
    received: datetime
    subject: str
    text: str
    language: str
    topic: str | None
    topic_confidence: float | None
    sentiment: str | None
    complaint: bool | None
    ticket: str | None


def listed_mail_document(mail: ListedMail) -> ListedMailDocument:
    """A mail of the ledger as programs see it."""
    return {
        "id": mail.id,
        "mailbox": mail.mailbox,
        "message_id": mail.message_id,
        "subject": mail.subject,
        "received": mail.received,
        "state": mail.state,
        "verdict": mail.verdict,
        "reasons": list(mail.reasons),
        "language": mail.language,
        "topic": mail.topic,
        "sentiment": mail.sentiment,
        "complaint": mail.complaint,
        "acknowledged": mail.acknowledged,
        "review": mail.review,
        "error": mail.error,
        "from": mail.sender,
        "sure": mail.topic_sure,
        "ticket": mail.ticket or None,
        "why": _why(mail),
    }


def _why(mail: ListedMail) -> list[str]:
    """Why a person should look at it."""
    reasons = {
        "silent-weak": mail.quieted,
        "parked": mail.state is MailState.PARKED,
        "to-check": mail.complaint_suspected and not mail.complaint_sure and not mail.robot,
        "unsure": mail.review and not mail.topic_sure and not mail.robot,
    }
    return [name for name, applies in reasons.items() if applies]


def whole_mail_document(mail: LedgerMail, effects: Sequence[Effect]) -> WholeMailDocument:
    """The same with everything that was found out and done."""
    return {
        **listed_mail_document(mail),
        "sent": mail.sent,
        "recorded": mail.recorded,
        "text": mail.text,
        "attachments": [
            {"name": one.name, "content_type": one.content_type, "size": one.size} for one in mail.attachments
        ],
        "notes": list(mail.notes),
        "thread": mail.thread,
        "possibly_about": mail.possibly_about,
        "locations": [
            {"mailbox": one.mailbox, "uidvalidity": one.uidvalidity, "uid": one.uid} for one in mail.locations
        ],
        "decision": _decision(mail.decision),
        "role": mail.decision.role,
        "topic_confidence": mail.topic_confidence,
        "sentiment_confidence": mail.sentiment_confidence,
        "sentiment_sure": mail.sentiment_sure,
        "complaint_confidence": mail.complaint_confidence,
        "complaint_sure": mail.complaint_sure,
        "model": mail.model,
        "closed": mail.closed,
        "rules": [_rule(rule) for rule in mail.rules],
        "effects": [_effect(effect) for effect in effects],
    }


def in_parts(document: WholeMailDocument, passages: Sequence[Passage]) -> MailInPartsDocument:
    """The document with its text by what each line is."""
    return {**document, "parts": [{"kind": one.kind, "text": one.text} for one in passages]}


def explained_mail_document(document: WholeMailDocument, words: Words, decided: str) -> ExplainedMailDocument:
    """The same with the words that decided, and `decided`: why, in a sentence."""
    return {**document, "decided": decided, "words": {head: list(features) for head, features in words.items()}}


def replay_document(mail_id: str, before: Findings, after: Findings, *, applied: bool) -> ReplayDocument:
    """What is different when a mail is judged again."""
    then, now = ({name: _plain(value) for name, value in asdict(findings).items()} for findings in (before, after))
    changed: dict[str, MailDifferenceDocument] = {
        name: {"before": value, "after": now[name]} for name, value in then.items() if value != now[name]
    }
    return {"id": mail_id, "changed": changed, "applied": applied}


def _plain(value: str | bool | tuple[str, ...] | None) -> str | bool | list[str] | None:
    return list(value) if isinstance(value, tuple) else value


def compared_document(found: Compared, missing: Sequence[MissingMailDocument], recorded: int) -> ComparedDocument:
    """A mailbox beside the ledger; `missing`: what the ledger does not know, described."""
    return {
        "mailbox": found.mailbox,
        "both": found.both,
        "missing": [*found.missing],
        "mails": [*missing],
        "unread": [*found.unread],
        "waiting": [*found.waiting],
        "gone": [*found.gone],
        "recorded": recorded,
    }


def review_document(mail: ReviewMail) -> ReviewDocument:
    """A mail of the review list."""
    return {
        "id": mail.id,
        "received": mail.received,
        "subject": mail.subject,
        "text": mail.text,
        "language": mail.language,
        "topic": mail.topic,
        "topic_confidence": mail.topic_confidence,
        "sentiment": mail.sentiment,
        "complaint": mail.complaint,
        "from": mail.sender,
        "ticket": mail.ticket or None,
    }


def _decision(decision: StoredDecision) -> DecisionDocument:
    document: DecisionDocument = {
        "template": decision.template,
        "ticket": decision.ticket,
        "to_check": decision.to_check,
        "topic": decision.topic,
        "complaint": decision.complaint,
        "owner": decision.owner,
        "grants": list(decision.grants),
        "why": list(decision.why),
    }
    if decision.label:
        document["labelled"] = _label(decision.label)
    return document


def _label(label: HandLabel) -> HandLabelDocument:
    return cast("HandLabelDocument", {**label.correction.heads, "by": label.by, "at": label.at})  # heads by name


def _rule(rule: RuleResult) -> RuleDocument:
    return {
        "number": rule.number,
        "rule": rule.rule,
        "verdict": rule.verdict,
        "strength": rule.strength,
        "hit": rule.hit,
        "evidence": rule.evidence,
        "allowed": rule.allowed,
    }


def _effect(effect: Effect) -> EffectDocument:
    document: EffectDocument = {
        "kind": effect.kind,
        "state": effect.state,
        "attempts": effect.attempts,
        "message_id": effect.message_id or None,
        "recipient": effect.recipient or None,
        "next_try": effect.next_try,
        "error": effect.error or None,
    }
    if effect.sent:
        document["sent_template"] = effect.sent.template
        document["sent_version"] = effect.sent.version
        document["sent_language"] = effect.sent.language
    if effect.resolved:
        document["resolved"] = effect.resolved
    return document
