"""Tickets: their life, and what a decision needs to know of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

BOARD = "board"  # the name of the built-in tracker


class TicketStatus(StrEnum):
    """The life of a ticket on the board."""

    OPEN = "open"
    ACTIVE = "active"  # somebody works on it
    WAITING = "waiting"  # for the customer
    RESOLVED = "resolved"
    CLOSED = "closed"  # for good: a reply opens a new ticket

    def after_mail(self, *, asks_news: bool) -> TicketStatus:
        """What a further mail of the customer makes of it: solved or waiting for them, it is open again.

        `asks_news`: they only want to know how it stands, and still owe us what we wait for.
        """
        reopens = self is TicketStatus.RESOLVED or (self is TicketStatus.WAITING and not asks_news)
        return TicketStatus.OPEN if reopens else self


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
