"""Times given to customers, and the tickets they are watched for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pipeline.records.effect import Effect
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """Times given to a customer."""

    respond_by: datetime | None = None
    resolve_by: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """One time that a customer was given, and how far it has been followed up."""

    mail_id: str  # the mail it was given in answer to
    kind: PromiseKind
    number: int = 0  # how often it was renewed before
    ticket: str
    given: datetime
    due: datetime
    state: PromiseState = PromiseState.OPEN
    told: datetime | None = None  # when its owner was told that it is due soon
    warned: datetime | None = None  # when the customer was told that it will be late, and no new time could be named
    look: datetime | None = None  # when there is something to be done about it; None: to be found out


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """A ticket, as following it up needs it."""

    ref: str
    status: TicketStatus
    customer: str  # address
    name: str
    subject: str
    topic: str
    owner: str
    language: str
    mailbox: str
    message_id: str  # of the mail that its letters answer
    changed: datetime
    a_person_decides: bool  # a complaint, or perhaps one: never closed by itself
    writable: bool  # the customer has an acknowledgement, and mail arrives there
    last_mail: str = ""  # the customer's newest
    told_status: str = ""  # what the customer was last told
    moved: datetime | None = None  # since when something has changed that the customer does not know
    comment: str = ""  # what was said to the customer since then …
    said: tuple[int, ...] = ()  # … and the lines of the timeline where it stands
    asked: bool = False  # the customer wants to know how it stands
    answered: datetime | None = None  # when that was last told
    warned: datetime | None = None  # when it was said that it will be closed
    notices: int = 0  # mails about it so far
    promises: tuple[Given, ...] = ()  # open and held ones


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """What a ticket needs now: recorded in one transaction, or not at all."""

    of: Followed
    promises: tuple[Given, ...] = ()  # as they are now: changed and new ones
    effects: tuple[Effect, ...] = ()
    events: tuple[tuple[str, str], ...] = ()  # lines of the timeline: kind, detail
    ticket: Mapping[str, Any] = field(default_factory=dict)  # columns that change
