"""The conversation a mail belongs to, and what is looked up to find it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.records.ticket import TicketFacts, TicketStatus


class Role(StrEnum):
    """Who the writer of a mail is in a conversation."""

    CUSTOMER = "customer"  # whose case it is
    PARTICIPANT = "participant"  # the customer or staff wrote to them, or sent them a copy
    STAFF = "staff"
    OTHER = "other"  # somebody else who holds a letter of ours


@dataclass(frozen=True, kw_only=True, slots=True)
class Author:
    """Who wrote a mail, as far as that is known."""

    address: str = ""  # folded; '' when nobody knows who it was
    staff: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """The conversation a mail belongs to; named after its first mail."""

    ref: str
    new: bool  # this mail begins it
    acknowledged: bool = False
    written_to: frozenset[str] = frozenset()  # folded addresses that got the acknowledgement
    told_twice: frozenset[str] = frozenset()  # of these, those that were also told of a ticket that was opened later
    ticket: TicketFacts | None = None
    possibly_about: str = ""  # ref of a ticket that weak evidence points to
    customer: str = ""  # folded address of whoever began it
    language: str = ""  # of the mail that began it, '' when that can't be told
    participants: frozenset[str] = frozenset()  # folded; see Role
    role: Role = Role.CUSTOMER  # of the mail's writer

    @property
    def closed(self) -> bool:
        """Its ticket is closed permanently."""
        return self.ticket is not None and self.ticket.status is TicketStatus.CLOSED


@dataclass(frozen=True, kw_only=True, slots=True)
class ThreadKeys:
    """What in a mail may point to its thread, strongest first."""

    tokens: tuple[str, ...] = ()  # references proved by our signed tokens
    message_ids: tuple[str, ...] = ()  # In-Reply-To, References
    mentioned: tuple[str, ...] = ()  # references in the subject, proved by nothing
    own: str = ""  # its own Message-ID is one that we made: our mail came back
    reported: str = ""  # the reference of the letter of ours that it reports about, proved by its token


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownContent:
    """A mail of the ledger with the Message-ID of one that has just come."""

    mail_id: str
    sender: str  # address of From
    subject: str
    sent: datetime | None
    raw: bytes | None  # None where it is not kept any more


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookup:
    """What to look up in the ledger before a mail can be judged."""

    content_hash: str
    ref: str  # the reference it would get
    keys: ThreadKeys
    message_id: str
    about: str = ""  # the Message-ID that a report is about
    senders: tuple[str, ...] = ()  # folded addresses that may be the writer's
    domains: tuple[str, ...] = ()
