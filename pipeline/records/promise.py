"""Times given to customers, and how far each has been followed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.records.ticket import TicketStatus


class PromiseKind(StrEnum):
    """What a time was given for."""

    RESPOND = "respond"  # a person answers
    RESOLVE = "resolve"  # it is solved


class PromiseState(StrEnum):
    """A promise that a customer has read is watched until it is kept or broken."""

    OPEN = "open"
    KEPT = "kept"
    RENEWED = "renewed"  # the customer was told a later time before it was over
    HELD = "held"  # rests until the customer has answered us
    BROKEN = "broken"
    DROPPED = "dropped"  # its ticket was closed silently: spam, or a mistake


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """Times given to a customer."""

    respond_by: datetime | None = None
    resolve_by: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchedPromise:
    """One time that a customer was given, and how far it has been followed up."""

    mail_id: str  # the mail it was given in answer to
    kind: PromiseKind
    number: int = 0  # how often it was renewed before
    ticket: str
    given: datetime
    due: datetime
    state: PromiseState = PromiseState.OPEN
    kept: datetime | None = None  # when what was promised was done, in time or too late
    kept_by: str = ""  # who did it, as it is shown
    told: datetime | None = None  # when its owner was told that it is due soon
    warned: datetime | None = None  # when the customer was told that it will be late
    look: datetime | None = None  # when there is something to be done about it; None: to be found out


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPromise:
    """A promise that is not kept yet, and what its ticket is about, or its mail where there is no ticket."""

    promise: WatchedPromise
    first_due: datetime  # what the customer was told at first: later times do not hide it
    status: TicketStatus
    customer: str  # address
    subject: str
    topic: str
    owner: str
    mailbox: str = ""  # that the mail came to; '' where that is not known any more
