"""What is looked for among mails and what is said of tickets, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.records.ticket import TicketStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchTerm:
    """One thing that must be there, in one of several forms, all of them as search keeps words."""

    forms: tuple[str, ...]  # whole words
    beginning: str = ""  # or one that begins like this; '' none


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchSpan:
    """From when until when, and after which place in the order: the newest first."""

    since: datetime | None = None  # received then or later
    until: datetime | None = None  # received before
    before: int | None = None  # only what comes after this place in the list


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundText:
    """A mail, or what somebody noted on a ticket, as it is now."""

    place: int  # in the order of all; the newest has the highest
    mail: str  # its id, '' for a note
    ticket: str  # that it belongs to, '' for none
    subject: str
    sender: str  # an address; of a note who wrote it
    received: datetime
    mailbox: str
    topic: str
    complaint: bool | None
    language: str
    status: TicketStatus | None  # of the ticket
    owner: str  # of the ticket
    text: str
