"""Tickets: their life, what a decision needs to know of one, and what the board keeps of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

BOARD = "board"  # the name of the built-in tracker


class TicketStatus(StrEnum):
    """The life of a ticket on the board."""

    OPEN = "open"
    ACTIVE = "active"  # somebody works on it
    WAITING = "waiting"  # for the customer
    RESOLVED = "resolved"
    CLOSED = "closed"  # permanently: a reply opens a new ticket

    @property
    def is_over(self) -> bool:
        """Nobody has to do anything about it any more."""
        return self in OVER

    def after_mail(self, *, asks_news: bool) -> TicketStatus:
        """What a further mail of the customer makes of it: solved or waiting for them, it is open again.

        `asks_news`: they only want to know how it stands, and still owe us what we wait for.
        """
        reopens = self is TicketStatus.RESOLVED or (self is TicketStatus.WAITING and not asks_news)
        return TicketStatus.OPEN if reopens else self


OVER = (TicketStatus.RESOLVED, TicketStatus.CLOSED)


class Priority(StrEnum):
    """How urgent a ticket is, the least first; each tracker's adapter translates it."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class TicketAction(StrEnum):
    """What a decision does to the board."""

    NONE = "none"
    OPEN = "open"
    UPDATE = "update"  # a follow-up is noted; a resolved ticket is reopened
    NOTE = "note"  # noted without reopening: an automatic mail, a bounce


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketFacts:
    """What a decision needs to know of a ticket."""

    ref: str
    status: TicketStatus
    participants: tuple[str, ...]  # folded addresses, the customer's first
    customer: str = ""  # folded
    over_since: datetime | None = None  # resolved or closed since then
    tracker: str = BOARD
    priority: Priority = Priority.NORMAL
    respond_by: datetime | None = None  # by when a person was to answer; None: one has


# --- what the board keeps ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class OutsideState:
    """How a ticket stood in its outside tracker when we last looked; None: we don't know."""

    status: TicketStatus | None = None
    word: str | None = None  # the tracker's own for the status
    owner: str | None = None  # as the tracker names the person
    resolution: str | None = None
    comments: tuple[str, ...] = ()  # ids of those that are on our timeline
    gone: bool = False  # it was not there

    def with_news(self, newer: OutsideState) -> OutsideState:
        """The same with what is known newly; of comments and of being gone it says nothing."""
        return OutsideState(
            status=self.status if newer.status is None else newer.status,
            word=self.word if newer.word is None else newer.word,
            owner=self.owner if newer.owner is None else newer.owner,
            resolution=self.resolution if newer.resolution is None else newer.resolution,
            comments=self.comments,
            gone=self.gone,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """A ticket as the store keeps it."""

    ref: str
    thread: str
    status: TicketStatus
    customer: str  # address
    folded: str  # the same, folded
    customer_name: str
    participants: tuple[str, ...]  # folded addresses
    subject: str
    topic: str
    sentiment: str
    complaint: bool
    to_check: bool  # perhaps a complaint: a person decides
    language: str
    owner: str
    opened: datetime
    changed: datetime
    respond_by: datetime | None
    resolve_by: datetime | None
    responded: datetime | None  # when a person first did something about it
    resolved: datetime | None  # since when it is over, None while it is not
    tracker: str  # BOARD, or the name of an outside one
    url: str
    outside_id: str  # in that tracker, '' while it is not filed
    project: str  # there; '' the tracker's own
    priority: Priority
    checklist: tuple[str, ...]
    outside: OutsideState
    looked_at: datetime | None  # when we last looked there

    @property
    def may_be_complaint(self) -> bool:
        """Surely, or perhaps: then a person decides."""
        return self.complaint or self.to_check


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedTicket(Ticket):
    """A ticket of the board's list."""

    mails: tuple[str, ...]  # ids


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketEvent:
    """A line of a ticket's timeline."""

    id: int
    at: datetime
    kind: str
    actor: str
    mail_id: str
    detail: str
    public: bool  # the customer was told


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedGrant:
    """What a customer was offered, and in answer to which mail."""

    name: str
    mail_id: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounce:
    """An address to which no mail arrives."""

    address: str
    status: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedTicket:
    """Another ticket that has to do with one."""

    ref: str
    at: datetime
    actor: str  # '' when it was found by itself
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WholeTicket(ListedTicket):
    """A ticket with everything that happened to it."""

    grants: tuple[OfferedGrant, ...]
    bounces: tuple[Bounce, ...]  # of its participants
    events: tuple[TicketEvent, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnpreparedTopic:
    """Complaints of one topic that no prepared situation fits."""

    topic: str  # as the model took them, '' without one
    complaints: int
    unsure: int  # how many of these the model was unsure of
    last: datetime  # when the newest was opened
    prepared: bool  # [topics] has it


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTicket:
    """What a case is like that a person makes of a mail."""

    owner: str = ""
    topic: str = ""
    complaint: bool = False
    to_check: bool = False
    tracker: str = BOARD
    project: str = ""
    priority: Priority = Priority.NORMAL
    checklist: tuple[str, ...] = ()


# --- changes ----------------------------------------------------------------------------------------------------------


class Unchanged(Enum):
    """Stands in a change where None means something."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketChange:
    """What is different on a ticket from now on; None, and UNCHANGED, leave it as it is."""

    status: TicketStatus | None = None
    owner: str | None = None
    priority: Priority | None = None
    changed: datetime | None = None
    responded: datetime | None = None
    resolved: datetime | Unchanged | None = UNCHANGED  # None: it is not over any more
    outside: OutsideState | None = None
    topic: str | None = None
    sentiment: str | None = None
    complaint: bool | None = None
    to_check: bool | None = None
    # What following up notes:
    moved: datetime | Unchanged | None = UNCHANGED  # None: the customer has heard of it
    asked: str | None = None  # '': they have their answer
    answered: datetime | None = None
    told_status: TicketStatus | None = None
    warned: datetime | None = None

    @property
    def anything(self) -> bool:
        """Is there a difference at all?"""
        return self != TicketChange()
