"""What `ticket` prints for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, TypedDict

from pipeline.clock import WorkingTime
from pipeline.records.answerable import AnswerableComplaint
from pipeline.records.conversation import SentLetter, TicketMail
from pipeline.records.effect import EffectState
from pipeline.records.promise import OpenPromise, PromiseKind, PromiseState, WatchedPromise
from pipeline.records.ticket import (
    BOARD,
    Bounce,
    LinkedTicket,
    ListedTicket,
    OfferedGrant,
    Priority,
    Ticket,
    TicketEvent,
    TicketStatus,
    UnpreparedTopic,
    WholeTicket,
)


class OutsideDocument(TypedDict):
    """The state of a ticket in its outside tracker, as far as we know."""

    id: Annotated[str, "there; empty while it is not filed"]
    word: Annotated[str, "the tracker's own for the status"]
    owner: Annotated[str, "as the tracker names the person"]
    resolution: str
    gone: Annotated[bool, "it is there no more, or not shown to us"]
    looked_at: datetime | None


class TicketDocument(TypedDict):
    """A ticket of the board."""

    ref: str
    status: TicketStatus
    customer: Annotated[str, "address"]
    customer_name: str
    subject: str
    topic: Annotated[str, "empty when it is not known"]
    sentiment: Annotated[str, "empty when it is not known"]
    complaint: bool
    to_check: Annotated[bool, "perhaps a complaint: a person decides"]
    language: str
    owner: str
    priority: Priority
    opened: datetime
    changed: datetime
    resolve_by: Annotated[datetime | None, "by when it is to be solved"]
    mails: Annotated[list[str], "ids"]
    checklist: Annotated[list[str], "how such a ticket is resolved"]
    tracker: Annotated[str, "`board`, or the name of an outside one"]
    url: Annotated[str, "where a person reads it in its tracker"]
    project: Annotated[str, "in its tracker; empty for the tracker's own"]
    promise: Annotated[datetime | None, "by when a person is to answer"]
    outside: Annotated[OutsideDocument | None, "null on the board"]


class GrantDocument(TypedDict):
    """What the customer was offered."""

    name: str
    mail_id: Annotated[str, "the mail in answer to which it was offered"]
    at: datetime


class BounceDocument(TypedDict):
    """An address to which no mail arrives."""

    address: str
    status: Annotated[str, "as the server said, for example 5.1.1"]
    at: datetime


class EventDocument(TypedDict):
    """A line of the timeline."""

    at: datetime
    kind: str
    actor: Annotated[str, "who; empty for the machine"]
    mail_id: str
    detail: str


class PromiseDocument(TypedDict):
    """A time that the customer was given."""

    kind: PromiseKind
    number: Annotated[int, "how often it was renewed before"]
    given: datetime
    due: datetime
    state: PromiseState
    kept: Annotated[datetime | None, "when what was promised was done"]
    kept_by: Annotated[str, "who did it"]


class WordsDocument(TypedDict):
    """A mail of the conversation."""

    id: str
    sender: Annotated[str, "address"]
    received: datetime
    by_staff: Annotated[bool, "one of us wrote it, from a mail program"]
    text: Annotated[str, "what is new in it"]


class SentLetterDocument(TypedDict):
    """A letter about the ticket that was sent, or is to be."""

    to: Annotated[str, "address"]
    letter: Annotated[str, "the template, in its language"]
    state: EffectState
    at: Annotated[datetime, "when it came to this state"]
    message_id: str


class LinkDocument(TypedDict):
    """A ticket that has to do with this one."""

    ref: str
    at: datetime
    actor: Annotated[str, "who said so; empty for the machine"]
    why: str


class WholeTicketDocument(TicketDocument):
    """A ticket with everything that happened to it."""

    grants: list[GrantDocument]
    bounces: Annotated[list[BounceDocument], "who of its customers can't be reached"]
    events: list[EventDocument]
    letters: Annotated[list[SentLetterDocument], "to whomever, in order"]
    words: Annotated[list[WordsDocument], "the mails of the conversation, in order"]
    promises: list[PromiseDocument]
    linked: list[LinkDocument]


class DueDocument(TypedDict):
    """A promise that is not kept yet, or a quiet complaint about which a person decides."""

    ref: str
    what: Annotated[str, "`respond`, `resolve` or `decide`"]
    due: datetime | None
    first_due: Annotated[datetime | None, "the time that was named first: later ones do not hide it"]
    left: Annotated[int | None, "seconds of working time; negative when it is over"]
    renewed: Annotated[int, "how often"]
    told: Annotated[str, "who has heard that it is due: `owner`, `customer`, or nobody"]
    status: TicketStatus
    owner: str
    customer: str
    subject: str
    topic: str


class UnpreparedDocument(TypedDict):
    """Complaints of one topic that no prepared situation fits."""

    topic: Annotated[str, "as the model took them; empty without one"]
    complaints: int
    unsure: Annotated[int, "how many of these the model was unsure of"]
    last: Annotated[datetime, "when the newest was opened"]
    prepared: Annotated[bool, "`[topics]` has a table for it"]


class AnswerableDocument(TypedDict):
    """A complaint that leaders answer for."""

    ref: str
    subject: str
    customer: str
    topic: str
    status: TicketStatus
    owner: Annotated[str, "who answers for it, empty for nobody"]
    opened: datetime
    missed: Annotated[int, "promises that were not kept in time"]
    late_since: Annotated[datetime | None, "an answer or a solution is due since then"]
    reopened: Annotated[int, "how often"]
    score: Annotated[str, "a bad answer to a survey, `csat 1`, or empty"]
    seen: Annotated[str, "what a leader said last that they do"]
    seen_by: str


class RefiledDocument(TypedDict):
    """What is tried again."""

    tickets: list[str]


def ticket_document(ticket: ListedTicket) -> TicketDocument:
    """A ticket as programs see it."""
    return {
        "ref": ticket.ref,
        "status": ticket.status,
        "customer": ticket.customer,
        "customer_name": ticket.customer_name,
        "subject": ticket.subject,
        "topic": ticket.topic,
        "sentiment": ticket.sentiment,
        "complaint": ticket.complaint,
        "to_check": ticket.to_check,
        "language": ticket.language,
        "owner": ticket.owner,
        "priority": ticket.priority,
        "opened": ticket.opened,
        "changed": ticket.changed,
        "resolve_by": ticket.resolve_by,
        "mails": list(ticket.mails),
        "checklist": list(ticket.checklist),
        "tracker": ticket.tracker,
        "url": ticket.url,
        "project": ticket.project,
        "promise": ticket.respond_by,
        "outside": _outside(ticket),
    }


def whole_ticket_document(
    ticket: WholeTicket,
    promises: Sequence[WatchedPromise],
    linked: Sequence[LinkedTicket],
    letters: Sequence[SentLetter] = (),
    words: Sequence[TicketMail] = (),
) -> WholeTicketDocument:
    """The same with all that happened to it."""
    return {
        **ticket_document(ticket),
        "grants": [_grant(one) for one in ticket.grants],
        "bounces": [bounce_document(one) for one in ticket.bounces],
        "events": [_event(one) for one in ticket.events],
        "letters": [_letter(one) for one in letters],
        "words": [_words(one) for one in words],
        "promises": [_promise(one) for one in promises],
        "linked": [_link(one) for one in linked],
    }


def due_document(one: OpenPromise, now: datetime, working_time: WorkingTime) -> DueDocument:
    """A promise with the working time that is left of it."""
    promise = one.promise
    left = working_time.between(now, promise.due) - working_time.between(promise.due, now)
    return {
        "ref": promise.ticket or promise.mail_id,
        "what": promise.kind.value,
        "due": promise.due,
        "first_due": one.first_due,
        "left": round(left.total_seconds()),
        "renewed": promise.number,
        "told": "customer" if promise.warned else "owner" if promise.told else "",
        "status": one.status,
        "owner": one.owner,
        "customer": one.customer,
        "subject": one.subject,
        "topic": one.topic,
    }


def undecided_document(ticket: Ticket) -> DueDocument:
    """A quiet complaint: its owner has heard of it, and decides."""
    return {
        "ref": ticket.ref,
        "what": "decide",
        "due": None,
        "first_due": None,
        "left": None,
        "renewed": 0,
        "told": "owner",
        "status": ticket.status,
        "owner": ticket.owner,
        "customer": ticket.customer,
        "subject": ticket.subject,
        "topic": ticket.topic,
    }


def unprepared_document(one: UnpreparedTopic) -> UnpreparedDocument:
    """One topic's complaints."""
    return {
        "topic": one.topic,
        "complaints": one.complaints,
        "unsure": one.unsure,
        "last": one.last,
        "prepared": one.prepared,
    }


def answerable_document(one: AnswerableComplaint) -> AnswerableDocument:
    """A complaint that leaders answer for."""
    return {
        "ref": one.ref,
        "subject": one.subject,
        "customer": one.customer,
        "topic": one.topic,
        "status": one.status,
        "owner": one.owner,
        "opened": one.opened,
        "missed": one.missed,
        "late_since": one.late_since,
        "reopened": one.reopened,
        "score": one.score,
        "seen": one.seen,
        "seen_by": one.seen_by,
    }


def _outside(ticket: Ticket) -> OutsideDocument | None:
    if ticket.tracker == BOARD:
        return None
    state = ticket.outside
    return {
        "id": ticket.outside_id,
        "word": state.word or "",
        "owner": state.owner or "",
        "resolution": state.resolution or "",
        "gone": state.gone,
        "looked_at": ticket.looked_at,
    }


def _grant(one: OfferedGrant) -> GrantDocument:
    return {"name": one.name, "mail_id": one.mail_id, "at": one.at}


def bounce_document(one: Bounce) -> BounceDocument:
    """An address to which no mail arrives."""
    return {"address": one.address, "status": one.status, "at": one.at}


def _event(one: TicketEvent) -> EventDocument:
    return {"at": one.at, "kind": one.kind, "actor": one.actor, "mail_id": one.mail_id, "detail": one.detail}


def _promise(one: WatchedPromise) -> PromiseDocument:
    return {
        "kind": one.kind,
        "number": one.number,
        "given": one.given,
        "due": one.due,
        "state": one.state,
        "kept": one.kept,
        "kept_by": one.kept_by,
    }


def _letter(one: SentLetter) -> SentLetterDocument:
    return {
        "to": one.recipient,
        "letter": one.letter,
        "state": one.state,
        "at": one.at,
        "message_id": one.message_id,
    }


def _words(one: TicketMail) -> WordsDocument:
    return {
        "id": one.id,
        "sender": one.sender,
        "received": one.received,
        "by_staff": one.by_staff,
        "text": one.text,
    }


def _link(one: LinkedTicket) -> LinkDocument:
    return {"ref": one.ref, "at": one.at, "actor": one.actor, "why": one.why}
