"""A ticket that is followed up, and what it needs now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pipeline.records.effect import Effect
from pipeline.records.promise import WatchedPromise
from pipeline.records.ticket import TicketChange, TicketStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowedTicket:
    """A ticket, as following it up needs it."""

    ref: str
    status: TicketStatus
    customer: str  # address
    name: str
    subject: str
    topic: str  # '' where nothing may be said to be understood
    situation: str  # the topic by whose prepared situation staff work
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
    in_hand: bool = False  # a person has done something about it
    notices: int = 0  # mails about it so far
    promises: tuple[WatchedPromise, ...] = ()  # open and held ones
    answering: bool = False  # what a person has written to the customer is on its way
    unproven: bool = False  # nobody knows whose the address is: letters to it repeat neither name nor subject


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """What a ticket needs now: recorded in one transaction, or not at all."""

    of: FollowedTicket
    promises: tuple[WatchedPromise, ...] = ()  # as they are now: changed and new ones
    effects: tuple[Effect, ...] = ()
    events: tuple[tuple[str, str], ...] = ()  # lines of the timeline: kind, detail
    change: TicketChange = field(default_factory=TicketChange)  # of the ticket
